"""The values that say how an asset is reached: what is accepted, and what is said of everything else.

Like `values`: a ValueError says what was expected, never the value itself, which may be a secret.
"""

import ipaddress
import re
from collections.abc import Collection
from difflib import get_close_matches
from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator, Field

from secaudit.entries import TRANSPORTS as TRANSPORT_PLUGINS
from secaudit.entries import entries_of
from secaudit.language import _
from secaudit.model.register import Sudo
from secaudit.model.weak_algorithms import GONE, WEAK_ALGORITHMS
from secaudit.register.kinds import TRANSPORTS
from secaudit.register.values import Id, has_control_characters, one_of

_LABEL: Final = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")
_ENV: Final = re.compile(r"env:[A-Za-z_][A-Za-z0-9_]*")
_FINGERPRINT: Final = re.compile(r"SHA256:[A-Za-z0-9+/]{43}")


def _port(number: int) -> int:
    if not 1 <= number <= 65535:
        raise ValueError(_("a port from 1 to 65535 expected"))
    return number


def is_host(text: str) -> bool:
    """Whether the text is an IPv4 or IPv6 address or a host name (RFC 1123, underscores allowed)."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        labels = text.removesuffix(".").split(".")
        named = len(text) <= 253 and all(_LABEL.fullmatch(label) for label in labels)
        return named and not labels[-1].isdecimal()
    return True


def _address(text: str) -> str:
    if not is_host(text):
        inside = re.fullmatch(r"\[([^]]*)\](:\d+)?|([^:]+):\d+", text)
        if inside and is_host(inside[1] or inside[3] or ""):
            raise ValueError(
                _("an address without brackets and without a port expected; port: stands under reach:")
            )
        raise ValueError(_("an IP address or a host name expected"))
    return text


def _reference(text: str, words: Collection[str]) -> str:
    path = text.removeprefix("file:")
    is_file = path != text and path.startswith(("/", "~/")) and not has_control_characters(path)
    if text not in words and not is_file and not _ENV.fullmatch(text):
        forms = ["env:NAME", "file:/PATH", *words]
        raise ValueError(
            _("a reference expected ({forms}); a secret is never written here").format(forms=", ".join(forms))
        )
    return text


def _secret(text: str) -> str:
    return _reference(text, ("prompt",))


def _key(text: str) -> str:
    return _reference(text, ("agent",))


def _user(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._@\\-]{0,63}", text):
        raise ValueError(_("a user name expected"))
    return text


def _agent_key(text: str) -> str:
    if not _FINGERPRINT.fullmatch(text):
        raise ValueError(_("a fingerprint like SHA256:… expected, as ssh-add -l shows it"))
    return text


def _weak_algorithm(text: str) -> str:
    choices = ", ".join(WEAK_ALGORITHMS)
    if text in GONE:
        told = _(
            "it is not spoken any more (one of {choices} expected); let such a host run the collector bundle"
        )
        raise ValueError(told.format(choices=choices))
    if text not in WEAK_ALGORITHMS:
        raise ValueError(_("one of {choices} expected").format(choices=choices))
    return text


def _several(read: object) -> object:
    """A single value stands for a list of one."""
    return (read,) if isinstance(read, str) else read


def _transport(text: str) -> str:
    """A word of ours or of an installed plug-in, whether that works or not: its assets are gaps then."""
    if text not in TRANSPORTS:
        known = (*TRANSPORTS, *dict.fromkeys(entry.name for entry in entries_of(TRANSPORT_PLUGINS)))
        if text not in known:
            raise ValueError(_not_among(text, known))
    return text


def _not_among(text: str, known: tuple[str, ...]) -> str:
    told = _("one of {choices} expected").format(choices=", ".join(known))
    near = ", ".join(get_close_matches(text.lower(), known, n=3))
    return told + (_("; did you mean: {names}").format(names=near) if near else "")


Port = Annotated[int, AfterValidator(_port)]
Address = Annotated[str, AfterValidator(_address)]
SecretReference = Annotated[str, AfterValidator(_secret)]
KeyReference = Annotated[str, AfterValidator(_key)]
AgentKey = Annotated[str, AfterValidator(_agent_key)]
WeakAlgorithm = Annotated[str, AfterValidator(_weak_algorithm)]
JumpIds = Annotated[tuple[Id, ...], BeforeValidator(_several), Field(strict=False)]
User = Annotated[str, AfterValidator(_user)]
SudoWord = Annotated[str, one_of(tuple(Sudo))]
TransportWord = Annotated[str, AfterValidator(_transport)]
Protocol = Annotated[str, one_of(("tcp", "udp"))]
