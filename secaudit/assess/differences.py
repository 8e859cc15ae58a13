"""Two judgements of one asset compared: pure, offender by offender.

What is not known is never taken for fixed. A failure that names no offenders, or not all of them, stands for all:
whoever is named before or after it alone has not come or gone.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Final

from secaudit.model.difference import Cause, Difference, Kind, Reason
from secaudit.model.finding import CUT
from secaudit.model.result import Offender, Result, Verdict

# (object, check)
Place = tuple[str, str]

FAILED: Final = frozenset({Verdict.FAIL, Verdict.PARTIAL})
JUDGED: Final = FAILED | {Verdict.PASS, Verdict.NOT_APPLICABLE}


@dataclass(frozen=True, slots=True)
class Found:
    """A result, with the ids of those that it names where it is a failure that names all."""

    result: Result
    failed: bool
    named: frozenset[str]

    def fails(self, offender: Offender | None) -> bool:
        """Whether it is a failure in which this offender has a part; None: in which anything has."""
        return self.failed and (offender is None or not self.named or offender.id in self.named)


@dataclass(frozen=True, slots=True)
class Past:
    """What an earlier run says of a place, as far as its history goes: the fields of ``Found``."""

    verdict: Verdict
    named: frozenset[str] = frozenset()

    def fails(self, offender: Offender | None) -> bool:
        """As ``Found.fails``."""
        return self.verdict in FAILED and (offender is None or not self.named or offender.id in self.named)


# what was found at a place in earlier runs, the newest first; None where there was nothing
Earlier = Callable[[Place], Iterable[Past | None]]


def by_place(results: Iterable[Result]) -> dict[Place, Found]:
    """(object, check) → its result."""
    return {(result.object_id, result.check_id): _found(result) for result in results}


def _found(result: Result) -> Found:
    if result.verdict not in FAILED:
        return Found(result, failed=False, named=frozenset())
    named = frozenset(offender.id for offender in result.offenders)
    return Found(result, failed=True, named=frozenset() if CUT in named else named)


def differences(
    system_id: str, asset_id: str, before: Iterable[Result], after: Iterable[Result], earlier: Earlier
) -> Iterator[Difference]:
    """All that differs and all that fails in both, in the order of what is there, then of what is gone."""
    old, new = by_place(before), by_place(after)
    for place in (*new, *(place for place in old if place not in new)):
        was, now = old.get(place), new.get(place)
        for seen, offender, reason in _compared(was, now):
            kind = _with_history(was, offender, earlier(place)) if seen is Kind.NEW else seen
            yield Difference(
                *(kind, system_id, asset_id, *place, offender),
                before=was.result if was else None,
                after=now.result if now else None,
                cause=None if kind is Kind.PERSISTING else Cause.WORLD,
                reason=reason,
            )


_Seen = tuple[Kind, Offender | None, Reason | None]


def _compared(was: Found | None, now: Found | None) -> Iterator[_Seen]:
    """What a pair says on its own; NEW may turn out to be older."""
    if now is None:
        if _is_known(was):
            yield Kind.COVERAGE_LOST, None, Reason.CHECK
    elif now.failed:
        yield from _offenders(was, now)
    elif now.result.verdict is Verdict.UNKNOWN:
        if was is not None and was.result.verdict is not Verdict.UNKNOWN:
            yield Kind.NEWLY_UNKNOWN, None, None
    elif was is not None and was.failed:
        kind = Kind.FIXED if now.result.verdict is Verdict.PASS else Kind.UNDECIDED
        yield from ((kind, offender, None) for offender in was.result.offenders or (None,))
    elif _is_known(now) and (was is None or was.result.verdict is Verdict.UNKNOWN):
        yield Kind.COVERAGE_WON, None, Reason.CHECK if was is None else Reason.KNOWN


def _offenders(was: Found | None, now: Found) -> Iterator[_Seen]:
    """Those that a failure names, against those that were named before."""
    for offender in now.result.offenders or (None,):
        yield Kind.PERSISTING if was is not None and was.fails(offender) else Kind.NEW, offender, None
    if was is not None and was.failed:
        gone = (one for one in was.result.offenders if one.id != CUT and not now.fails(one))
        yield from ((Kind.FIXED, one, None) for one in gone)


def past_of(verdict: Verdict, names: Iterable[str]) -> Past:
    """``names`` are the ids of the offenders."""
    named = frozenset(names) if verdict in FAILED else frozenset()
    return Past(verdict, frozenset() if CUT in named else named)


def _with_history(was: Found | None, offender: Offender | None, earlier: Iterable[Past | None]) -> Kind:
    """NEW, or REGRESSED; PERSISTING where there was nothing but a gap since it failed."""
    stood = _is_known(was)
    for found in earlier:
        if found is not None and found.fails(offender):
            return Kind.REGRESSED if stood else Kind.PERSISTING
        stood = stood or (found is not None and found.verdict in JUDGED)
    return Kind.NEW


def _is_known(found: Found | None) -> bool:
    return found is not None and found.result.verdict in JUDGED


class _State(Enum):
    """What a result says of one offender, or of the check as a whole."""

    FAILS = auto()
    CLEAN = auto()
    DOES_NOT_APPLY = auto()
    MANUAL = auto()
    UNKNOWN = auto()
    ABSENT = auto()


_STATES: Final = {
    Verdict.PASS: _State.CLEAN,
    Verdict.FAIL: _State.FAILS,
    Verdict.PARTIAL: _State.FAILS,
    Verdict.NOT_APPLICABLE: _State.DOES_NOT_APPLY,
    Verdict.UNKNOWN: _State.UNKNOWN,
    Verdict.MANUAL: _State.MANUAL,
}


def _state(found: Found | None, offender: Offender | None) -> _State:
    if found is None:
        return _State.ABSENT
    return _State.CLEAN if found.failed and not found.fails(offender) else _STATES[found.result.verdict]


def with_causes(
    differing: Iterable[Difference],
    before: tuple[Iterable[Result], Iterable[Result]],
    after: tuple[Iterable[Result], Iterable[Result]],
) -> Iterator[Difference]:
    """The differences with their causes.

    ``before`` and ``after`` are what was judged then, and what the same evidence is judged to be by today's checks with
    the parameters and the register of the later run.
    """
    four = [by_place(results) for results in (*before, *after)]
    for one in differing:
        if one.cause is None:
            yield one
        else:
            place = one.object_id, one.check_id
            yield replace(one, cause=_cause(*(_state(found.get(place), one.offender) for found in four)))


def _cause(was: _State, was_today: _State, now: _State, now_today: _State) -> Cause:
    if any(today is _State.UNKNOWN is not then for then, today in ((was, was_today), (now, now_today))):
        return Cause.UNTOLD
    if was_today is now_today:
        return Cause.CONTENT
    return Cause.WORLD if (was, now) == (was_today, now_today) else Cause.BOTH
