"""``secaudit accept add``: a failure that is accepted, or whose rectification is deferred."""

from collections.abc import Sequence
from datetime import date, timedelta
from difflib import get_close_matches
from pathlib import Path

import click

from secaudit import clock
from secaudit.cli.attest_set import owner_of
from secaudit.cli.attest_system import owed_by
from secaudit.cli.content_source import content_of
from secaudit.cli.escaping import printable
from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.option_values import option_value
from secaudit.cli.recorded import recorded
from secaudit.cli.wiring import open_workspace
from secaudit.content import Content
from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.model.acceptance import Acceptance, AcceptanceKind
from secaudit.model.register import System
from secaudit.register.acceptances import same_person
from secaudit.register.accepting import add_acceptance
from secaudit.register.acts import read_evidence
from secaudit.register.attestations import last_day
from secaudit.register.times import in_zone
from secaudit.register.values import named_line, said_text


@click.command(help=_("Accept failures of a check or a step of SYSTEM, or defer their rectification."))
@click.argument("system", metavar=_("SYSTEM"))
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in AcceptanceKind]),
    required=True,
    help=_("risk: the risk is accepted; deferral: it is put right by the deadline."),
)
@click.option("--check", default="", metavar=_("CHECK"), help=_("Failures of this check."))
@click.option(
    "--step", default="", metavar=_("STEP"), help=_("Failures of every check that moves this step.")
)
@click.option(
    "--asset",
    "assets",
    multiple=True,
    help=_("Only on this asset (repeatable; default: all, also new ones)."),
)
@click.option(
    "--offender", "offenders", multiple=True, help=_("Only of this that the check found (repeatable).")
)
@click.option("--reason", required=True, help=_("Why it cannot be put right now."))
@click.option("--measure", required=True, help=_("What is done instead meanwhile."))
@click.option("--requester", required=True, help=_("Who asks for it."))
@click.option("--approver", required=True, help=_("Who approves it: somebody else."))
@click.option("--document", required=True, help=_("Number of the document that approves it."))
@click.option(
    "--file",
    "files",
    multiple=True,
    type=click.Path(path_type=Path),
    help=_("The document itself or what belongs to it, copied into the workspace (repeatable)."),
)
@click.option("--from", "start", metavar=_("DATE"), help=_("The first day (default: today)."))
@click.option("--until", metavar=_("DATE"), help=_("The last day (for a deferral by default its deadline)."))
@click.option("--deadline", metavar=_("DATE"), help=_("For a deferral: the day by which it is put right."))
@click.pass_obj
@recorded
def add(
    workspace: Path,
    system: str,
    kind: str,
    check: str,
    step: str,
    assets: tuple[str, ...],
    offenders: tuple[str, ...],
    reason: str,
    measure: str,
    requester: str,
    approver: str,
    document: str,
    files: tuple[Path, ...],
    start: str | None,
    until: str | None,
    deadline: str | None,
) -> int:
    """The command."""
    opened, now = open_workspace(workspace), clock.now()
    found, _organisation = owner_of(opened.register, system, by_organisation=False)
    assert found is not None, "owner_of finds a system or raises"
    _refuse_subject(content_of(workspace), found, check, step, assets)
    today = in_zone(now).date()
    due = option_value(last_day, deadline, "--deadline") if deadline else None
    evidence = [read_evidence(file) for file in files]
    wanted = Acceptance(
        id="",
        system=found.id,
        kind=AcceptanceKind(kind),
        reason=option_value(said_text, reason, "--reason"),
        measure=option_value(said_text, measure, "--measure"),
        requester=option_value(named_line, requester, "--requester"),
        approver=option_value(named_line, approver, "--approver"),
        document=option_value(named_line, document, "--document"),
        start=option_value(last_day, start, "--from") if start else today,
        until=_last_of(until, due),
        check=check,
        step=step,
        assets=tuple(dict.fromkeys(assets)),
        offenders=tuple(dict.fromkeys(offenders)),
        deadline=due,
        files=tuple(file for file, _content in evidence),
    )
    _refuse_wrong(wanted, today, opened.settings.acceptance_days)
    kept = add_acceptance(workspace, wanted, {file.sha256: content for file, content in evidence}, now)
    told = _(
        "{id} is on record: {what} of {system}, until {day}. Results keep showing the failure as failed."
    )
    click.echo(
        printable(
            told.format(id=kept.id, what=kept.check or kept.step, system=kept.system, day=kept.last_day)
        )
    )
    return ExitCode.CLEAN


def _last_of(until: str | None, deadline: date | None) -> date:
    if until:
        return option_value(last_day, until, "--until")
    if deadline is None:
        raise UsageError(_("--until is required: an acceptance ends."))
    return deadline


def _refuse_subject(content: Content, system: System, check: str, step: str, assets: Sequence[str]) -> None:
    """Raise UsageError for a check, step or asset that there is not, or that has nothing to do with the other."""
    if bool(check) == bool(step):
        raise UsageError(_("Either --check or --step is required."))
    known = {asset.id: asset.kind for asset in system.assets}
    for name in assets:
        if name not in known:
            told = _("{asset} is no asset of {system}: one of {choices} expected.")
            raise UsageError(told.format(asset=name, system=system.id, choices=", ".join(known)))
    if step:
        owed_by(content, system).refuse_unasked(step, "")
        return
    if check not in content.checks:
        near = ", ".join(get_close_matches(check, content.checks, n=3))
        hint = _("Did you mean: {names}").format(names=near) if near else None
        raise UsageError(_("There is no check {name}.").format(name=check), hint=hint)
    kind = content.checks[check].applies_to
    if not any(known[name] == kind for name in assets or known):
        told = _("{check} looks at assets of kind {kind}, and none is named.")
        raise UsageError(told.format(check=check, kind=kind))


def _refuse_wrong(wanted: Acceptance, today: date, longest_days: int) -> None:
    """Raise UsageError for what contradicts itself or would cover nothing."""
    if same_person(wanted.requester, wanted.approver):
        raise UsageError(_("--approver is to be somebody else than --requester."))
    if wanted.offenders and not wanted.check:
        raise UsageError(_("--offender goes with --check."))
    if (wanted.kind is AcceptanceKind.DEFERRAL) != (wanted.deadline is not None):
        raise UsageError(_("--deadline is required for a deferral, and goes with no other kind."))
    if wanted.last_day < max(today, wanted.start):
        raise UsageError(
            _("It would have ended before it counts: a last day from today and from --from on expected.")
        )
    if wanted.deadline and wanted.deadline > wanted.until:
        raise UsageError(_("--deadline is to be on or before --until."))
    latest = wanted.start + timedelta(days=longest_days)
    if wanted.until > latest:
        told = _(
            "An acceptance holds at most {days} days (acceptance_days in secaudit.yaml): until {day} at the latest."
        )
        raise UsageError(told.format(days=longest_days, day=latest))
