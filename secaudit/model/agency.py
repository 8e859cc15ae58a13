"""A body of the joint mechanism, and what a package for it holds."""

from dataclasses import dataclass
from enum import StrEnum

from secaudit.model.text import Text


class Section(StrEnum):
    """A part of the view that a package may hold; what every package holds (summary, coverage) is none."""

    ITEMS = "items"
    PROBLEMS = "problems"
    RISKS = "risks"
    ACCEPTANCES = "acceptances"
    GAPS = "gaps"
    MANUAL = "manual"
    ASSETS = "assets"
    TABLES = "tables"
    EVIDENCE = "evidence"


class Hidden(StrEnum):
    """What stands as a pseudonym, or not at all, in a package."""

    HOSTS = "hosts"
    ADDRESSES = "addresses"
    ACCOUNTS = "accounts"
    PATHS = "paths"
    VERSIONS = "versions"
    PEOPLE = "people"
    RECORDS = "records"


class Period(StrEnum):
    """How often an agency is due a package; each counts from its last day."""

    YEAR = "year"
    HALF_YEAR = "half-year"
    QUARTER = "quarter"
    REQUEST = "request"


@dataclass(frozen=True, slots=True)
class Agency:
    """``receives`` says what and why, for the letter; ``statement`` alone is handed over where no section is.

    ``requirements``: beginnings of the keys of the items that it is told of; none: of all.
    ``within_days``: until how many days after a period its package is due; ``receipt_days``: until how many days
    after it was sent a receipt is expected. ``certificate``: file of the workspace that packages are encrypted to.
    """

    id: str
    name: Text
    receives: Text
    min_level: int
    sections: frozenset[Section]
    hidden: frozenset[Hidden]
    formats: tuple[str, ...]
    marking: Text
    every: Period
    within_days: int
    receipt_days: int
    statement: Text | None = None
    certificate: str = ""
    requirements: tuple[str, ...] = ()

    def is_told_of(self, key: str) -> bool:
        """Whether an item is within what it supervises."""
        return not self.requirements or any(f"{key}.".startswith(f"{part}.") for part in self.requirements)
