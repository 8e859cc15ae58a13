"""Notices as one line to syslog (RFC 5424)."""

import errno
import socket
from logging.handlers import SysLogHandler
from types import TracebackType
from typing import Final, Self

from secaudit.model.notice import FAILURES, NoticeEvent
from secaudit.notify.connecting import Budget, connected, said
from secaudit.notify.letters import Letter
from secaudit.notify.message import Message
from secaudit.notify.outcome import Down, Outcome, Sent
from secaudit.register.notice_settings import SyslogSettings
from secaudit.report.safe import shown

LINE_BYTES: Final = 2048
TIMEOUT_S: Final = 10.0
_WARNINGS: Final = (NoticeEvent.OVERDUE, *FAILURES, NoticeEvent.PACKAGE_RETURNED)


class Syslog:
    """Writes notices to a socket of this machine, or to a log server."""

    def __init__(self, settings: SyslogSettings) -> None:
        self._settings = settings

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing stays open."""

    def send(self, message: Message, letter: Letter, budget: Budget) -> Outcome:
        """One attempt; by datagram nobody says whether it arrived."""
        line = line_of(message, self._settings.facility)
        try:
            with self._opened(budget) as opened:
                opened.settimeout(budget.timeout_s(TIMEOUT_S))
                opened.sendall(line + b"\n" if opened.type == socket.SOCK_STREAM else line)
        except OSError as error:
            return Down(shown(said(error), 200))
        return Sent()

    def _opened(self, budget: Budget) -> socket.socket:
        address = self._settings.address
        if address.startswith("/"):
            return _of_machine(address)
        host, _colon, port = address.rpartition(":")
        host = host.removeprefix("[").removesuffix("]")
        by_datagram = self._settings.protocol == "udp"
        return connected(host, int(port), budget, TIMEOUT_S, by_datagram=by_datagram)


def _of_machine(address: str) -> socket.socket:
    """The socket at that path, whichever kind it is (syslog(3) tries the same two)."""
    opened = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    try:
        opened.connect(address)
    except OSError as error:
        opened.close()
        if error.errno != errno.EPROTOTYPE:
            raise
        opened = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        opened.settimeout(TIMEOUT_S)
        opened.connect(address)
    return opened


def line_of(message: Message, facility: str) -> bytes:
    """The line without its end: figures, and organisations at its end."""
    notice = message.notice
    severity = "warning" if notice.event in _WARNINGS else "info"
    priority = SysLogHandler.facility_names[facility] << 3 | SysLogHandler.priority_names[severity]
    moment = message.made.isoformat(timespec="seconds")
    line = f"<{priority}>1 {moment} - secaudit - {notice.event.value} - {_figures(message)}"
    return shown(line, LINE_BYTES).encode()[:LINE_BYTES]


def _figures(message: Message) -> str:
    notice, total = message.notice, message.notice.total()
    figures = {
        "id": message.key,
        "night": notice.night.isoformat(),
        "missed": notice.missed,
        "failed": total.failed,
        "new": total.new,
        "closed": total.closed,
        "open": total.open,
        "overdue": total.overdue,
        "due_soon": total.due_soon,
        "gaps": total.gaps,
        "unreached": total.unreached,
    }
    names = ", ".join(part.organisation.text for part in notice.parts if part.organisation.text)
    said_of = " ".join(f"{name}={value}" for name, value in figures.items())
    return f"event={notice.event.value} {said_of} organisations={names}"
