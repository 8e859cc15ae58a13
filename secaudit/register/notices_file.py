"""``notices:`` of secaudit.yaml as pydantic reads it."""

import ipaddress
import re
from pathlib import Path
from typing import Annotated, Final, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from secaudit.language import _
from secaudit.model.notice import NoticeEvent
from secaudit.model.register import Window
from secaudit.model.text import Language
from secaudit.register.notice_settings import (
    Channel,
    MailSettings,
    NoticeRule,
    NoticeSettings,
    Security,
    SyslogSettings,
    WebhookSettings,
)
from secaudit.register.part import Many, Part
from secaudit.register.reach_values import Address, Port, is_host
from secaudit.register.values import Id, LanguageWord, Line, Role, number, one_of
from secaudit.register.windows import window_from

_EMAIL: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_REFERENCE: Final = re.compile(r"env:[A-Za-z_][A-Za-z0-9_]*|file:(/|~/)[^\x00-\x1f\x7f]+")
# syslog(3)
_FACILITIES: Final = (
    *(
        "auth",
        "authpriv",
        "cron",
        "daemon",
        "kern",
        "lpr",
        "mail",
        "news",
        "security",
        "syslog",
        "user",
        "uucp",
    ),
    *(f"local{number}" for number in range(8)),
)
# a test message is asked for by a person, no rule names it
EVENTS: Final = tuple(event.value for event in NoticeEvent if event is not NoticeEvent.TEST)


def is_email(text: str) -> bool:
    """Whether the text is an address of the plain kind (RFC 5321, no quotes, ASCII)."""
    return len(text) <= 254 and _EMAIL.fullmatch(text) is not None


def is_loopback(host: str) -> bool:
    """Whether the host is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower().removesuffix(".") == "localhost"


def _email(text: str) -> str:
    if not is_email(text):
        raise ValueError(_("an e-mail address expected, like audit@example.gov.cn"))
    return text


def _unattended(text: str) -> str:
    if not _REFERENCE.fullmatch(text):
        raise ValueError(_("a reference expected (env:NAME, file:/PATH); a secret is never written here"))
    return text


def _network(text: str) -> str:
    try:
        return str(ipaddress.ip_network(text))
    except ValueError as error:
        raise ValueError(_("a network like 59.192.0.0/10 expected")) from error


def _url(text: str) -> str:
    told = _("a URL like https://notice.example.gov.cn/secaudit expected, without user, query and fragment")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise ValueError(told) from error
    plain = re.fullmatch(r"[!-~]+", text) and not any(mark in text for mark in "@?#\\")
    if not plain or parts.scheme not in ("http", "https") or not is_host(parts.hostname or "") or port == 0:
        raise ValueError(told)
    return text


def _syslog_address(text: str) -> str:
    host, _colon, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    is_socket = text.startswith("/") and text.isprintable()
    if not is_socket and not (is_host(host) and port.isdecimal() and 0 < int(port[:6]) <= 65535):
        raise ValueError(_("a socket like /dev/log, or HOST:PORT expected"))
    return text


def _hours(text: str) -> str:
    window_from(text)
    return text


Email = Annotated[str, AfterValidator(_email)]
Reference = Annotated[str, AfterValidator(_unattended)]
Url = Annotated[str, AfterValidator(_url)]
EventWord = Annotated[str, one_of(EVENTS)]
Timeout = Annotated[int, number(1, 300)]
Days = Annotated[int, number(1, 365)]


class MailPart(Part):
    """``mail:``; ``security: none`` has to be allowed by ``allow_plain``, and carries no password."""

    host: Address
    port: Port | None = None
    security: Annotated[str, one_of(tuple(Security))] = Security.STARTTLS.value
    allow_plain: bool = False
    sender: Email
    user: Line | None = None
    password: Reference | None = None
    ca: Line | None = None
    timeout_s: Timeout = 20

    @model_validator(mode="after")
    def _protected(self) -> Self:
        plain = self.security == Security.NONE
        if plain and not self.allow_plain and not is_loopback(self.host):
            raise ValueError(_("security: tls or starttls expected; without it only with allow_plain: true"))
        if bool(self.user) != bool(self.password):
            raise ValueError(_("user and password belong together"))
        if plain and self.password:
            raise ValueError(_("a password is sent by tls or starttls only"))
        return self

    def settings(self, workspace: Path) -> MailSettings:
        security = Security(self.security)
        usual = {Security.TLS: 465, Security.STARTTLS: 587, Security.NONE: 25}[security]
        user, password = self.user or "", self.password or ""
        ca = _inside(workspace, self.ca)
        return MailSettings(
            self.host, self.port or usual, security, self.sender, user, password, ca, self.timeout_s
        )


class WebhookPart(Part):
    """``webhook:``; http only on this machine, or where ``allow_http`` says so."""

    url: Url
    key: Reference
    allow_http: bool = False
    ca: Line | None = None
    timeout_s: Timeout = 20
    own_networks: Many[Annotated[str, AfterValidator(_network)]] = ()
    sm3: bool = False

    @model_validator(mode="after")
    def _protected(self) -> Self:
        parts = urlsplit(self.url)
        if parts.scheme == "http" and not self.allow_http and not is_loopback(parts.hostname or ""):
            raise ValueError(_("https expected; http only with allow_http: true"))
        return self

    def settings(self, workspace: Path) -> WebhookSettings:
        ca = _inside(workspace, self.ca)
        return WebhookSettings(self.url, self.key, ca, self.timeout_s, self.own_networks, self.sm3)


class SyslogPart(Part):
    """``syslog:``."""

    address: Annotated[str, AfterValidator(_syslog_address)] = "/dev/log"
    facility: Annotated[str, one_of(_FACILITIES)] = "local5"
    protocol: Annotated[str, one_of(("udp", "tcp"))] = "udp"

    def settings(self) -> SyslogSettings:
        return SyslogSettings(self.address, self.facility, self.protocol)


class RulePart(Part):
    """One of ``rules:``; without ``events`` of all of them."""

    events: Many[EventWord] = ()
    channel: Annotated[str, one_of(tuple(Channel))] = Channel.MAIL.value
    roles: Many[Role] = ()
    to: Many[Email] = ()
    systems: Many[Id] = ()
    organisations: Many[Id] = ()

    @model_validator(mode="after")
    def _has_receivers(self) -> Self:
        if bool(self.roles or self.to) != (self.channel == Channel.MAIL):
            raise ValueError(_("roles or to expected for mail, and for mail only"))
        return self

    def rule(self) -> NoticeRule:
        events = frozenset(map(NoticeEvent, self.events or EVENTS))
        return NoticeRule(
            events, Channel(self.channel), self.roles, self.to, self.systems, self.organisations
        )


class NoticesPart(Part):
    """Everything under ``notices:``."""

    language: LanguageWord | None = None
    mail: MailPart | None = None
    webhook: WebhookPart | None = None
    syslog: SyslogPart | None = None
    rules: Many[RulePart]
    digest_days: Annotated[int, number(1, 31)] = 1
    per_hour: Annotated[int, number(1, 10_000)] = 500
    quiet: Many[Annotated[str, AfterValidator(_hours)]] = ()
    give_up_days: Annotated[int, number(1, 30)] = 3
    remind_days: Annotated[Many[Days], Field(min_length=1)] = (7, 3, 1)
    escalate_days: Annotated[Many[Days], Field(min_length=1)] = (1, 7, 14, 30)

    def settings(self, workspace: Path, language: Language) -> NoticeSettings:
        """``language`` is that of the workspace."""
        return NoticeSettings(
            language="zh" if (self.language or language) == "zh" else "en",
            rules=tuple(part.rule() for part in self.rules),
            mail=self.mail.settings(workspace) if self.mail else None,
            webhook=self.webhook.settings(workspace) if self.webhook else None,
            syslog=self.syslog.settings() if self.syslog else None,
            digest_days=self.digest_days,
            per_hour=self.per_hour,
            quiet=self._quiet(),
            give_up_days=self.give_up_days,
            remind_days=tuple(sorted(self.remind_days)),
            escalate_days=tuple(sorted(self.escalate_days)),
        )

    def _quiet(self) -> tuple[Window, ...]:
        return tuple(map(window_from, self.quiet))


def _inside(workspace: Path, file: str | None) -> Path | None:
    return (workspace / Path(file).expanduser()).resolve() if file else None
