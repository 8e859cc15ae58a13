"""``secaudit accept revoke``: an acceptance that covers nothing any more."""

from pathlib import Path

import click

from secaudit import clock
from secaudit.cli.escaping import printable
from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.option_values import option_value
from secaudit.cli.recorded import recorded
from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.model.acceptance import Revocation
from secaudit.register import load_register
from secaudit.register.acceptances import load_acceptances
from secaudit.register.accepting import revoke_acceptance
from secaudit.register.times import in_zone
from secaudit.register.values import named_line, said_text


@click.command(help=_("Revoke an acceptance, from now on."))
@click.argument("name", metavar=_("ID"))
@click.option("--person", required=True, help=_("Who revokes it."))
@click.option("--reason", required=True, help=_("Why."))
@click.pass_obj
@recorded
def revoke(workspace: Path, name: str, person: str, reason: str) -> int:
    """The command."""
    load_register(workspace)  # days are those of its time zone
    record, now = load_acceptances(workspace), clock.now()
    found = next((one for one in record.acceptances if one.id == name), None)
    if found is None:
        told = _("There is no acceptance {id}.")
        raise UsageError(told.format(id=name), hint=_("See them with: secaudit accept list"))
    if record.revocation(name):
        raise UsageError(_("Acceptance {id} is revoked already.").format(id=name))
    revocation = Revocation(
        of=name,
        person=option_value(named_line, person, "--person"),
        day=in_zone(now).date(),
        reason=option_value(said_text, reason, "--reason"),
    )
    place = revoke_acceptance(workspace, found.system, revocation, now)
    click.echo(printable(_("Acceptance {id} is revoked; it is kept in {file}.").format(id=name, file=place)))
    return ExitCode.CLEAN
