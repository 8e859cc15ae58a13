"""``nightly:`` of ``secaudit.yaml`` as pydantic reads it."""

from datetime import date
from typing import Annotated, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from secaudit.language import _
from secaudit.model.nightly import DAILY, NOON_MIN, Nightly, Rhythm, WatchPeriod
from secaudit.model.register import Window
from secaudit.register.part import Many, Part
from secaudit.register.values import FreeText, Id, Line, readable, real_date
from secaudit.register.windows import days_from, make_window, minute_from

WEEKLY = ("weekly", "每周")
NEVER = ("never", "不扫")


def rhythm_from(text: str) -> Rhythm:
    """``daily``, ``weekly``, ``never`` or days like ``mon,thu``; raises ValueError."""
    plain = text.strip().lower()
    if plain in WEEKLY:
        return Rhythm(nights=7)
    return Rhythm(()) if plain in NEVER else Rhythm(days_from(text))


def hours_from(text: str) -> tuple[int, int]:
    """``23:00-05:00`` → minutes after midnight; raises ValueError with what was expected."""
    start, dash, end = text.partition("-")
    if not dash:
        raise ValueError(_("hours like 23:00-05:00 expected"))
    made = make_window(DAILY, minute_from(start), minute_from(end))
    return made.start_min, made.end_min


def _format(text: str) -> str:
    if not text.replace("-", "").isalnum():
        raise ValueError(_("the name of a format like html, json, docx expected"))
    return text


Often = Annotated[str, readable(rhythm_from)]
Day = Annotated[date, BeforeValidator(real_date)]


class WatchPart(Part):
    """``{from: 2027-03-01, until: 2027-03-11}``: a period of heavy protection, its last day included."""

    begin: Day = Field(alias="from")
    end: Day = Field(alias="until")
    systems: Many[Id] = ()
    person: FreeText = ""
    checks: Many[Line] = ()

    @model_validator(mode="after")
    def _lasts(self) -> Self:
        if self.end < self.begin:
            raise ValueError(_("a last day that is not before the first expected"))
        return self

    def period(self) -> WatchPeriod:
        return WatchPeriod(self.begin, self.end, self.systems, self.person, self.checks)


class NightlyPart(Part):
    """When nights are, what is scanned how often, what is written (``Nightly``)."""

    days: Annotated[str, readable(days_from)] = "daily"
    window: Annotated[str, readable(hours_from)] | None = None
    last_start: Annotated[str, readable(minute_from)] | None = None
    scan: Often = "daily"
    systems: dict[Id, Often] = Field(default_factory=dict)
    formats: Many[Annotated[str, AfterValidator(_format)]] = ("html", "json")
    reports: Line = "reports"
    packages_by: Line | None = None
    watch: Many[WatchPart] = ()

    @model_validator(mode="after")
    def _within(self) -> Self:
        if self.last_start and self.window and not _is_within(minute_from(self.last_start), self.window):
            raise ValueError(_("last_start: a time within the window expected"))
        return self

    def nightly(self) -> Nightly:
        days = days_from(self.days)
        start, end = hours_from(self.window) if self.window else (NOON_MIN, NOON_MIN)
        return Nightly(
            window=Window(days, start, end),
            last_start_min=minute_from(self.last_start) if self.last_start else None,
            rhythm=rhythm_from(self.scan),
            systems={name: rhythm_from(text) for name, text in self.systems.items()},
            formats=self.formats,
            reports=self.reports,
            packages_by=self.packages_by or "",
            watches=tuple(part.period() for part in self.watch),
        )


def _is_within(minute: int, window: str) -> bool:
    start, end = hours_from(window)
    return start <= minute <= end if start < end else minute >= start or minute <= end
