"""Which two runs ``diff`` compares: named ones, the newest two of systems, or the newest and one of an earlier day."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import click

from secaudit.audit.whole_runs import whole_runs_of
from secaudit.cli.option_values import option_value
from secaudit.cli.wiring import find_run, nothing_scanned
from secaudit.errors import NoSuchRun, UsageError
from secaudit.language import _
from secaudit.register.times import beginning, shown
from secaudit.store import Store, StoredRun


@dataclass(frozen=True, slots=True)
class Pair:
    """Two runs, the older first; ``systems`` are those compared (none: all)."""

    before: str
    after: str
    systems: frozenset[str] = frozenset()


def pairs_of(store: Store, names: Sequence[str], since: str | None, *, last: bool) -> list[Pair]:
    """What was asked for; systems with the same two runs are compared together. Raises UsageError."""
    runs = store.runs()
    if not runs:
        raise nothing_scanned()
    known = {run.id for run in runs} | {"latest"}
    audited = list(dict.fromkeys(system for run in runs for system in run.systems))
    _refuse_unknown(names, known | set(audited))
    named = [name for name in names if name in known]
    if named:
        return [_named(store, names, named, since, last=last)]
    if since is not None and last:
        raise UsageError(_("Name --since or --last, not both."))
    earlier = _before_last if since is None else _since(store, since)
    return _by_runs(list(_each(store, names or sorted(audited), earlier, named=bool(names))))


def _refuse_unknown(names: Sequence[str], known: Collection[str]) -> None:
    for name in names:
        if name not in known:
            raise NoSuchRun(_("There is no run and no audited system {id}.").format(id=name), name)


def _named(store: Store, names: Sequence[str], runs: Sequence[str], since: str | None, *, last: bool) -> Pair:
    if len(names) != 2 or len(runs) != 2 or since is not None or last:
        raise UsageError(
            _("Two runs are compared: secaudit diff RUN RUN."),
            hint=_("Or systems since a day: secaudit diff SYSTEM --since 2026-01-31"),
        )
    before, after = (find_run(store, name).id for name in names)
    return Pair(before, after)


# picks the older run among the whole runs of a system, the newest first; None where there is none
Earlier = Callable[[str, Iterator[StoredRun]], StoredRun | None]


def _before_last(_system: str, older: Iterator[StoredRun]) -> StoredRun | None:
    return next(older, None)


def _since(store: Store, text: str) -> Earlier:
    """The run of that id, or the newest that began before that moment: what was known then."""
    named = next((run for run in store.runs() if run.id == text), None)
    if named is not None:
        return lambda system, _older: named if system in named.systems else None
    moment = option_value(beginning, text, "--since")
    return lambda system, older: _known_at(moment, system, older)


def _known_at(moment: datetime, system: str, older: Iterator[StoredRun]) -> StoredRun | None:
    oldest = None
    for oldest in older:
        if oldest.started_at < moment:
            return oldest
    if oldest is not None:
        told = _("{system} had no whole run before {moment}: compared is its first one after, of {began}.")
        began = shown(oldest.started_at)
        click.echo(told.format(system=system, moment=shown(moment), began=began), err=True)
    return oldest


def _each(
    store: Store, systems: Sequence[str], earlier: Earlier, *, named: bool
) -> Iterator[tuple[str, str, str]]:
    """(system, older run, newer run); raises UsageError where a system that was named has none, or none has."""
    found = 0
    for system in systems:
        whole = whole_runs_of(store, system)
        after = next(whole, None)
        before = earlier(system, whole) if after else None
        if after and before:
            found += 1
            yield system, before.id, after.id
        elif named:
            raise _too_few(system)
        else:
            click.echo(str(_too_few(system)), err=True)
    if not found:
        raise UsageError(_("No system has two whole runs."), hint=_("Scan again: secaudit scan"))


def _too_few(system: str) -> UsageError:
    return UsageError(
        _("{system} has no earlier whole run to compare its newest with.").format(system=system),
        hint=_("Name two runs: secaudit diff RUN RUN (secaudit results --runs lists them)."),
    )


def _by_runs(found: Sequence[tuple[str, str, str]]) -> list[Pair]:
    runs = dict.fromkeys((before, after) for _system, before, after in found)
    return [Pair(*both, frozenset(system for system, *own in found if tuple(own) == both)) for both in runs]
