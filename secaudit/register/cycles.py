"""How often what is due, by level: the rules in force, and what an office sets more strictly for itself."""

import calendar
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from secaudit.language import _
from secaudit.model.due import Duty

OWN: Final = "secaudit.yaml"
FILING_DAYS: Final = 30
RENEWAL_MONTHS: Final = 3


@dataclass(frozen=True, slots=True)
class Cycle:
    """A duty that comes round: level → months between two; ``record`` is the field with the day of the last one.

    ``before_operation`` are levels at which the first one comes before operation, so that a system without any is
    late; at others it has one cycle's time from its beginning. ``source`` is a function: it speaks the language in
    use.
    """

    duty: Duty
    record: str
    months: Mapping[int, int]
    source: Callable[[int], str]
    before_operation: tuple[int, ...] = ()


def _evaluation(level: int) -> str:
    # 公网安〔2020〕1960号: yearly from level 3 on; for level 2 no text names a cycle
    return _("notice 1960 of 2020 of the Ministry of Public Security") if level > 2 else _("common practice")


def _self_assessment(_level: int) -> str:
    return _("measures 43 of 2007 on classified protection, article 14")


def _cryptography(_level: int) -> str:
    return _("measures on security assessment of commercial cryptography (order 3 of 2023)")


def _emergency_drill(_level: int) -> str:
    return _("GB/T 22239-2019, contingency plans; yearly by common practice")


def _recovery_drill(_level: int) -> str:
    return _("GB/T 22239-2019, backup and recovery; yearly by common practice")


CYCLES: Final = (
    Cycle(Duty.EVALUATION, "evaluated_on", {2: 24, 3: 12, 4: 12}, _evaluation, before_operation=(3, 4)),
    Cycle(Duty.SELF_ASSESSMENT, "self_assessed_on", {3: 12, 4: 6}, _self_assessment),
    Cycle(Duty.CRYPTOGRAPHY, "cryptography_assessed_on", {3: 12, 4: 12}, _cryptography),
    Cycle(Duty.EMERGENCY_DRILL, "emergency_drilled_on", {2: 12, 3: 12, 4: 12}, _emergency_drill),
    Cycle(Duty.RECOVERY_DRILL, "recovery_drilled_on", {3: 12, 4: 12}, _recovery_drill),
)


def months_later(day: date, months: int) -> date:
    """The same day so many months later; the last one of a month that has no such day. Months may be negative."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
