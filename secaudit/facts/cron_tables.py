"""Which crontabs cron(8) reads, and when a line of one runs: crontab(5), what Debian's cron takes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_SPOOL = "/var/spool/cron/"
_DEBIANS_SPOOL = "/var/spool/cron/crontabs/"
_NICKNAMES = frozenset(
    {"@reboot", "@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"}
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_LAST_DAY = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_ELEMENT = re.compile(
    r",(?:(\*)(?:/(\d{1,9}))?|([a-z0-9]{1,9})(?:-([a-z0-9]{1,9})(?:/(\d{1,9}))?)?)", re.ASCII
)
_Bounds = tuple[int, int, Sequence[str]]
# lowest and highest number, and the names from the lowest on: minute, hour, day, month, day of the week
_FIELDS: Final[tuple[_Bounds, ...]] = ((0, 59, ()), (0, 23, ()), (1, 31, ()), (1, 12, _MONTHS), (0, 7, _DAYS))


@dataclass(frozen=True, slots=True)
class Table:
    """A crontab as it lies there; ``links`` are its names, ``read_bytes`` counts each line with a newline behind it."""

    path: str
    owner: str
    mode: str
    links: int
    size_bytes: int
    read_bytes: int

    @property
    def open(self) -> bool:
        """Whether its group or others may write it."""
        return "w" in (self.mode[5], self.mode[8])


def table_of(path: str, owner: str, mode: str, told: str, read_bytes: int) -> Table | None:
    """``-rw-r--r--`` and ``1 722`` → Table; None when that is no row of ls(1)."""
    links, _, size = told.partition(" ")
    if not re.fullmatch(r"-[rwxsStT-]{9}[.+@]?", mode) or not (_is_number(links) and _is_number(size)):
        return None
    return Table(path, owner, mode, int(links), int(size), read_bytes)


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"\d{1,15}", text, re.ASCII))


def is_read(table: Table, like_debian: bool) -> bool:
    """Whether cron takes the file in: not when another owns or may change it.

    Debian's also refuses a second hard link, other rights than 0600 in its spool, and a last line without its end.
    """
    name = table.path.rpartition("/")[2]
    owners = ("root", name) if table.path.startswith(_SPOOL) else ("root",)
    if table.owner not in owners:
        return False
    if not like_debian:
        return not table.open
    if table.path.startswith(_SPOOL) and (
        not table.path.startswith(_DEBIANS_SPOOL) or table.mode[:10] != "-rw-------"
    ):
        return False
    return not table.open and table.links == 1 and table.read_bytes != table.size_bytes + 1


def is_valid(schedule: str) -> bool:
    """``30 6 * * mon-fri`` → True; Debian's cron refuses a whole table for one line that is not."""
    if schedule.startswith("@"):
        return schedule in _NICKNAMES
    return _parsed(schedule) is not None


def ever_runs(schedule: str) -> bool:
    """Whether such a moment comes: never on ``0 3 31 2 *`` nor in ``5-1``. What is not understood may run."""
    parsed = _parsed(schedule)
    if parsed is None:
        return True
    minutes, hours, days, months, weekdays = parsed
    _, _, of_month, _, of_week = schedule.split()
    dated = any(day <= _LAST_DAY[month - 1] for month in months for day in days)
    either = not of_month.startswith("*") and not of_week.startswith("*")
    some_day = dated or bool(weekdays) if either else dated and bool(weekdays)
    return bool(minutes and hours and months) and some_day


@lru_cache(maxsize=512)
def _parsed(schedule: str) -> tuple[frozenset[int], ...] | None:
    """Kept: a job is asked about more than once, and packages bring the same to every host."""
    fields = schedule.lower().split()
    if len(fields) != len(_FIELDS):
        return None
    values = [_values(field, bounds) for field, bounds in zip(fields, _FIELDS, strict=True)]
    told = tuple(found for found in values if found is not None)
    return told if len(told) == len(values) else None


def _values(field: str, bounds: _Bounds) -> frozenset[int] | None:
    """``1-5/2,9`` → 1, 3, 5, 9; None for what Debian's cron refuses. What follows an element otherwise it skips."""
    found: set[int] = set()
    rest = "," + field
    while rest.startswith(","):
        told = _ELEMENT.match(rest)
        if told is None:
            return None
        lowest, highest, _names = bounds
        first = lowest if told[1] else _number(told[3], bounds)
        last = highest if told[1] else _number(told[4], bounds) if told[4] else first
        step = int(told[2] or told[5] or 1)
        if first is None or last is None or not step:
            return None
        found.update(range(first, last + 1, step))
        rest = rest[told.end() :]
    return None if rest.startswith("/") else frozenset(found)


def _number(text: str, bounds: _Bounds) -> int | None:
    lowest, highest, names = bounds
    if text in names:
        return names.index(text) + lowest
    told = int(text) if _is_number(text) else -1
    return told if lowest <= told <= highest else None
