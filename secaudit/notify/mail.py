"""Notices as e-mail: SMTP (RFC 5321) with the certificate verified, every step limited in time."""

import smtplib
import socket
from collections.abc import Callable
from contextlib import ExitStack, suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from types import TracebackType
from typing import Any, Final, Self

from secaudit.errors import SecauditError
from secaudit.language import _
from secaudit.notify.connecting import Budget, connected, cut_off, said, tls
from secaudit.notify.letters import Letter
from secaudit.notify.message import Message
from secaudit.notify.outcome import Down, Later, Never, Outcome, Sent, Unsure
from secaudit.register.notice_settings import MailSettings, Security
from secaudit.register.times import in_zone
from secaudit.report.safe import shown

_LINES_LIMIT: Final = 100
_LINE_BYTES: Final = 2048
# what could end a display name early, or start another address (RFC 5322)
_SPECIALS: Final = str.maketrans(dict.fromkeys('()<>[]:;@\\,."'))


def mail_of(message: Message, letter: Letter, sender: str, office: str) -> EmailMessage:
    """The message as MIME: text with HTML as alternative, in UTF-8; the same bytes at every attempt."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(office.translate(_SPECIALS), addr_spec=sender)
    mail["To"] = Address(message.receiver.name.translate(_SPECIALS), addr_spec=message.receiver.address)
    mail["Subject"] = letter.subject
    mail["Date"] = format_datetime(in_zone(message.made).replace(microsecond=0))
    mail["Message-ID"] = f"<{message.key}@{sender.partition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody answers it automatically
    mail["Content-Language"] = "zh-CN" if message.language == "zh" else "en"
    encoding = "base64" if message.language == "zh" else "quoted-printable"
    mail.set_content(letter.text, cte=encoding)
    mail.add_alternative(letter.html, subtype="html", cte=encoding)
    mail.set_boundary(f"=_{message.key}")
    return mail


class _Server(smtplib.SMTP):
    """A connection that we make ourselves, with answers of a limited length."""

    def __init__(self, connect: Callable[[], socket.socket], name: str) -> None:
        self._connect = connect
        super().__init__(local_hostname=name)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return self._connect()

    def log_in(self, user: str, password: str) -> None:
        """By one mechanism, the first that both know: each refusal counts against the account."""
        offered = self.esmtp_features.get("auth", "").upper().split()
        known: dict[str, Any] = {
            "PLAIN": self.auth_plain,
            "LOGIN": self.auth_login,
            "CRAM-MD5": self.auth_cram_md5,
        }
        self.user, self.password = user, password
        for name, answer in known.items():
            if name in offered:
                self.auth(name, answer)
                return
        raise smtplib.SMTPNotSupportedError(_("it offers no login that is known"))

    def getreply(self) -> tuple[int, bytes]:
        """One answer (RFC 5321, section 4.2). Raises SMTPServerDisconnected, SMTPResponseException."""
        if self.file is None:
            self.file = self.sock.makefile("rb")  # type: ignore[union-attr]
        lines: list[bytes] = []
        while len(lines) < _LINES_LIMIT:
            line = self._line()
            lines.append(line[4:].strip(b" \t\r\n"))
            if line[3:4] != b"-":
                code = int(line[:3]) if line[:3].isdigit() else -1
                return code, b"\n".join(lines)
        self.close()
        raise smtplib.SMTPResponseException(500, "the answer has too many lines")

    def _line(self) -> bytes:
        try:
            line: bytes = self.file.readline(_LINE_BYTES + 1)  # type: ignore[union-attr]
        except OSError as error:
            self.close()
            raise smtplib.SMTPServerDisconnected(said(error)) from error
        if not line or len(line) > _LINE_BYTES:
            self.close()
            raise smtplib.SMTPServerDisconnected(_("the connection was closed"))
        return line


class Mailer:
    """Hands messages to the mail server over one connection, made when the first is sent."""

    def __init__(self, settings: MailSettings, password: Callable[[], str], office: str) -> None:
        self._settings = settings
        self._password = password
        self._office = office
        self._server: _Server | None = None
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None and self._server.sock is not None:
            with suppress(smtplib.SMTPException, OSError):
                self._server.quit()
        self._drop()

    def send(self, message: Message, letter: Letter, budget: Budget) -> Outcome:
        """One attempt."""
        try:
            content = mail_of(message, letter, self._settings.sender, self._office).as_bytes()
        except (ValueError, IndexError) as error:  # an address that the library does not accept
            return Never(shown(str(error), 200))
        try:
            server = self._ready(budget)
        except (OSError, smtplib.SMTPException, SecauditError) as error:
            self._drop()
            return Down(_reason(error))
        try:
            return self._hand_over(server, message.receiver.address, content, budget)
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            is_silent = isinstance(error, TimeoutError) or isinstance(error.__cause__, TimeoutError)
            return Down(_reason(error)) if is_silent else Later(_reason(error))

    def _ready(self, budget: Budget) -> _Server:
        """The server, greeted and logged in to."""
        if self._server is not None and self._server.sock is not None:
            self._server.sock.settimeout(budget.timeout_s(self._settings.timeout_s))
            return self._server
        self._drop()
        settings, limit_s = self._settings, self._settings.timeout_s
        context = tls(settings.ca)

        def connect() -> socket.socket:
            opened = connected(settings.host, settings.port, budget, limit_s)
            self._stack.callback(opened.close)
            self._stack.enter_context(cut_off(opened, budget.left_s()))
            if settings.security is Security.TLS:
                opened = context.wrap_socket(opened, server_hostname=settings.host)
            return opened

        server = self._server = _Server(connect, settings.sender.partition("@")[2])
        _accepted(server.connect(settings.host, settings.port))
        if settings.security is Security.STARTTLS:
            server._host = settings.host  # type: ignore[attr-defined]  # the name that the certificate must bear
            server.starttls(context=context)
        server.ehlo_or_helo_if_needed()
        if settings.user:
            self._log_in(server)
        return server

    def _log_in(self, server: _Server) -> None:
        password = self._password()
        try:
            server.log_in(self._settings.user, password)
        except smtplib.SMTPAuthenticationError as error:  # what the server says might repeat the password
            raise smtplib.SMTPException(
                _("it refuses user or password ({code})").format(code=error.smtp_code)
            ) from None

    def _hand_over(self, server: _Server, address: str, content: bytes, budget: Budget) -> Outcome:
        """The transaction of one message; after its last byte nobody knows how it ends until an answer comes."""
        code, told = server.mail(
            self._settings.sender, [f"size={len(content)}"] if server.has_extn("size") else []
        )
        if code != 250:
            self._reset(server)
            return Down(_answer(code, told))
        code, told = server.rcpt(address)
        if code not in (250, 251):
            self._reset(server)
            return _refusal(code, told)
        code, told = server.docmd("DATA")
        if code != 354:
            self._reset(server)
            return _refusal(code, told)
        server.send(_dotted(content))
        try:
            code, told = server.getreply()
        except smtplib.SMTPException as error:
            self._drop()
            return Unsure(_reason(error))
        return Sent() if 200 <= code < 300 else _refusal(code, told)

    def _reset(self, server: _Server) -> None:
        """The transaction is given up, the connection kept where that works."""
        try:
            server.rset()
        except (OSError, smtplib.SMTPException):
            self._drop()

    def _drop(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        self._stack.close()


def _dotted(content: bytes) -> bytes:
    """Lines that start with a dot get another, and the last line is a dot (RFC 5321, section 4.5.2)."""
    lines = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    dotted = b"\r\n".join(b"." + line if line.startswith(b".") else line for line in lines)
    return dotted.removesuffix(b"\r\n") + b"\r\n.\r\n"


def _accepted(reply: tuple[int, bytes]) -> None:
    code, told = reply
    if code != 220:
        raise smtplib.SMTPException(_answer(code, told))


def _refusal(code: int, told: bytes) -> Outcome:
    """4xx passes, 5xx does not (RFC 5321, section 4.2.1); what is no code at all may pass."""
    return Never(_answer(code, told)) if 500 <= code < 600 else Later(_answer(code, told))


def _answer(code: int, told: bytes) -> str:
    return shown(f"{code} {' '.join(told.decode('utf-8', 'replace').split())}".strip(), 200)


def _reason(error: BaseException) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        told = error.smtp_error
        return _answer(error.smtp_code, told if isinstance(told, bytes) else str(told).encode())
    return shown(said(error), 200)
