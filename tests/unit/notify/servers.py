"""Servers on loopback that notices are sent to: real ones, and such as misbehave."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.ports import unused_port

PASSWORD = "synthetic-password-for-tests"
TIME = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Certificates:
    """PEM files: an authority, a certificate of ``localhost`` by it with its key, and one of another name."""

    ca: Path
    good: Path
    other: Path

    def context(self, file: Path) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context


def make_certificates(folder: Path) -> Certificates:
    authority = ec.generate_private_key(ec.SECP256R1())
    root = _certificate("test authority", authority, "test authority", authority, is_ca=True)
    (folder / "ca.pem").write_bytes(root.public_bytes(serialization.Encoding.PEM))
    for file, name in (("good.pem", "localhost"), ("other.pem", "elsewhere.example")):
        key = ec.generate_private_key(ec.SECP256R1())
        made = _certificate(name, key, "test authority", authority, is_ca=False)
        (folder / file).write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + made.public_bytes(serialization.Encoding.PEM)
        )
    return Certificates(folder / "ca.pem", folder / "good.pem", folder / "other.pem")


def _certificate(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: str,
    signer: ec.EllipticCurvePrivateKey,
    *,
    is_ca: bool,
) -> x509.Certificate:
    now = datetime.now(UTC)
    subject, by = (x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, one)]) for one in (name, issuer))
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(signer, hashes.SHA256())
    )


@dataclass
class MailServer:
    """What a mail server was handed. ``answers``: address → what RCPT is answered; ``before``: calls of DATA first."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    receivers: list[str] = field(default_factory=list)
    logins: list[tuple[bytes, bytes]] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    data_answers: list[str] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 - the name that aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.answers.get(address, self.answers.get("*", "250 OK"))
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.data_answers and not (answer := self.data_answers.pop(0)).startswith("250"):
            return answer
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        self.receivers += envelope.rcpt_tos
        self.encrypted.append(session.ssl is not None)
        return "250 taken"

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, way: str, data: Any
    ) -> AuthResult:
        self.logins.append((data.login, data.password))
        return AuthResult(success=data.password == PASSWORD.encode(), handled=False)


@contextmanager
def mail_server(context: ssl.SSLContext | None = None, *, login: bool = False) -> Iterator[MailServer]:
    """A real SMTP server on loopback; with STARTTLS where a context is given."""
    taken = MailServer(unused_port())
    controller = Controller(
        taken,
        hostname="127.0.0.1",
        port=taken.port,
        tls_context=context,
        authenticator=taken.authenticate,
        auth_required=login,
        auth_require_tls=True,
    )
    controller.start()
    try:
        yield taken
    finally:
        controller.stop()


@dataclass
class Nasty:
    """A server that answers a line at a time as its script says; ``heard`` are the lines that it was sent."""

    port: int
    heard: list[bytes] = field(default_factory=list)
    connections: int = 0


@contextmanager
def nasty(serve: Callable[[socket.socket, Nasty], None]) -> Iterator[Nasty]:
    """Calls ``serve`` for each connection, in one thread; ends when the test does."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = Nasty(listening.getsockname()[1])

    def run() -> None:
        while True:
            try:
                connection, _address = listening.accept()
            except OSError:
                return
            server.connections += 1
            with connection, suppress(OSError):
                connection.settimeout(5)
                serve(connection, server)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(5)


def talk(connection: socket.socket, server: Nasty, answers: dict[bytes, bytes]) -> None:
    """Greets and answers each command by its first four letters; None of them: it hangs until the client leaves."""
    connection.sendall(answers[b"GREET"])
    stream, in_data = connection.makefile("rb"), False
    for line in stream:
        server.heard.append(line)
        if in_data and line != b".\r\n":
            continue
        answer = answers.get(b"." if in_data else line[:4].upper().strip(), b"")
        in_data = not in_data and answer.startswith(b"354")
        if answer == b"CLOSE":
            return
        connection.sendall(answer)


PLAIN = {
    b"GREET": b"220 test\r\n",
    b"EHLO": b"250 test\r\n",
    b"MAIL": b"250 ok\r\n",
    b"RCPT": b"250 ok\r\n",
    b"DATA": b"354 go on\r\n",
    b".": b"250 taken\r\n",
    b"RSET": b"250 ok\r\n",
    b"QUIT": b"221 bye\r\n",
}


@dataclass
class Hook:
    """A receiver of webhooks: answers with these statuses in turn, then with 204; keeps what came."""

    port: int
    statuses: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    taken: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    refused: int = 0


@contextmanager
def hook(context: ssl.SSLContext | None = None) -> Iterator[Hook]:
    """A real HTTP server on loopback; with TLS where a context is given."""
    made: list[Hook] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            taken = made[0]
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = taken.statuses.pop(0) if taken.statuses else 204
            if 200 <= status < 300:
                taken.taken.append((self.path, dict(self.headers), body))
            else:
                taken.refused += 1
            self.send_response(status)
            for name, value in taken.headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            """Nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    made.append(Hook(server.server_address[1]))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield made[0]
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
