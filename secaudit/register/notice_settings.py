"""Whom a workspace tells what, and by which way (``notices:`` of secaudit.yaml)."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from secaudit.model.notice import NoticeEvent
from secaudit.model.register import Window
from secaudit.model.text import Language


class Channel(StrEnum):
    """How a notice travels."""

    MAIL = "mail"
    WEBHOOK = "webhook"
    SYSLOG = "syslog"


class Security(StrEnum):
    """How a connection to a mail server is protected: from the start, after STARTTLS (RFC 3207), not at all."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class MailSettings:
    """The mail server. ``password`` is a reference; without ``ca`` the system's authorities are trusted."""

    host: str
    port: int
    security: Security
    sender: str
    user: str = ""
    password: str = ""
    ca: Path | None = None
    timeout_s: int = 20


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    """A receiver in the own network. ``key`` is the reference of the key of the signature.

    ``own_networks`` (CIDR) are the office's own although their addresses are public ones.
    """

    url: str
    key: str
    ca: Path | None = None
    timeout_s: int = 20
    own_networks: tuple[str, ...] = ()
    sm3: bool = False


@dataclass(frozen=True, slots=True)
class SyslogSettings:
    """``address`` is a socket (``/dev/log``) or ``HOST:PORT``, the latter by ``protocol`` udp or tcp."""

    address: str = "/dev/log"
    facility: str = "local5"
    protocol: str = "udp"


@dataclass(frozen=True, slots=True)
class NoticeRule:
    """Who is told of which events: people by role, or addresses; of all systems where none is named.

    ``roles`` are those of the systems' contacts and of the contacts of organisations, who are told of all below.
    """

    events: frozenset[NoticeEvent]
    channel: Channel = Channel.MAIL
    roles: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    systems: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NoticeSettings:
    """``quiet`` are hours in which no mail is sent; ``remind_days`` before a deadline and ``escalate_days`` after it.

    A message that was not delivered within ``give_up_days`` is put aside.
    """

    language: Language
    rules: tuple[NoticeRule, ...]
    mail: MailSettings | None = None
    webhook: WebhookSettings | None = None
    syslog: SyslogSettings | None = None
    digest_days: int = 1
    per_hour: int = 500
    quiet: tuple[Window, ...] = ()
    give_up_days: int = 3
    remind_days: tuple[int, ...] = (7, 3, 1)
    escalate_days: tuple[int, ...] = (1, 7, 14, 30)
