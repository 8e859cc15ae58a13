"""What a notice may say: numbers of documents, organisations, counts and days; never an address, a host or a flaw."""

import re
from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Final

_NUMBER: Final = re.compile(r"(?=.*[0-9])[0-9A-Za-z\u4e00-\u9fff〔〕﹝﹞()（）【】《》\[\]\- _—–－]{1,60}")
_FLAW: Final = re.compile(
    r"(?i)(?<![a-z])(cve|cnvd|cnnvd|cwe|ghsa|[drz]hsa|dsa|usn|ms[0-9]{2}|kb[0-9]{5}|hr)[- ]?[0-9]"
)
_DASHED_ADDRESS: Final = re.compile(r"[0-9]{1,3}([-_ ][0-9]{1,3}){3}")
_HARDWARE_ADDRESS: Final = re.compile(r"(?i)[0-9a-f]{2}(-[0-9a-f]{2}){5}")
_PLACE: Final = re.compile(
    r"[@/\\]|[0-9]{1,3}(\.[0-9]{1,3}){3}|[0-9A-Za-z-]{2,}\.[A-Za-z]{2,}|:[0-9a-f]*:|[\x00-\x1f\x7f-\x9f\u2028-\u202e]"
)
_SHORT: Final = 3


class NoticeEvent(StrEnum):
    """What people are told of."""

    DIGEST = "digest"
    DEADLINE = "deadline"
    OVERDUE = "overdue"
    PACKAGE_DUE = "package-due"
    PACKAGE_RETURNED = "package-returned"
    NIGHT_FAILED = "night-failed"
    WATCH = "watch"
    WATCH_FAILED = "watch-failed"
    TEST = "test"


OF_WATCH: Final = (NoticeEvent.WATCH, NoticeEvent.WATCH_FAILED)
"""The events of a night of heavy protection; the others are those of an audit."""
FAILURES: Final = (NoticeEvent.NIGHT_FAILED, NoticeEvent.WATCH_FAILED)


class WatchVerdict(StrEnum):
    """What a night of heavy protection came to: ZERO only where all was seen and nothing differs."""

    ZERO = "zero"
    UNVERIFIED = "unverified"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, order=True)
class DocumentNumber:
    """The number of a document (文号); "" where it is not told because it might name a host, an address or a flaw."""

    text: str = ""

    def __post_init__(self) -> None:
        if self.text and not _is_number(self.text):
            raise ValueError("this is no number of a document that a notice may carry")


@dataclass(frozen=True, slots=True, order=True)
class OrganisationName:
    """The name of an organisation; "" where it is not told because it holds an address, a host or a path."""

    text: str = ""

    def __post_init__(self) -> None:
        if len(self.text) > 300 or _PLACE.search(self.text):
            raise ValueError("this is no name of an organisation that a notice may carry")


def number_told(text: str, names: Collection[str] = ()) -> DocumentNumber:
    """The number, or none where it is not plainly one or holds one of the names (of assets, addresses)."""
    text = text.strip()
    is_told = _is_number(text) and not _holds(text, names)
    return DocumentNumber(text if is_told else "")


def organisation_told(text: str, addresses: Collection[str] = ()) -> OrganisationName:
    """The name, or none where it holds something that looks like a place in a network, or one of the addresses."""
    text = text.strip()[:300]
    return OrganisationName("" if _PLACE.search(text) or _holds(text, addresses) else text)


def _is_number(text: str) -> bool:
    if not _NUMBER.fullmatch(text) or _FLAW.search(text):
        return False
    return not _DASHED_ADDRESS.fullmatch(text) and not _HARDWARE_ADDRESS.fullmatch(text)


def _holds(text: str, names: Collection[str]) -> bool:
    """Whether one of the names is in the text; a short one only as a word, or every other number would hold one."""
    lower = text.lower()
    within = (name for name in map(str.strip, map(str.lower, names)) if name and name in lower)
    return any(len(name) > _SHORT or re.search(_as_word(name), lower) for name in within)


def _as_word(name: str) -> str:
    return f"(?<![0-9a-z]){re.escape(name)}(?![0-9a-z])"


@dataclass(frozen=True, slots=True)
class NoticeCounts:
    """How many. ``new``, ``closed`` and ``reopened`` are of the nights told of, the others of their end.

    ``gaps`` are results that could not be judged, ``unreached`` assets that were not reached, ``failed`` systems
    that were to be audited and were not.
    """

    new: int = 0
    closed: int = 0
    reopened: int = 0
    open: int = 0
    overdue: int = 0
    due_soon: int = 0
    gaps: int = 0
    unreached: int = 0
    failed: int = 0

    def plus(self, other: "NoticeCounts") -> "NoticeCounts":
        """Both together, of different systems."""
        return NoticeCounts(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))

    def after(self, earlier: "NoticeCounts") -> "NoticeCounts":
        """These of a later night and those of an earlier one, of the same systems."""
        flows = ("new", "closed", "reopened")
        return NoticeCounts(
            *(
                getattr(self, one.name) + (getattr(earlier, one.name) if one.name in flows else 0)
                for one in fields(self)
            )
        )


NO_COUNTS: Final = NoticeCounts()


@dataclass(frozen=True, slots=True)
class NoticeDeadline:
    """So many are due on that day, by that document."""

    document: DocumentNumber
    day: date
    count: int


@dataclass(frozen=True, slots=True)
class NoticePart:
    """What is told of the systems of one organisation: ``due`` are findings, ``packages`` those for agencies.

    ``returned`` are the numbers of packages that an agency sent back.
    """

    organisation: OrganisationName
    systems: int
    counts: NoticeCounts = NO_COUNTS
    due: tuple[NoticeDeadline, ...] = ()
    packages: tuple[NoticeDeadline, ...] = ()
    returned: tuple[DocumentNumber, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """Everything a message is made of. ``night`` is the last of the ``nights`` told of, ``missed`` did not happen.

    ``failed``: the night came to no end. ``verdict`` is that of a watch, of the systems that are told of.
    """

    event: NoticeEvent
    night: date
    nights: int = 1
    missed: int = 0
    failed: bool = False
    parts: tuple[NoticePart, ...] = ()
    verdict: WatchVerdict | None = None

    def total(self) -> NoticeCounts:
        """Of all organisations."""
        total = NoticeCounts()
        for part in self.parts:
            total = total.plus(part.counts)
        return total
