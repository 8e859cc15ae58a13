"""The host keys of a workspace: its file ``known_hosts`` in the format of sshd(8), the only one that counts.

``[10.0.0.7]:2222 ssh-ed25519 AAAA…``; names may be hashed (``|1|salt|hash``) or patterns, ``@revoked`` binds,
``@cert-authority`` is not used. A line that cannot be read lets nobody in.
"""

import base64
import binascii
import fnmatch
import hashlib
import hmac
import os
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

FILE_NAME = "known_hosts"


class KeyState(StrEnum):
    """What the workspace says about a key that a host presents."""

    KNOWN = "known"
    UNKNOWN = "unknown"
    CHANGED = "changed"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class HostKey:
    """A public host key: its type (``ssh-ed25519``) and its blob (RFC 4253 6.6)."""

    type: str
    blob: bytes

    @property
    def fingerprint(self) -> str:
        """``SHA256:…`` as ssh-keygen(1) -l shows it."""
        digest = hashlib.sha256(self.blob).digest()
        return "SHA256:" + base64.b64encode(digest).decode("ascii").rstrip("=")


@dataclass(frozen=True, slots=True)
class Entry:
    """A line: its marker ("" or ``@revoked`` …), its names as written, its key, its text."""

    marker: str
    names: tuple[str, ...]
    key: HostKey
    text: str

    def matches(self, host: str) -> bool:
        """Whether a host (``host_name``) is meant; ``!pattern`` excludes it."""
        if any(name.startswith("!") and _is(name[1:], host) for name in self.names):
            return False
        return any(_is(name, host) for name in self.names)


def host_name(address: str, port: int) -> str:
    """How a host is named in the file: with the port unless it is 22."""
    return address.lower() if port == 22 else f"[{address.lower()}]:{port}"


class KnownHosts:
    """The lines of a workspace's ``known_hosts``; an absent file holds none."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def entries(self) -> tuple[Entry, ...]:
        """All lines that can be read. Raises OSError."""
        try:
            text = self.path.read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return ()
        return tuple(entry for line in text.splitlines() if (entry := _entry(line)) is not None)

    def keys_of(self, host: str) -> tuple[HostKey, ...]:
        """The keys trusted for a host."""
        return tuple(e.key for e in self.entries() if not e.marker and e.matches(host))

    def state(self, host: str, key: HostKey) -> KeyState:
        """What is to be thought of the key that the host presents."""
        matching = [entry for entry in self.entries() if entry.matches(host)]
        if any(entry.marker == "@revoked" and entry.key == key for entry in matching):
            return KeyState.REVOKED
        trusted = [entry.key for entry in matching if not entry.marker]
        if key in trusted:
            return KeyState.KNOWN
        return KeyState.CHANGED if trusted else KeyState.UNKNOWN

    def add(self, host: str, key: HostKey) -> None:
        """Append a line. Raises OSError."""
        self._append([f"{host} {key.type} {base64.b64encode(key.blob).decode('ascii')}"])

    def replace(self, host: str, key: HostKey) -> None:
        """Trust only this key for the host: its name leaves every other line, all at once. Raises OSError."""
        lines = self.path.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
        kept = [rest for line in lines if (rest := _without(line, host)) is not None]
        kept.append(f"{host} {key.type} {base64.b64encode(key.blob).decode('ascii')}")
        fresh = self.path.with_name(f"{self.path.name}.new")
        fresh.unlink(missing_ok=True)
        _write(fresh, os.O_CREAT | os.O_EXCL, kept)
        fresh.replace(self.path)

    def _append(self, lines: Iterable[str]) -> None:
        ends_open = self.path.exists() and self.path.read_bytes()[-1:] not in (b"", b"\n")
        _write(self.path, os.O_CREAT | os.O_APPEND, ([""] if ends_open else []) + list(lines))


def _write(path: Path, flags: int, lines: Iterable[str]) -> None:
    opened = os.open(path, flags | os.O_WRONLY | os.O_CLOEXEC, 0o600)
    with os.fdopen(opened, "w", encoding="utf-8", errors="surrogateescape") as stream:
        stream.writelines(f"{line}\n" for line in lines)


def _entry(line: str) -> Entry | None:
    fields = line.split()
    marker = fields.pop(0) if fields and fields[0].startswith("@") else ""
    if len(fields) < 3 or fields[0].startswith("#"):
        return None
    try:
        blob = base64.b64decode(fields[2], validate=True)
    except (binascii.Error, ValueError):
        return None
    return Entry(marker, tuple(fields[0].split(",")), HostKey(fields[1], blob), line)


def _without(line: str, host: str) -> str | None:
    """The line without the host's own name; None when no name is left. Patterns and marked lines stay."""
    entry = _entry(line)
    if entry is None or entry.marker or not entry.matches(host):
        return line
    left = [name for name in entry.names if not _names(name, host)]
    return f"{','.join(left)} {line.split(None, 1)[1]}" if left else None


def _is(name: str, host: str) -> bool:
    if _names(name, host):
        return True
    if "*" not in name and "?" not in name:
        return False
    return fnmatch.fnmatchcase(host, name.lower().replace("[", "[[]"))


def _names(name: str, host: str) -> bool:
    """The host itself, in clear or hashed (HMAC-SHA1 of the name with the salt as key)."""
    if not name.startswith("|1|"):
        return name.lower() == host
    try:
        salt, digest = (base64.b64decode(part, validate=True) for part in name[3:].split("|"))
    except (binascii.Error, ValueError):
        return False
    return hmac.compare_digest(hmac.new(salt, host.encode(), hashlib.sha1).digest(), digest)
