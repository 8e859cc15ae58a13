"""The values a person writes into the register: what is accepted, and what is said of everything else.

Every function takes the value as read and returns it (or what it means); it raises ValueError with what was
expected, never with the value itself: the value may be a secret.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator

from secaudit.language import _
from secaudit.model.content import Extension
from secaudit.model.register import Grade
from secaudit.model.retention import LEAST_MONTHS
from secaudit.register.kinds import (
    DATA_GRADES,
    DATA_KINDS,
    GRADES,
    IMPORTANCE,
    KINDS,
    PERSONAL,
    ROLES,
    VISITED_KINDS,
)
from secaudit.register.times import office_day

_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_GRADE: Final = re.compile(r"S([1-5])A([1-5])G([1-5])")
_FILING: Final = re.compile(r"[0-9]{11}-[0-9]{5}")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NOT_IN_ARTEFACTS: Final = frozenset("\\'\"`$|;&<>{}")
LINE_LIMIT: Final = 300


def _id(text: str) -> str:
    if not _ID.fullmatch(text):
        raise ValueError(_("1 to 63 of a-z, 0-9 and -, not starting with -, expected"))
    return text


def has_control_characters(text: str) -> bool:
    """Whether a control, format or surrogate character (also a line end) is in the text, or what is no character."""
    return any(
        unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") or ord(character) & 0xFFFE == 0xFFFE
        for character in text
    )


def printable_line(text: str) -> str:
    """The text without what no line of the register may hold, cut to its length."""
    kept = "".join(character for character in text if not has_control_characters(character))
    return kept.strip()[:LINE_LIMIT]


def _line(text: str) -> str:
    if not text.strip() or len(text) > LINE_LIMIT or has_control_characters(text):
        limit = LINE_LIMIT
        raise ValueError(_("one line of 1 to {limit} printable characters expected").format(limit=limit))
    return text


def says_something(text: str) -> bool:
    """Whether a letter or a digit of some script is in the text, not ``…`` or ``-`` alone."""
    return any(character.isalnum() for character in text)


def named_line(text: str) -> str:
    """A line that names something."""
    if not says_something(_line(text)):
        raise ValueError(_("a name or number expected, not punctuation alone"))
    return text


def said_text(text: str) -> str:
    """A text that says something."""
    if not says_something(text):
        raise ValueError(_("a text expected, not punctuation alone"))
    return text


def _text(text: str) -> str:
    if len(text) > 4000 or has_control_characters(text.replace("\n", "")):
        raise ValueError(_("a printable text of at most {limit} characters expected").format(limit=4000))
    return text


def grade_of(text: str) -> Grade:
    """``S3A2G3`` → Grade; the valid combinations of GB/T 22240-2020 only."""
    match = _GRADE.fullmatch(text)
    if match and "5" in match.groups():
        reason = _("a level from 1 to 4 expected: GB/T 22239-2019 publishes no requirements for level 5")
        raise ValueError(reason)
    if not match or text not in GRADES:
        raise ValueError(_("one of {choices} expected").format(choices=" ".join(GRADES)))
    return Grade(int(match[1]), int(match[2]))


def _filing_number(text: str) -> str:
    if not _FILING.fullmatch(text):
        raise ValueError(_("11 digits, a hyphen and 5 digits expected, like 11010099999-00001"))
    return text


def real_date(text: object) -> date:
    """``2025-03-01`` → a real date, past or to come."""
    try:
        read = date.fromisoformat(text) if isinstance(text, str) and _DATE.fullmatch(text) else None
    except ValueError:
        read = None
    if read is None:
        raise ValueError(_("a real date like 2025-03-01 expected"))
    return read


def past_date(text: object) -> date:
    """``2025-03-01`` → a real date that is not in the future in the office's time zone."""
    read = real_date(text)
    if read > office_day():
        raise ValueError(_("a date that is not in the future expected"))
    return read


def share(number: object) -> Fraction:
    """``0.4`` → 2/5; a share between 0 and 1, with at most four decimals."""
    text = str(number)
    if not re.fullmatch(r"0\.[0-9]{1,4}", text) or not Fraction(text):
        raise ValueError(_("a share like 0.5, between 0 and 1, expected"))
    return Fraction(text)


def _hours(number: int) -> int:
    if not 1 <= number <= 87_600:
        raise ValueError(_("a number of hours from 1 to 87600 expected"))
    return number


def number(least: int, most: int) -> AfterValidator:
    def check(read: int) -> int:
        if not least <= read <= most:
            raise ValueError(_("a number from {least} to {most} expected").format(least=least, most=most))
        return read

    return AfterValidator(check)


def _artefact(text: str) -> str:
    if not text.startswith("/") or has_control_characters(text) or _NOT_IN_ARTEFACTS & set(text):
        raise ValueError(_("an absolute path expected; patterns may use * ? and [ ] only"))
    if ".." in text.split("/"):
        raise ValueError(_("a path without .. expected"))
    if len(text) > 1000:
        raise ValueError(_("a path of at most {limit} characters expected").format(limit=1000))
    return text


def _inside(text: str) -> str:
    parts = text.split("/")
    if text.startswith("/") or ".." in parts or "" in parts or has_control_characters(text):
        raise ValueError(_("a path inside the workspace expected, like approvals/a-1.pdf"))
    return text


def _digest(text: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{64}", text):
        raise ValueError(_("a SHA-256 of 64 hexadecimal digits expected (sha256sum prints it)"))
    return text


def one_of(choices: tuple[str, ...]) -> AfterValidator:
    def check(text: str) -> str:
        if text not in choices:
            raise ValueError(_("one of {choices} expected").format(choices=", ".join(choices)))
        return text

    return AfterValidator(check)


def readable(read: Callable[[str], object]) -> AfterValidator:
    """A text that ``read`` takes; it stays as it was written."""

    def check(text: str) -> str:
        read(text)
        return text

    return AfterValidator(check)


def word_of(words: type[StrEnum]) -> BeforeValidator:
    """What a file says in one of these words → the word."""

    def read(text: object) -> StrEnum:
        try:
            return words(str(text))
        except ValueError:
            raise ValueError(_("one of {choices} expected").format(choices=", ".join(words))) from None

    return BeforeValidator(read)


def _kind(text: str) -> str:
    if text not in KINDS:
        near = ", ".join(get_close_matches(text.lower(), KINDS, n=3)) or "linux"
        told = _(
            "a kind of asset expected, like {near} ({visited} is visited; windows, network-device, security-device, "
            "database, middleware, application and others are listed only)"
        )
        raise ValueError(told.format(near=near, visited=", ".join(VISITED_KINDS)))
    return text


Id = Annotated[str, AfterValidator(_id)]
Line = Annotated[str, AfterValidator(_line)]
NamedLine = Annotated[str, AfterValidator(named_line)]
FreeText = Annotated[str, AfterValidator(_text)]
GradeText = Annotated[str, AfterValidator(lambda text: str(grade_of(text)))]
FilingNumber = Annotated[str, AfterValidator(_filing_number)]
PastDate = Annotated[date | None, BeforeValidator(past_date)]
Hours = Annotated[int, AfterValidator(_hours)]
Jobs = Annotated[int, number(1, 256)]
Room = Annotated[int, number(0, 256)]
Failures = Annotated[int, number(0, 10_000)]
AcceptanceDays = Annotated[int, number(1, 1826)]
Count = Annotated[int, number(0, 10_000_000_000)]
KeptMonths = Annotated[int, number(LEAST_MONTHS, 1200)]
Copies = Annotated[int, number(1, 1000)]
Days = Annotated[int, number(1, 3660)]
CycleMonths = Annotated[int, number(1, 60)]
Delay = Annotated[int, number(0, 86_400)]
VisitTime = Annotated[int, number(30, 86_400)]
Artefact = Annotated[str, AfterValidator(_artefact)]
Inside = Annotated[str, AfterValidator(_inside)]
Digest = Annotated[str, AfterValidator(_digest)]
Kind = Annotated[str, AfterValidator(_kind)]
Role = Annotated[str, one_of(ROLES)]
Agency = Id  # which there are depends on the workspace
Importance = Annotated[str, one_of(IMPORTANCE)]
ExtensionWord = Annotated[str, one_of(tuple(Extension))]
DataKind = Annotated[str, one_of(DATA_KINDS)]
DataGrade = Annotated[str, one_of(DATA_GRADES)]
Personal = Annotated[str, one_of(PERSONAL)]
LanguageWord = Annotated[str, one_of(("zh", "en"))]
