"""Notices as JSON to a receiver in the own network: signed, over TLS, no redirect followed."""

import hashlib
import hmac
import http.client
import json
import socket
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC

from secaudit.errors import SecauditError
from secaudit.language import _
from secaudit.model.notice import Notice, NoticeDeadline
from secaudit.notify.connecting import Budget, connected, cut_off, said, tls
from secaudit.notify.letters import Letter
from secaudit.notify.message import Message
from secaudit.notify.outcome import Down, Later, Never, Outcome, Sent
from secaudit.notify.settings import refused
from secaudit.register.notice_settings import WebhookSettings
from secaudit.report.safe import shown

VERSION: Final = 1
ANSWER_BYTES: Final = 4096
LONGEST_WAIT_S: Final = 86_400.0


def body_of(message: Message) -> bytes:
    """The JSON of a notice (docs/notices.md): the same bytes at every attempt."""
    notice = message.notice
    said_of = {
        "version": VERSION,
        "id": message.key,
        "event": notice.event.value,
        "time": message.made.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "night": notice.night.isoformat(),
        "nights": notice.nights,
        "missed": notice.missed,
        "failed": notice.failed,
        "organisations": _organisations(notice),
        **({"verdict": notice.verdict.value} if notice.verdict else {}),
    }
    return json.dumps(said_of, ensure_ascii=False, separators=(",", ":")).encode()


def _organisations(notice: Notice) -> list[dict[str, Any]]:
    return [
        {
            "organisation": part.organisation.text,
            "systems": part.systems,
            "counts": asdict(part.counts),
            "deadlines": [_deadline(one) for one in part.due],
            "packages": [_deadline(one) for one in part.packages],
            "returned": [one.text for one in part.returned],
        }
        for part in notice.parts
    ]


def _deadline(one: NoticeDeadline) -> dict[str, Any]:
    return {"document": one.document.text, "deadline": one.day.isoformat(), "count": one.count}


def signature(key: bytes, timestamp: str, body: bytes) -> str:
    """HMAC-SHA-256 (RFC 2104) of ``timestamp.body``, in hex."""
    return hmac.new(key, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def signature_sm3(key: bytes, timestamp: str, body: bytes) -> str:
    """The same with SM3 (GB/T 32905-2016)."""
    made = HMAC(key, hashes.SM3())
    made.update(timestamp.encode() + b"." + body)
    return made.finalize().hex()


class Webhook:
    """Posts notices; each has a connection of its own."""

    def __init__(
        self, settings: WebhookSettings, key: Callable[[], str], clock: Callable[[], datetime]
    ) -> None:
        self._settings = settings
        self._key = key
        self._clock = clock

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing stays open."""

    def send(self, message: Message, letter: Letter, budget: Budget) -> Outcome:
        """One attempt. Where no answer comes it may have arrived: the receiver knows it by its id."""
        body, now = body_of(message), self._clock()
        try:
            headers = self._headers(message, body, str(int(now.timestamp())))
            with ExitStack() as stack:
                connection, path = self._connection(budget, stack)
                connection.request("POST", path, body, headers)
                answer = connection.getresponse()
                answer.read(ANSWER_BYTES)
                return _outcome(answer.status, answer.getheader("Retry-After") or "", now)
        except (OSError, http.client.HTTPException, SecauditError) as error:
            reason = type(error).__name__ if isinstance(error, http.client.HTTPException) else said(error)
            return Down(shown(reason, 200))

    def _headers(self, message: Message, body: bytes, timestamp: str) -> dict[str, str]:
        key = self._key().encode()
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "secaudit",
            "X-Secaudit-Id": message.key,
            "X-Secaudit-Timestamp": timestamp,
            "X-Secaudit-Signature": f"sha256={signature(key, timestamp, body)}",
        }
        if self._settings.sm3:
            headers["X-Secaudit-Signature-SM3"] = f"sm3={signature_sm3(key, timestamp, body)}"
        return headers

    def _connection(self, budget: Budget, stack: ExitStack) -> tuple[http.client.HTTPConnection, str]:
        parts, limit_s = urlsplit(self._settings.url), self._settings.timeout_s
        host, rule = parts.hostname or "", refused()

        def is_allowed(address: str) -> bool:
            return rule.is_own(address, self._settings.own_networks)

        def connect(place: tuple[str, int], *_rest: Any) -> socket.socket:
            opened = connected(place[0], place[1], budget, limit_s, is_allowed)
            stack.callback(opened.close)
            stack.enter_context(cut_off(opened, budget.left_s()))
            return opened

        connection = (
            http.client.HTTPSConnection(host, parts.port or 443, context=tls(self._settings.ca))
            if parts.scheme == "https"
            else http.client.HTTPConnection(host, parts.port or 80)
        )
        stack.callback(connection.close)
        connection._create_connection = connect  # type: ignore[attr-defined]
        return connection, parts.path or "/"


def _outcome(status: int, retry_after: str, now: datetime) -> Outcome:
    told = _("it answers {status}").format(status=status)
    if 200 <= status < 300:
        return Sent()
    if status in (408, 429) or 500 <= status < 600:
        return Later(told, _wait_s(retry_after, now))
    return Never(told)


def _wait_s(retry_after: str, now: datetime) -> float:
    """Seconds or a date (RFC 9110, section 10.2.3); 0 where it is neither, a day at most."""
    if retry_after.isascii() and retry_after.isdigit():
        return min(float(retry_after[:9]), LONGEST_WAIT_S)
    try:
        moment = parsedate_to_datetime(retry_after)
    except (TypeError, ValueError, IndexError):
        return 0.0
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max((moment - now).total_seconds(), 0.0), LONGEST_WAIT_S)
