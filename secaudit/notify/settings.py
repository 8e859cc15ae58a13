"""The settings of notices as a workspace has them, held against the rule of what is no place for a notice."""

import ipaddress
from collections.abc import Iterable, MutableMapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from secaudit.content.folder import content_dir
from secaudit.document import read_document
from secaudit.errors import ContentError, UsageError
from secaudit.language import _
from secaudit.register.loading import WORKSPACE_FILE, load_settings
from secaudit.register.notice_settings import NoticeSettings
from secaudit.transport.secrets import read_private

TEMPLATE: Final = "notices"


@dataclass(frozen=True, slots=True)
class Refused:
    """``networks`` are the own ones by address; ``hosts`` are robots of public clouds, with all below them."""

    networks: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]
    hosts: tuple[str, ...]

    def robot(self, host: str) -> bool:
        """Whether the host is one of a public cloud."""
        name = host.lower().removesuffix(".")
        return any(name == one or name.endswith(f".{one}") for one in self.hosts)

    def is_own(self, address: str, more: Iterable[str] = ()) -> bool:
        """Whether the address is of the own network: private, or of ``more`` networks."""
        found = ipaddress.ip_address(address.partition("%")[0])
        mapped = getattr(found, "ipv4_mapped", None) or found
        own = (*self.networks, *map(ipaddress.ip_network, more))
        return any(mapped in network for network in own if network.version == mapped.version)


@dataclass(frozen=True, slots=True)
class Secrets:
    """What references of the settings stand for; shown nowhere."""

    values: dict[str, str] = field(repr=False)

    def of(self, reference: str) -> str:
        """Raises UsageError naming the reference."""
        if reference in self.values:
            return self.values[reference]
        if reference.startswith("env:"):
            raise UsageError(_("The credential {reference} is not set.").format(reference=reference))
        try:
            return read_private(Path(reference.removeprefix("file:")).expanduser())
        except UsageError as error:
            raise UsageError(f"{reference}: {error}", hint=error.hint) from error


def load_notices(workspace: Path) -> NoticeSettings | None:
    """The settings, None where nobody is to be told. Raises ContentError with file and line, UsageError."""
    settings = load_settings(workspace).notices
    if settings is None or settings.webhook is None:
        return settings
    host = urlsplit(settings.webhook.url).hostname or ""
    told = why_refused(host, settings.webhook.own_networks)
    if told:
        document = read_document(workspace / WORKSPACE_FILE, WORKSPACE_FILE)
        raise ContentError((document.problem(("notices", "webhook", "url"), host, told),))
    return settings


def why_refused(host: str, own_networks: Iterable[str]) -> str:
    """Why a webhook must not be there; "" where nothing speaks against it. A name is looked up when it is used."""
    rule = refused()
    if rule.robot(host):
        return _("a receiver in the own network expected: this is a robot of a public cloud")
    try:
        address = str(ipaddress.ip_address(host))
    except ValueError:
        return ""
    if not rule.is_own(address, own_networks):
        return _("an address of the own network expected; own public ones are named in own_networks")
    return ""


def refused() -> Refused:
    """The rule, from ``reports/notices/receivers.yaml``. Raises ContentError."""
    data: dict[str, Any] = read_document(content_dir("reports") / TEMPLATE / "receivers.yaml").data
    return Refused(tuple(map(ipaddress.ip_network, data["own_networks"])), tuple(data["public_robots"]))


def take_secrets(settings: NoticeSettings, environ: MutableMapping[str, str]) -> Secrets:
    """The secrets that the settings name by ``env:``; they leave the environment, so no child inherits them."""
    named = {settings.mail.password} if settings.mail else set()
    named |= {settings.webhook.key} if settings.webhook else set()
    values = {
        one: environ.pop(one.removeprefix("env:"))
        for one in named
        if one.startswith("env:") and environ.get(one.removeprefix("env:"))
    }
    return Secrets(values)
