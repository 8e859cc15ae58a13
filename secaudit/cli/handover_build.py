"""``secaudit handover build``: one sealed package for an agency."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import click

from secaudit import clock
from secaudit.cli.escaping import printable
from secaudit.cli.handover_recipient import encrypt_for
from secaudit.cli.recorded import bring_up_to_date, ledger_of, recorded
from secaudit.cli.report import writers_of
from secaudit.cli.sealing import agency_of, signer_of
from secaudit.cli.viewed import Sources, Wanted, sources_of
from secaudit.cli.wiring import Workspace, newest_run_of, open_workspace, tell_newer
from secaudit.cli.writing_options import folder_option, lang_option
from secaudit.content import Content
from secaudit.errors import SecauditError, UsageError
from secaudit.handover.building import Built, Order, build, write_pseudonyms
from secaudit.handover.chain import written
from secaudit.handover.duties import duties, is_for, next_sequence
from secaudit.handover.names import names_of, people_in
from secaudit.handover.package import stem_of
from secaudit.handover.pseudonyms import Pseudonyms, masker, read_key
from secaudit.handover.redaction import View, share
from secaudit.handover.signer import Signer
from secaudit.language import _
from secaudit.model.agency import Agency, Hidden
from secaudit.model.delivery import Delivery, Event
from secaudit.model.register import System
from secaudit.model.text import Language
from secaudit.register.deliveries import keep_delivery, load_deliveries
from secaudit.register.folder import alone_in, make_private_folder
from secaudit.register.notes import unnamed_office
from secaudit.register.numbering import next_number
from secaudit.register.registered import unregistered
from secaudit.register.times import in_zone, office_day
from secaudit.store import Store, StoredRun


@click.command("build", help=_("Build one sealed package for an agency."))
@click.option("--agency", "agency_id", required=True, metavar=_("AGENCY"), help=_("For which agency."))
@click.option(
    "--system", "systems", multiple=True, metavar=_("SYSTEM"), help=_("About which system (repeatable).")
)
@click.option("--all-due", is_flag=True, help=_("About every system of which the agency is due a package."))
@click.option("--number", help=_("Number of the document (default: the next one of handover.number)."))
@click.option("--person", required=True, help=_("Who builds it."))
@click.option("--recipient", type=click.Path(path_type=Path), help=_("Encrypt to this certificate, too."))
@click.option(
    "--print", "printed", is_flag=True, help=_("Write the letter and a disc label beside it, to be printed.")
)
@folder_option
@lang_option
@click.pass_obj
@recorded
def build_packages(
    workspace: Path,
    agency_id: str,
    systems: tuple[str, ...],
    all_due: bool,
    number: str | None,
    person: str,
    recipient: Path | None,
    printed: bool,
    out: Path | None,
    lang: Language,
) -> None:
    """The command."""
    opened = open_workspace(workspace)
    agency, signer = agency_of(workspace, agency_id), signer_of(opened)
    chosen = _chosen(opened, agency, systems, all_due)
    asked = Asked(person, out or workspace / "reports", number, recipient, printed, lang)
    for path in build_package(opened, agency, signer, chosen, asked):
        click.echo(printable(str(path)))


@dataclass(frozen=True, slots=True)
class Asked:
    """How a package is built: by whom, into which folder; the number is the next one where none is given."""

    person: str
    folder: Path
    number: str | None = None
    recipient: Path | None = None
    printed: bool = False
    language: Language | None = None


def build_package(
    opened: Workspace, agency: Agency, signer: Signer, systems: Sequence[System], asked: Asked
) -> list[Path]:
    """Build one package about these systems and put it on record; the files that were written. Raises UsageError."""
    workspace, now = opened.folder, clock.now()
    make_private_folder(asked.folder)
    pseudonyms = Pseudonyms(read_key(workspace))
    views = _views(opened, agency, systems, pseudonyms) if agency.sections else {}
    bring_up_to_date(workspace, now)
    with alone_in(workspace):
        events = load_deliveries(workspace)
        order = Order(
            agency=agency,
            office=opened.settings.office,
            number=_number(opened, asked.number, events, now),
            sequence=next_sequence(events, agency.id),
            ledger=written(ledger_of(workspace).check().head),
            systems=tuple(systems),
            views=views,
            formats=writers_of(agency.formats, workspace) if views else {},
            language=asked.language or opened.settings.language,
        )
        target = asked.folder / f"{stem_of(order.number, agency.id)}.zip"
        made = build(order, signer, target, now, printed=asked.printed)
        _keep(workspace, order, made, asked.person, now)
    if pseudonyms.told:
        write_pseudonyms(pseudonyms, workspace / "keys" / f"{target.stem}.json")
    if note := unnamed_office(opened.settings.office):
        click.echo(_("note: {warning}").format(warning=printable(note)), err=True)
    paths = [target, *made.printed, *encrypt_for(workspace, agency, asked.recipient, target)]
    told = _("Package {number} for {agency}: {count} files, signed by {holder}.")
    click.echo(
        told.format(
            number=order.number,
            agency=agency.name.of(order.language),
            count=len(made.manifest.files),
            holder=signer.certificate.holder,
        ),
        err=True,
    )
    return paths


def _chosen(opened: Workspace, agency: Agency, names: Sequence[str], all_due: bool) -> list[System]:
    """Raises UsageError where no system is meant, or one that the agency is not told of."""
    known = {system.id: system for system in opened.register.systems}
    if all_due:
        events, day = load_deliveries(opened.folder), office_day()
        due = duties({agency.id: agency}, opened.register.systems, events, day)
        names = [*names, *(duty.system for duty in due if duty.system not in names)]
        if not names:
            raise UsageError(
                _("{agency} is due no package today.").format(agency=agency.id),
                hint=_("See what is due: secaudit handover list"),
            )
    if not names:
        raise UsageError(_("Name the systems (--system), or ask for all that are due (--all-due)."))
    for name in names:
        if name not in known:
            raise unregistered(name)
        if not is_for(agency, known[name]):
            told = _(
                "{agency} is not told of {system}: its file names it not, or its level is below {level}."
            )
            raise UsageError(
                told.format(agency=agency.id, system=name, level=agency.min_level),
                hint=_("Add it to agencies: in systems/{system}.yaml if it is to be told.").format(
                    system=name
                ),
            )
    return [known[name] for name in dict.fromkeys(names)]


def _views(
    opened: Workspace, agency: Agency, systems: Sequence[System], pseudonyms: Pseudonyms
) -> dict[str, View]:
    """System id → its view as the agency sees it, of its newest run."""
    sources = sources_of(opened)
    _refuse_unknown(agency, sources.content)
    with opened.open_scanned() as store:
        return {
            system.id: _view(sources, store, newest_run_of(store, system.id), system, agency, pseudonyms)
            for system in systems
        }


def _view(
    sources: Sources, store: Store, run: StoredRun, system: System, agency: Agency, pseudonyms: Pseudonyms
) -> View:
    tell_newer(store, run, system.id)
    wanted = Wanted(system.id, run.id)
    accounts = sources.accounts(store, wanted) if Hidden.ACCOUNTS in agency.hidden else set()
    view, names = sources.view(store, wanted), names_of(system, accounts)
    names[Hidden.PEOPLE] |= people_in(view)
    return share(view, agency, masker(pseudonyms, agency.hidden, names))


def _refuse_unknown(agency: Agency, content: Content) -> None:
    """Raise UsageError where an agency is told of requirements that no standard has: it would get less than meant."""
    keys = [
        item.key
        for catalogue in content.catalogues.values()
        for items in (catalogue.requirements, *catalogue.extensions.values())
        for item in items
    ]
    for part in agency.requirements:
        if not any(f"{key}.".startswith(f"{part}.") for key in keys):
            raise UsageError(
                _("{agency} is told of {part}: no requirement has such a key.").format(
                    agency=agency.id, part=part
                ),
                hint=_("See the keys: secaudit requirements list"),
            )


def _number(opened: Workspace, asked: str | None, events: Sequence[Delivery], now: datetime) -> str:
    """Raises UsageError where a package has that number."""
    pattern = opened.settings.sealing.number if opened.settings.sealing else ""
    number = asked or next_number(pattern, {one.number for one in events}, in_zone(now).date())
    if any(event.number == number for event in events):
        raise UsageError(_("There is a package {number} already.").format(number=number))
    return number


def _keep(workspace: Path, order: Order, made: Built, person: str, now: datetime) -> None:
    built = Delivery(
        number=order.number,
        agency=order.agency.id,
        event=Event.BUILT,
        day=in_zone(now).date(),
        person=person,
        sequence=order.sequence,
        systems=tuple(system.id for system in order.systems),
        manifest_sha256=made.manifest_sha256,
        runs=tuple(dict.fromkeys(view["document"]["run"]["id"] for view in order.views.values())),
    )
    try:
        keep_delivery(workspace, built, {}, now)
    except SecauditError:
        made.file.unlink(missing_ok=True)  # a package that is not on record was never built
        raise
