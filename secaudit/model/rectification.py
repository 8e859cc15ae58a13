"""The notice that demands rectification (整改通知书), and by when an office demands it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from secaudit.model.attestation import EvidenceFile
from secaudit.model.content import Severity

DEFAULT_DAYS = 30


@dataclass(frozen=True, slots=True)
class RectificationNotice:
    """A notice to an organisation, as it was written: ``findings`` are the numbers that it names, with the deadlines.

    ``files`` are the document and the workbook to be filled in.
    """

    number: str
    organisation: str
    day: date
    findings: Mapping[int, date]
    person: str
    files: tuple[EvidenceFile, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkDays:
    """Monday to Friday without ``holidays``, and the ``made_up`` days of weekends that are worked (调休)."""

    holidays: frozenset[date] = frozenset()
    made_up: frozenset[date] = frozenset()

    def works(self, day: date) -> bool:
        """Whether people work on that day."""
        return day in self.made_up or (day.weekday() < 5 and day not in self.holidays)

    def covers(self, year: int) -> bool:
        """Whether the holidays of a year are known: those of the State Council are announced year by year."""
        return any(day.year == year for day in self.holidays)


@dataclass(frozen=True, slots=True)
class RectificationSettings:
    """How an office writes its notices. ``work_days``: None where deadlines count calendar days.

    ``demands`` are what it asks beside the rectification, ``contact`` whom to ask; empty where the texts that ship
    are used, and where none is named.
    """

    number: str = "{year}-{n}"
    days: Mapping[Severity, int] = field(default_factory=lambda: dict.fromkeys(Severity, DEFAULT_DAYS))
    work_days: WorkDays | None = None
    contact: str = ""
    demands: tuple[str, ...] = ()
