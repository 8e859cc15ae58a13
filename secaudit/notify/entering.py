"""What a night has to tell is put into the queue; whatever goes wrong there is told and stops nothing."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from secaudit.errors import SecauditError
from secaudit.model.night import NightSummary
from secaudit.model.notice import Notice, NoticeEvent
from secaudit.notify.composing import failures_of, notices_of
from secaudit.notify.message import Message, key_of
from secaudit.notify.queue import FOLDER, KEPT_DAYS, Entrance, Queue
from secaudit.notify.receivers import Receiver
from secaudit.notify.settings import load_notices
from secaudit.register.loading import load_register, load_settings
from secaudit.register.notice_settings import NoticeSettings
from secaudit.register.times import in_zone


@dataclass(frozen=True, slots=True)
class Entered:
    """How many messages are new in the queue, and what went wrong, in words for a person."""

    messages: int = 0
    faults: tuple[str, ...] = ()


def enqueue_night(workspace: Path, night: NightSummary, now: datetime) -> Entered:
    """Put the notices of a night into the queue; again for the same night adds nothing. Raises nothing of ours.

    A night that is older than what was sent is remembered is not told any more.
    """
    try:
        settings = load_notices(workspace)
        if settings is None or (in_zone(now).date() - night.night).days >= KEPT_DAYS:
            return Entered()
        told, faults = _told(workspace, night, settings)
        entered = _enter(Queue(workspace / FOLDER), settings, told, now) if told else Entered()
        return Entered(entered.messages, (*faults, *entered.faults))
    except SecauditError as error:
        return Entered(faults=(str(error),))


def _told(
    workspace: Path, night: NightSummary, settings: NoticeSettings
) -> tuple[list[tuple[Receiver, Notice]], tuple[str, ...]]:
    """The notices of the night; a register that cannot be read is a night that failed, and that is told."""
    try:
        return list(notices_of(night, load_register(workspace), settings)), ()
    except SecauditError as error:
        organisations = load_settings(workspace).organisations
        return list(failures_of(night, organisations, settings)), (str(error),)


def _enter(
    queue: Queue, settings: NoticeSettings, told: list[tuple[Receiver, Notice]], now: datetime
) -> Entered:
    entered = 0
    with queue.entering() as entrance:
        queue.forget(now)
        for receiver, notice in told:
            try:
                entered += _one(entrance, settings, receiver, notice, now)
            except SecauditError as error:  # no room for this one is no room for the others
                return Entered(entered, (str(error),))
    return Entered(entered)


def _one(
    entrance: Entrance, settings: NoticeSettings, receiver: Receiver, notice: Notice, now: datetime
) -> bool:
    days = settings.digest_days if notice.event is NoticeEvent.DIGEST else 1
    first = _first_of(notice.night, days)
    key = key_of(notice.event, receiver, first.isoformat())
    not_before = _end_of(first, days, notice.night, now)
    found = entrance.waiting(key) if days > 1 else None
    if found is None:
        message = Message(key, receiver, settings.language, notice, now, not_before, (notice.night,))
        return entrance.enter(message)
    held, message = found
    if notice.night not in message.nights:
        entrance.change(held, message.with_night(notice, not_before))
    return False


def _first_of(night: date, days: int) -> date:
    """The first night of the digest that tells of this one; the same for all of them, whatever is missed."""
    return night - timedelta(days=night.toordinal() % days)


def _end_of(first: date, days: int, night: date, now: datetime) -> datetime:
    """When it is sent: after its last night; where that does not happen, a day later than it should have."""
    last = first + timedelta(days=days - 1)
    return now if night >= last else now + (last - night) + timedelta(days=1)
