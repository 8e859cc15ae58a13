"""Whether the clock of this machine can be believed."""

import ctypes
import ctypes.util
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from secaudit.language import _
from secaudit.register.times import shown
from secaudit.upkeep.doctor.line import Line, Topic, fail, ok, unknown, warn

APART: Final = timedelta(minutes=1)
# struct timex is 208 bytes at most (adjtimex(2)); all zeros: it is only read
TIMEX_BYTES: Final = 512
TIME_ERROR: Final = 5


@dataclass(frozen=True, slots=True)
class Clock:
    """``synchronised`` as the kernel says, None where it does not; ``newest``: the newest moment on record."""

    now: datetime
    synchronised: bool | None
    newest: datetime | None


def is_synchronised() -> bool | None:
    """What the kernel thinks of its clock (adjtimex(2)): some daemon holds it to another one; None: it does not say."""
    name = ctypes.util.find_library("c")
    if name is None:
        return None
    try:
        state: int = ctypes.CDLL(name).adjtimex(ctypes.create_string_buffer(TIMEX_BYTES))
    except (OSError, AttributeError):
        return None
    return None if state < 0 else state != TIME_ERROR


def lines(facts: Clock) -> Iterator[Line]:
    """Every age and every deadline rests on it."""
    if facts.newest is not None and facts.newest > facts.now + APART:
        told = _("the newest moment on record is {moment}, which is still to come: the clock was set back")
        yield fail(Topic.CLOCK, told.format(moment=shown(facts.newest)), "timedatectl; date -u")
    elif facts.synchronised is None:
        yield unknown(
            Topic.CLOCK, _("the kernel does not say whether the clock is synchronised"), "timedatectl"
        )
    elif not facts.synchronised:
        told = _("nothing keeps the clock of this machine in time")
        yield warn(Topic.CLOCK, told, "sudo timedatectl set-ntp true")
    else:
        yield ok(Topic.CLOCK, _("the clock is synchronised, and nothing on record is still to come"))
