"""Somebody else's known_hosts file held against the register: which of its keys may be trusted from now on."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.transport.known_hosts import Entry, HostKey, KeyState, KnownHosts, parsed
from secaudit.transport.ssh_algorithms import KEY_TYPES

SIZE_LIMIT_BYTES = 16_000_000


class Standing(StrEnum):
    """What importing a key would do. DIFFERS and KNOWN do nothing."""

    NEW = "new"
    KNOWN = "known"
    DIFFERS = "differs"
    REVOKED = "revoked"
    TO_REVOKE = "to_revoke"


@dataclass(frozen=True, slots=True)
class Offer:
    """A key of the file for a registered host (``host_name``)."""

    host: str
    key: HostKey
    standing: Standing


@dataclass(frozen=True, slots=True)
class Listed:
    """A file as read: its lines that make sense, and how many make none."""

    entries: tuple[Entry, ...]
    unreadable: int


def listed_in(path: Path) -> Listed:
    """The lines of a known_hosts file. Raises UsageError for what cannot be read."""
    try:
        with path.open("rb") as stream:
            content = stream.read(SIZE_LIMIT_BYTES + 1)
    except OSError as error:
        raise UsageError(_("{file}: {why}").format(file=path, why=error.strerror)) from error
    if len(content) > SIZE_LIMIT_BYTES:
        told = _("{file} is larger than {limit} bytes.")
        raise UsageError(told.format(file=path, limit=SIZE_LIMIT_BYTES))
    lines = content.decode("utf-8", "surrogateescape").splitlines()
    said = sum(1 for line in lines if line.strip() and not line.lstrip().startswith("#"))
    entries = tuple(parsed(lines))
    return Listed(entries, said - len(entries))


def offers(listed: Listed, hosts: Iterable[str], known: KnownHosts) -> Iterator[Offer]:
    """What the file says of registered hosts, each key once."""
    for host in dict.fromkeys(hosts):
        matching = [entry for entry in listed.entries if entry.matches(host) and is_spoken(entry)]
        revoked = dict.fromkeys(entry.key for entry in matching if entry.marker == "@revoked")
        for key in dict.fromkeys(entry.key for entry in matching if not entry.marker):
            if key not in revoked:
                yield Offer(host, key, _standing(known, host, key))
        for key in revoked:
            done = known.state(host, key) is KeyState.REVOKED
            yield Offer(host, key, Standing.REVOKED if done else Standing.TO_REVOKE)


def is_spoken(entry: Entry) -> bool:
    """Whether a host can prove to hold such a key to us."""
    return entry.key.type in KEY_TYPES


def left_out(listed: Listed, hosts: Iterable[str]) -> Mapping[str, int]:
    """What is not imported, by kind: ``authority``, ``type``, ``others``, ``unreadable``."""
    names = list(hosts)
    authority = [entry for entry in listed.entries if entry.marker == "@cert-authority"]
    plain = [entry for entry in listed.entries if entry.marker != "@cert-authority"]
    ours = [entry for entry in plain if any(entry.matches(name) for name in names)]
    return {
        "authority": len(authority),
        "type": sum(not is_spoken(entry) for entry in ours),
        "others": len(plain) - len(ours),
        "unreadable": listed.unreadable,
    }


def _standing(known: KnownHosts, host: str, key: HostKey) -> Standing:
    """A host has a key of each type: another one of a type that is known differs, one of a new type is new."""
    match known.state(host, key):
        case KeyState.KNOWN:
            return Standing.KNOWN
        case KeyState.REVOKED:
            return Standing.REVOKED
        case _:
            same_type = any(trusted.type == key.type for trusted in known.keys_of(host))
            return Standing.DIFFERS if same_type else Standing.NEW
