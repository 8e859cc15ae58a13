"""``findings:`` of ``secaudit.yaml``: how an office demands rectification."""

from datetime import date, timedelta
from typing import Annotated, Final

from pydantic import AfterValidator, Field, model_validator

from secaudit.language import _
from secaudit.model.content import Severity
from secaudit.model.rectification import DEFAULT_DAYS, RectificationSettings, WorkDays
from secaudit.register.numbering import NumberPattern
from secaudit.register.part import Many, Part
from secaudit.register.values import FreeText, Line, real_date

LONGEST_HOLIDAY: Final = 31
_BETWEEN: Final = ".."

Days = Annotated[int, Field(ge=1, le=3650)]


def days_between(text: str) -> list[date]:
    """``2026-10-01`` or ``2026-10-01..2026-10-08``, both ends included; raises ValueError."""
    first, dots, last = (part.strip() for part in text.partition(_BETWEEN))
    begin = real_date(first)
    end = real_date(last) if dots else begin
    if not timedelta() <= end - begin < timedelta(days=LONGEST_HOLIDAY):
        told = _("a day, or first..last of at most {count} days, expected")
        raise ValueError(told.format(count=LONGEST_HOLIDAY))
    return [begin + timedelta(days=ahead) for ahead in range((end - begin).days + 1)]


def _checked(text: str) -> str:
    days_between(text)
    return text


DayText = Annotated[str, AfterValidator(_checked)]


class DeadlinesPart(Part):
    """Days from the notice to the deadline, by severity."""

    high: Days = DEFAULT_DAYS
    medium: Days = DEFAULT_DAYS
    low: Days = DEFAULT_DAYS


class FindingsPart(Part):
    """``findings:``. ``holidays`` and ``made_up_days`` count where deadlines are ``working_days``."""

    notice_number: NumberPattern = "{year}-{n}"
    deadline_days: DeadlinesPart = DeadlinesPart()
    working_days: bool = False
    holidays: Many[DayText] = ()
    made_up_days: Many[DayText] = ()
    contact: FreeText = ""
    demands: Many[Line] = ()

    @model_validator(mode="after")
    def _used(self) -> "FindingsPart":
        if (self.holidays or self.made_up_days) and not self.working_days:
            raise ValueError(_("holidays and made_up_days go with working_days: true"))
        return self

    def settings(self) -> RectificationSettings:
        work_days = WorkDays(_days(self.holidays), _days(self.made_up_days)) if self.working_days else None
        by_severity = {severity: getattr(self.deadline_days, severity.value) for severity in Severity}
        return RectificationSettings(self.notice_number, by_severity, work_days, self.contact, self.demands)


def _days(texts: tuple[str, ...]) -> frozenset[date]:
    return frozenset(day for text in texts for day in days_between(text))
