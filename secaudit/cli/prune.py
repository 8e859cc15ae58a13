"""``secaudit prune``: take away what has been kept long enough, and say what stays and why."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from secaudit import clock
from secaudit.audit.owner import is_alive
from secaudit.cli.escaping import printable
from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.prune_watch import watch_runs, with_watch
from secaudit.cli.recorded import bring_up_to_date, ledger_of, recorded
from secaudit.cli.show import Column, format_option, show_rows
from secaudit.cli.wiring import Workspace, open_workspace, state_now
from secaudit.language import _
from secaudit.model.retention import Kind
from secaudit.model.run import RunState
from secaudit.register.deliveries import load_deliveries
from secaudit.store import is_absent
from secaudit.upkeep.alone import alone
from secaudit.upkeep.deciding import Known, decide
from secaudit.upkeep.pruning import Pruned, prune, refuse_wrong_clock
from secaudit.upkeep.retention import Fate, Reason, are_due, limits_of

MIB = 1_048_576
LEAST_AGE = timedelta(days=180)
_DAYS = {"d": 1, "w": 7, "m": 31, "y": 366}


def _age(_context: click.Context, _parameter: click.Parameter, value: str | None) -> timedelta | None:
    if value is None:
        return None
    found = re.fullmatch(r"([0-9]{1,4})([dwmy])", value)
    if found is None or int(found[1]) == 0:
        raise click.BadParameter(_("an age like 200d, 27w, 18m or 3y expected"))
    age = timedelta(days=int(found[1]) * _DAYS[found[2]])
    if age < LEAST_AGE:
        raise click.BadParameter(
            _(
                "180d or more expected: runs, reports and logs are records of what was done where, and the "
                "Cybersecurity Law and GB/T 22239-2019 want such kept for six months at least"
            )
        )
    return age


@click.command(
    "prune", help=_("Take away what has been kept long enough; nothing goes that something rests on.")
)
@click.option("--dry-run", is_flag=True, help=_("Only show what would go and what stays, and why."))
@click.option(
    "--older-than",
    metavar=_("AGE"),
    callback=_age,
    help=_(
        "Another age than that of retention: in secaudit.yaml, like 200d, 18m, 3y; nothing goes before six months."
    ),
)
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice([kind.value for kind in Kind]),
    help=_("Only of this kind (repeatable)."),
)
@format_option
@click.pass_obj
def prune_workspace(
    workspace: Path, dry_run: bool, older_than: timedelta | None, kinds: tuple[str, ...], output_format: str
) -> int:
    """The command."""
    only = frozenset(map(Kind, kinds)) or frozenset(Kind)
    if dry_run:
        opened = open_workspace(workspace)
        found, _writing = _look(opened, older_than, only, clock.now())
        limits = limits_of(opened.settings.retention, clock.now(), older_than)
        _show([*found, *watch_runs(opened, limits, only).told], output_format)
        return ExitCode.CLEAN
    return _act(workspace, older_than, only, output_format)


@recorded
def _act(workspace: Path, older_than: timedelta | None, kinds: frozenset[Kind], output_format: str) -> int:
    opened = open_workspace(workspace)
    with alone(workspace):
        bring_up_to_date(workspace, clock.now())  # what goes is on record before it does
        found, writing = _look(opened, older_than, kinds, clock.now())
        watched = watch_runs(opened, limits_of(opened.settings.retention, clock.now(), older_than), kinds)
        done = prune_of(opened, found, clock.now(), writing=writing)
        done = with_watch(done, opened, watched)
    _show([*found, *watched.told], output_format)
    _tell(done)
    return ExitCode.CLEAN


def pruned_by_settings(workspace: Path, now: datetime) -> Pruned:
    """What ``retention:`` says, done without a word: a step of a night. Runs go once a week. Raises SecauditError."""
    opened = open_workspace(workspace)
    with alone(workspace):
        bring_up_to_date(workspace, now)
        found, writing = _look(opened, None, frozenset(Kind), now)
        limits = limits_of(opened.settings.retention, now)
        if not are_due(found, limits):
            found = [fate for fate in found if fate.item.kind is not Kind.RUNS]
        watched = watch_runs(opened, limits, frozenset(Kind))
        done = prune_of(opened, found, now, writing=writing)
        return with_watch(done, opened, watched) if are_due(watched.fates, limits) else done


def prune_of(opened: Workspace, found: Sequence[Fate], now: datetime, *, writing: bool) -> Pruned:
    """Do what was decided."""
    ledger = ledger_of(opened.folder)
    if is_absent(opened.settings.database):
        return prune(opened.folder, None, found, ledger, now)
    with opened.open_store() as store:
        return prune(opened.folder, store, found, ledger, now, writing=writing)


def _look(
    opened: Workspace, older_than: timedelta | None, kinds: frozenset[Kind], now: datetime
) -> tuple[list[Fate], bool]:
    """What becomes of what there is, and whether a scan goes on."""
    limits = limits_of(opened.settings.retention, now, older_than)
    known = Known(opened.folder, opened.register.systems, load_deliveries(opened.folder), is_alive)
    if is_absent(opened.settings.database):
        found, writing = decide(known, None, limits), False
    else:
        with opened.open_store() as store:
            runs = store.runs()
            refuse_wrong_clock(runs, now, asked=older_than is not None)
            found = decide(known, store, limits)
            writing = any(state_now(run) is RunState.RUNNING for run in runs)
    return [fate for fate in found if fate.item.kind in kinds], writing


def _show(found: Sequence[Fate], output_format: str) -> None:
    """Young things are counted and not listed."""
    old = [fate for fate in found if fate.hold.reason is not Reason.YOUNG]
    show_rows(_columns(), [_row(fate) for fate in old], output_format)
    counts = Counter(fate.goes for fate in old)
    told = _("{goes} are old enough to go, {stays} stay though they are old, {young} are not old enough.")
    click.echo(
        told.format(goes=counts[True], stays=counts[False], young=len(found) - len(old)),
        err=True,
    )


def _tell(done: Pruned) -> None:
    told = _("Pruned: {runs} runs, {files} files of {file_mib} MiB; the database is {mib} MiB smaller.")
    text = told.format(
        runs=done.runs,
        files=done.files,
        file_mib=_mib(done.file_bytes),
        mib=_mib(done.given_back_bytes),
    )
    click.echo(text, err=True)
    if done.kept is not None:
        click.echo(printable(str(done.kept)), err=True)
        click.echo(f"  → {printable(done.kept.hint or '')}", err=True)


def _mib(size_bytes: int) -> str:
    return f"{size_bytes / MIB:.1f}"


def reason_words() -> dict[str, str]:
    """Why something goes or stays."""
    return {
        Reason.OVER.value: _("its time is over"),
        Reason.RUNNING.value: _("goes on still, on {by}"),
        Reason.NEWEST.value: _("the state of system {by} rests on it"),
        Reason.NEWEST_VISIT.value: _("the newest visit of {by}"),
        Reason.FINDING.value: _("the open finding {by} rests on it"),
        Reason.PACKAGE.value: _("package {by} rests on it"),
        Reason.ACT.value: _("named by {by}"),
        Reason.REPORT_OF_KEPT.value: _("the report of run {by}, which stays"),
    }


def kind_words() -> dict[str, str]:
    """The kinds of what is kept."""
    return {
        Kind.RUNS.value: _("run"),
        Kind.REPORTS.value: _("report"),
        Kind.EVIDENCE.value: _("evidence file"),
        Kind.NOTICES.value: _("notice"),
        Kind.LOGS.value: _("log"),
    }


def _columns() -> tuple[Column, ...]:
    return (
        Column("fate", _("fate"), words={"goes": _("goes"), "stays": _("stays")}),
        Column("kind", _("kind"), words=kind_words()),
        Column("id", _("what"), fold=True),
        Column("moment", _("time")),
        Column("bytes", _("bytes"), right=True),
        Column("why", _("why"), fold=True),
    )


def _row(fate: Fate) -> dict[str, Any]:
    item, hold = fate.item, fate.hold
    return {
        "fate": "goes" if fate.goes else "stays",
        "kind": item.kind.value,
        "id": item.id,
        "moment": item.moment,
        "bytes": item.size_bytes,
        "why": reason_words()[hold.reason.value].format(by=hold.by),
    }
