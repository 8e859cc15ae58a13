"""``secaudit attest``: what people answer to the steps that no machine decides."""

import click

from secaudit.cli.attest_export import export
from secaudit.cli.attest_import import import_answers
from secaudit.cli.attest_list import list_attestations
from secaudit.cli.attest_set import set_answer
from secaudit.cli.groups import Group
from secaudit.language import _


@click.group(cls=Group, help=_("Answer the steps that a machine cannot decide, and see what was answered."))
def attest() -> None:
    """The group; its commands are in modules of their own."""


attest.add_command(list_attestations)
attest.add_command(set_answer)
attest.add_command(export)
attest.add_command(import_answers)
