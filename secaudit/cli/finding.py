"""``secaudit finding``: failures followed until they are closed, and what people do about them."""

import click

from secaudit.cli.finding_answers import import_answers
from secaudit.cli.finding_claim import claim
from secaudit.cli.finding_export import export
from secaudit.cli.finding_import import import_list
from secaudit.cli.finding_list import list_findings
from secaudit.cli.finding_notice import notice
from secaudit.cli.finding_plan import plan
from secaudit.cli.finding_recheck import recheck
from secaudit.cli.finding_retest import retest
from secaudit.cli.finding_review import review
from secaudit.cli.finding_show import show
from secaudit.cli.groups import Group
from secaudit.language import _


@click.group(
    cls=Group,
    help=_(
        "Follow failures until they are closed. Only a later pass of the same check on the same asset closes one, "
        "or, where no check can decide, a reviewer with evidence."
    ),
)
def finding() -> None:
    """The group; its commands are in modules of their own."""


for each in (
    *(list_findings, show, import_list, plan, claim, retest, review),
    *(notice, export, import_answers, recheck),
):
    finding.add_command(each)
