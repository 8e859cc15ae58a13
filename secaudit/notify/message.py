"""A message of the queue: a notice on its way to one receiver."""

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from pydantic import TypeAdapter, ValidationError

from secaudit.model.notice import Notice, NoticeEvent
from secaudit.model.text import Language
from secaudit.notify.receivers import Receiver
from secaudit.register.notice_settings import Channel
from secaudit.register.notices_file import is_email

FIRST_WAIT_S: Final = 60
LONGEST_WAIT_S: Final = 4 * 3600


@dataclass(frozen=True, slots=True)
class Message:
    """``key`` is the same for the same event, receiver and night. ``nights`` are those the notice tells of.

    It is not sent before ``not_before``; ``attempts`` failed so far, the last one for ``reason``.
    """

    key: str
    receiver: Receiver
    language: Language
    notice: Notice
    made: datetime
    not_before: datetime
    nights: tuple[date, ...]
    attempts: int = 0
    reason: str = ""

    def failed(self, now: datetime, reason: str, wait_s: float = 0) -> "Message":
        """The same after an attempt that failed; it waits at least ``wait_s`` seconds."""
        attempts = self.attempts + 1
        wait = timedelta(seconds=max(_back_off_s(self.key, attempts), wait_s))
        return replace(self, attempts=attempts, reason=reason, not_before=now + wait)

    def with_night(self, notice: Notice, not_before: datetime) -> "Message":
        """A digest that tells of a later night as well."""
        before = self.notice
        parts = {part.organisation: part for part in before.parts}
        merged = replace(
            notice,
            nights=before.nights + notice.nights,
            missed=before.missed + notice.missed,
            failed=before.failed or notice.failed,
            parts=tuple(
                replace(
                    part,
                    counts=part.counts.after(parts[part.organisation].counts),
                    returned=tuple(sorted({*parts[part.organisation].returned, *part.returned})),
                )
                if part.organisation in parts
                else part
                for part in notice.parts
            ),
        )
        return replace(self, notice=merged, nights=(*self.nights, notice.night), not_before=not_before)


def key_of(event: NoticeEvent, receiver: Receiver, period: str) -> str:
    """20 hexadecimal digits that name the message of that event, receiver and night (or nights)."""
    text = "\0".join((event.value, receiver.channel.value, receiver.address.lower(), period))
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def encode(message: Message) -> bytes:
    """As its file holds it."""
    return _ADAPTER.dump_json(message, indent=1)


def decode(content: bytes) -> Message | None:
    """The message of a file; None where it is none, or one that could not have been written by this program."""
    try:
        message = _ADAPTER.validate_json(content)
    except ValidationError:
        return None
    return message if _is_ours(message) else None


def _is_ours(message: Message) -> bool:
    """Whether times are points in time that can be reckoned with, and the address is one."""
    moments = (message.made, message.not_before)
    is_mail = message.receiver.channel is Channel.MAIL
    return all(one.tzinfo is not None and 1970 < one.year < 9000 for one in moments) and (
        is_email(message.receiver.address) if is_mail else not message.receiver.address
    )


def _back_off_s(key: str, attempts: int) -> float:
    """Doubles with each attempt; up to a quarter more, another for each message, so that they do not come at once."""
    wait = min(FIRST_WAIT_S * 2.0 ** min(attempts - 1, 20), LONGEST_WAIT_S)
    spread = int.from_bytes(hashlib.sha256(f"{key}{attempts}".encode()).digest()[:2], "big") / 65_535
    return wait * (1 + spread / 4)


_ADAPTER: Final = TypeAdapter(Message)
