"""``secaudit import``: what collectors found on machines that no network reaches, judged and kept."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

import click

from secaudit import clock
from secaudit.audit import Rules
from secaudit.audit.importing import Received, Terms, receive, store_received
from secaudit.cli.accepted import accepted_on_record
from secaudit.cli.escaping import printable
from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.progress import progress
from secaudit.cli.recorded import recorded
from secaudit.cli.results import collected
from secaudit.cli.scan import finish
from secaudit.cli.typed import typed_for
from secaudit.cli.wiring import Workspace, load_rules, open_workspace
from secaudit.collect.bundle_signature import signer_of
from secaudit.collect.outside import OUTSIDE_ID
from secaudit.errors import BundleError, NotAuthorised, SecauditError, StoreError, UsageError
from secaudit.language import _
from secaudit.model.evidence import GapReason
from secaudit.model.register import Asset, Authorisation
from secaudit.register import authorisation_for
from secaudit.register.loading import with_permissions_of_now
from secaudit.register.times import beginning, in_zone, shown
from secaudit.store import Store


@click.command(
    "import",
    epilog=_("Exit code 1: a check failed; 3: something could not be judged; 4: nothing was reached."),
    help=_("Take in bundles that collectors made: judge them, store evidence and results."),
)
@click.argument("bundles", nargs=-1, required=True, metavar=_("BUNDLE…"), type=click.Path(path_type=Path))
@click.option("--asset", default="", help=_("The asset that the bundle is of, whatever the bundle says."))
@click.option(
    "--collected-at", metavar=_("TIME"), help=_("When it was collected, where the machine's clock is wrong.")
)
@click.option(
    "--signer",
    type=click.Path(path_type=Path),
    help=_("Public key that must have signed: what another one signed, or none, is refused."),
)
@click.pass_obj
@recorded
def import_bundles(
    workspace: Path,
    bundles: tuple[Path, ...],
    asset: str,
    collected_at: str | None,
    signer: Path | None,
) -> int:
    """The command."""
    _refuse_misuse(bundles, asset, collected_at)
    opened = open_workspace(workspace)
    rules = load_rules(workspace)
    terms = Terms(
        authorise=partial(_authorised, opened),
        now=clock.now(),
        asset=asset,
        collected_at=_moment(collected_at) if collected_at else None,
        signer=signer_of(signer) if signer else None,
    )
    with opened.open_store() as store:
        received = _received(bundles, opened, rules, store, terms)
        code = _kept(opened, rules, store, received, terms.now) if received else ExitCode.CLEAN
    return ExitCode.USAGE if len(received) < len(bundles) else code


def _refuse_misuse(bundles: Sequence[Path], asset: str, collected_at: str | None) -> None:
    if len(bundles) > 1 and (asset or collected_at):
        raise UsageError(
            _("--asset and --collected-at are about one bundle."), hint=_("Import the bundles one by one.")
        )


def _received(
    bundles: Sequence[Path], opened: Workspace, rules: Rules, store: Store, terms: Terms
) -> list[Received]:
    """What could be read; the others are complained of, one by one, and stop nothing."""
    received: dict[str, Received] = {}
    for path in bundles:
        try:
            one = receive(path, opened.register, rules, store, terms)
            if one.plan.asset_id in received:
                raise BundleError(
                    _("another bundle of asset {id} was named before it").format(id=one.plan.asset_id),
                    hint=_("Import them one after the other."),
                )
        except StoreError:
            raise
        except SecauditError as error:
            _complain(opened.folder, path, error)
            continue
        received[one.plan.asset_id] = one
        _tell(path, one)
    return list(received.values())


def _complain(folder: Path, path: Path, error: SecauditError) -> None:
    told = _("{file} was not imported: {why}").format(file=path, why=str(error).rstrip("."))
    click.echo(f"secaudit: {printable(told, lines=True)}", err=True)
    if error.hint:
        click.echo(f"  → {printable(typed_for(folder, error.hint))}", err=True)


def _tell(path: Path, one: Received) -> None:
    told = collected(one.plan.asset_id, one.visit.started_at, one.visit.channel)
    click.echo(printable(f"{path}: {told}"), err=True)
    for warning in _warnings(one):
        click.echo(f"  ! {warning}", err=True)


def _warnings(one: Received) -> Iterator[str]:
    if one.visit.channel["digests"] == "none":
        yield _("unverified: that machine had no program for SHA-256, nobody can tell what was changed")
    asked = [seen for seen in one.visit.observations if seen.probe_id != OUTSIDE_ID]
    reasons = Counter(seen.gap.reason for seen in asked if seen.gap is not None)
    if count := reasons[GapReason.TAMPERED]:
        yield _("{count} answers were changed after they were collected: unknown").format(count=count)
    if count := reasons[GapReason.NOT_COLLECTED]:
        told = _("{count} of {all} questions were not asked as today: unknown; make a new collector")
        yield told.format(count=count, all=len(asked))


def _kept(opened: Workspace, rules: Rules, store: Store, received: list[Received], now: datetime) -> int:
    accepted = accepted_on_record(opened, rules.content)
    run_id, judged = store_received(store, received, opened.register, rules, now)
    with progress(len(received)) as teller:
        for visit, results in judged:
            teller(visit, results)
    return finish(opened, store, rules, run_id, accepted)


def _authorised(opened: Workspace, system_id: str, asset: Asset, at: datetime) -> Authorisation:
    """Who allowed it then; raises NotAuthorised with the command that puts it on record."""
    current = with_permissions_of_now(opened.register, opened.folder)
    try:
        return authorisation_for(current, system_id, asset, at)
    except NotAuthorised as error:
        told = _("system {id} was not authorised when it was collected ({at}): {why}")
        hint = _(
            "secaudit authorise add --system {id} --from {day} --until DATE --approver NAME --document NUMBER; "
            "if the clock of that machine was wrong: --collected-at TIME"
        )
        raise NotAuthorised(
            told.format(id=system_id, at=shown(at), why=error),
            hint=hint.format(id=system_id, day=in_zone(at).date().isoformat()),
        ) from error


def _moment(text: str) -> datetime:
    try:
        return beginning(text)
    except ValueError as error:
        raise UsageError(f"--collected-at: {error}.") from error
