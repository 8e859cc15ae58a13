"""What was known before an assessment, and what became of it (历史问题整改情况)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from secaudit.model.finding import Finding


@dataclass(frozen=True, slots=True)
class Previous:
    """The findings that were not closed when the last assessment was made, on ``since``.

    Where none is on record ``since`` is None and they are all that were found before the run began. ``day`` is the day
    on which they are looked at. ``moved``: finding → where its asset was first (``system / asset``), where it moved.
    """

    since: date | None
    day: date
    findings: tuple[Finding, ...] = ()
    moved: Mapping[int, str] = field(default_factory=dict)


def last_assessed(days: Iterable[date | None], began: date) -> date | None:
    """The newest of these days that lies before the run."""
    return max((day for day in days if day and day < began), default=None)


def previous(findings: Iterable[Finding], since: date | None, boundary: datetime, day: date) -> Previous:
    """``boundary``: the end of ``since``, or the beginning of the run. What only advises is left out."""
    known = (one for one in findings if not one.advisory and one.opened < boundary)
    if since is None:
        return Previous(since, day, tuple(known))
    return Previous(
        since, day, tuple(one for one in known if one.closed is None or one.closed.at >= boundary)
    )
