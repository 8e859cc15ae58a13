"""What each agency is due and has not got, and what stands with the packages that it was handed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from secaudit.model.agency import Agency, Period
from secaudit.model.delivery import Delivery, Event
from secaudit.model.register import System

MONTHS = {Period.YEAR: 12, Period.HALF_YEAR: 6, Period.QUARTER: 3}


class Standing(StrEnum):
    """Where a package or a duty stands."""

    DUE = "due"
    OVERDUE = "overdue"
    BUILT = "built"
    SENT = "sent"
    RECEIPT_OVERDUE = "receipt overdue"
    RECEIVED = "received"
    RETURNED = "returned"
    ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True)
class Duty:
    """A package for an agency about a system, of the period that ended on ``period_end``; due on ``deadline``."""

    agency: str
    system: str
    period_end: date
    deadline: date
    standing: Standing


@dataclass(frozen=True, slots=True)
class Handed:
    """A package and where it stands; ``events`` are all that are on record of it, the oldest first."""

    number: str
    agency: str
    sequence: int
    systems: tuple[str, ...]
    built: date
    standing: Standing
    events: tuple[Delivery, ...]


def period_end(every: Period, day: date) -> date | None:
    """The last day of the newest period that is over; None where packages are made on request only."""
    if every is Period.REQUEST:
        return None
    months = MONTHS[every]
    begin = (day.month - 1) // months * months + 1
    return date(day.year, begin, 1) - timedelta(days=1)


def is_for(agency: Agency, system: System) -> bool:
    """Whether a system names the agency and has the level from which it is told."""
    return agency.id in system.agencies and system.level >= agency.min_level


def duties(
    agencies: Mapping[str, Agency], systems: Sequence[System], events: Iterable[Delivery], day: date
) -> list[Duty]:
    """What is due on that day and was not built since the period ended, by agency and system."""
    built: dict[tuple[str, str], date] = {}
    for event in events:
        for system_id in event.systems if event.event is Event.BUILT else ():
            key = event.agency, system_id
            built[key] = max(event.day, built.get(key, event.day))
    found = []
    for agency in agencies.values():
        end = period_end(agency.every, day)
        for system in systems if end else ():
            if end is None or not is_for(agency, system) or built.get((agency.id, system.id), end) > end:
                continue
            deadline = end + timedelta(days=agency.within_days)
            standing = Standing.OVERDUE if day > deadline else Standing.DUE
            found.append(Duty(agency.id, system.id, end, deadline, standing))
    return found


def handed(agencies: Mapping[str, Agency], events: Iterable[Delivery], day: date) -> list[Handed]:
    """Every package that was built, in the order in which they were; events of unknown packages are left out."""
    by_number: dict[str, list[Delivery]] = {}
    for event in sorted(events, key=lambda one: (one.day, tuple(Event).index(one.event))):
        by_number.setdefault(event.number, []).append(event)
    found = []
    for number, own in by_number.items():
        made = next((event for event in own if event.event is Event.BUILT), None)
        if made is not None:
            standing = _standing(agencies.get(made.agency), own, day)
            found.append(
                Handed(number, made.agency, made.sequence, made.systems, made.day, standing, tuple(own))
            )
    return sorted(found, key=lambda one: (one.built, one.number))


def _standing(agency: Agency | None, events: Sequence[Delivery], day: date) -> Standing:
    last = events[-1]
    receipt_days = agency.receipt_days if agency else 0
    if last.event is Event.SENT and day > last.day + timedelta(days=receipt_days):
        return Standing.RECEIPT_OVERDUE
    return Standing(last.event.value)


def next_sequence(events: Iterable[Delivery], agency_id: str) -> int:
    """The number of the next package in the row of those to an agency."""
    return 1 + max((one.sequence for one in events if one.agency == agency_id), default=0)
