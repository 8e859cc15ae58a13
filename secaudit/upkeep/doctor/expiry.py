"""What is going to expire: certificates and authorisations."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from secaudit.language import _
from secaudit.upkeep.doctor.line import Line, Topic, fail, ok, unknown, warn

SOON: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Expiring:
    """``what`` it is, its last moment (None: it cannot be read, for a ``reason``), and what renews it."""

    what: str
    until: datetime | None
    renew: str
    reason: str = ""


def lines(found: Iterable[Expiring], now: datetime) -> Iterator[Line]:
    """One line each that is over, that will be soon, or that cannot be read."""
    count = 0
    told_of = list[Line]()
    for one in found:
        count += 1
        told_of += _line(one, now)
    if not told_of:
        told = _("{count} certificates and authorisations hold for 30 days at least")
        told_of = [ok(Topic.EXPIRY, told.format(count=count))]
    yield from told_of


def _line(one: Expiring, now: datetime) -> Iterator[Line]:
    if one.until is None:
        told = _("{what} cannot be read: {reason}").format(what=one.what, reason=one.reason)
        yield unknown(Topic.EXPIRY, told, one.renew)
    elif one.until <= now:
        told = _("{what} is over since {day}").format(what=one.what, day=f"{one.until:%Y-%m-%d}")
        yield fail(Topic.EXPIRY, told, one.renew)
    elif one.until - now < SOON:
        told = _("{what} is over on {day}").format(what=one.what, day=f"{one.until:%Y-%m-%d}")
        yield warn(Topic.EXPIRY, told, one.renew)
