"""``secaudit risk``: high-risk conditions and major hazards, and what people decide on them."""

import click

from secaudit.cli.groups import Group
from secaudit.cli.risk_confirm import confirm, rectify
from secaudit.cli.risk_downgrade import downgrade, exclude
from secaudit.cli.risk_list import list_risks
from secaudit.cli.risk_revoke import revoke
from secaudit.language import _


@click.group(
    cls=Group,
    help=_(
        "See the high-risk conditions and major hazards that failed steps propose, and decide on each.\n\n"
        "Every act is kept as a file of its own in risks/. It holds for what was found when it was made: "
        "where more is found later, the risk is undecided again."
    ),
)
def risk() -> None:
    """The group; its commands are in modules of their own."""


for command in (list_risks, confirm, downgrade, exclude, rectify, revoke):
    risk.add_command(command)
