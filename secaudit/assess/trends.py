"""What runs say over time: figures of a result set, periods, and which audit counts in which."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final, Protocol

from secaudit.assess.differences import FAILED, JUDGED
from secaudit.model.content import Check, Severity
from secaudit.model.result import Verdict
from secaudit.model.trend import Per, Period

# a failure of a check that today's content does not have
UNRATED: Final = "unrated"
SEVERITIES: Final = (Severity.HIGH, Severity.MEDIUM, Severity.LOW)
_STEPS: Final = {Per.MONTH: 1, Per.QUARTER: 3}


class Judged(Protocol):
    """A verdict as it is stored, without what was seen."""

    @property
    def check_id(self) -> str: ...
    @property
    def object_id(self) -> str: ...
    @property
    def verdict(self) -> Verdict: ...
    @property
    def offenders(self) -> Sequence[object]: ...


def figures_of(judged: Iterable[Judged], checks: Mapping[str, Check]) -> Counter[str]:
    """The figures of a system that one asset adds (``Point``); ``failing`` is the sum of all severities."""
    counts: Counter[str] = Counter(assets=1)
    for one in judged:
        if one.verdict in JUDGED:
            counts["judged"] += 1
        else:
            counts["manual" if one.verdict is Verdict.MANUAL else "unknown"] += 1
        if one.verdict in FAILED:
            check = checks.get(one.check_id)
            counts[check.severity if check else UNRATED] += 1
            counts["failing"] += 1
            counts["offenders"] += len(one.offenders) or 1
    counts["reached"] = int("judged" in counts)
    return counts


def objects_by(judged: Iterable[Judged], names: Mapping[str, Sequence[str]]) -> Counter[tuple[str, str]]:
    """(name, ``failing`` or ``unknown``) → objects, each once; ``names`` maps checks to the items that they prove."""
    found: set[tuple[str, str, str]] = set()
    for one in judged:
        state = _state(one.verdict)
        found |= {(name, state, one.object_id) for name in names.get(one.check_id, ()) if state}
    # of an object that fails, what is unknown beside it is not counted
    return Counter(
        (name, state)
        for name, state, object_id in found
        if state == "failing" or (name, "failing", object_id) not in found
    )


def _state(verdict: Verdict) -> str:
    if verdict in FAILED:
        return "failing"
    return "unknown" if verdict is Verdict.UNKNOWN else ""


def items_of(checks: Mapping[str, Check]) -> dict[str, tuple[str, ...]]:
    """Check → the items of which it proves a step."""
    return {
        check.id: tuple(dict.fromkeys(step.partition("#")[0] for step in check.proves))
        for check in checks.values()
    }


def periods(per: Per, until: date, count: int) -> tuple[Period, ...]:
    """The last ``count`` periods, the oldest first; the last one holds ``until`` and may not be over."""
    found = [_around(per, until)]
    while len(found) < count:
        found.append(_around(per, found[-1].begin - timedelta(days=1)))
    return tuple(reversed(found))


def _around(per: Per, day: date) -> Period:
    """The period that a day lies in."""
    if per in _STEPS:
        months = _STEPS[per]
        first = day.replace(month=(day.month - 1) // months * months + 1, day=1)
        return Period(per, first, (first + timedelta(days=31 * months)).replace(day=1))
    begin = day - timedelta(days=day.weekday() if per is Per.WEEK else 0)
    return Period(per, begin, begin + timedelta(days=7 if per is Per.WEEK else 1))


def known_in(
    spans: Sequence[Period], audited: Sequence[date], *, carried: bool
) -> Iterator[tuple[int, bool] | None]:
    """For each period the place, among the days of audits (the newest first), of the last one before its end, and
    whether it lies within it. What lies before is left out unless it is ``carried``."""
    for span in spans:
        place = next((place for place, day in enumerate(audited) if day < span.end), None)
        if place is None:
            yield None
        else:
            within = audited[place] >= span.begin
            yield (place, within) if within or carried else None
