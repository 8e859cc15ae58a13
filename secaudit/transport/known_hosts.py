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
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from secaudit.errors import UsageError
from secaudit.language import _

FILE_NAME = "known_hosts"
# as long as the digest of HMAC-SHA1
_SALT_BYTES = 20


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

    @property
    def is_hashed(self) -> bool:
        """Whether its names can be told by nobody who does not know them."""
        return all(name.startswith("|1|") for name in self.names)

    def matches(self, host: str) -> bool:
        """Whether a host (``host_name``) is meant; ``!pattern`` excludes it."""
        if any(name.startswith("!") and _is(name[1:], host) for name in self.names):
            return False
        return any(_is(name, host) for name in self.names)


def host_name(address: str, port: int) -> str:
    """How a host is named in the file: with the port unless it is 22."""
    return address.lower() if port == 22 else f"[{address.lower()}]:{port}"


class KnownHosts:
    """The lines of a workspace's ``known_hosts``; an absent file holds none.

    Read once, and again after a change of ours. All methods raise UsageError when the file denies itself.
    """

    def __init__(self, path: Path, *, hashed: bool = False) -> None:
        self.path = path
        self._hashed = hashed
        self._read: _Read | None = None

    def entries(self) -> tuple[Entry, ...]:
        """All lines that make sense."""
        return self._content().entries

    def keys_of(self, host: str) -> tuple[HostKey, ...]:
        """The keys trusted for a host."""
        return tuple(entry.key for entry in self._content().matching(host) if not entry.marker)

    def state(self, host: str, key: HostKey) -> KeyState:
        """What is to be thought of the key that the host presents."""
        matching = self._content().matching(host)
        if any(entry.marker == "@revoked" and entry.key == key for entry in matching):
            return KeyState.REVOKED
        trusted = [entry.key for entry in matching if not entry.marker]
        if key in trusted:
            return KeyState.KNOWN
        return KeyState.CHANGED if trusted else KeyState.UNKNOWN

    def add(self, host: str, key: HostKey) -> None:
        """Trust one more key for the host."""
        self.extend([(host, key)])

    def extend(
        self, trusted: Iterable[tuple[str, HostKey]], revoked: Iterable[tuple[str, HostKey]] = ()
    ) -> None:
        """Trust more keys and never trust others, each for its host, in one writing."""
        more = [self._line(host, key) for host, key in trusted]
        marked = [f"@revoked {self._line(host, key)}" for host, key in revoked]
        self._write([*self._lines(), *more, *marked])

    def replace(self, host: str, key: HostKey) -> None:
        """Trust only this key for the host: its name leaves every other line."""
        kept = (_without(line, host) for line in self._lines())
        self._write([*(line for line in kept if line is not None), self._line(host, key)])

    def _content(self) -> "_Read":
        if self._read is None:
            self._read = _Read(tuple(parsed(self._lines())))
        return self._read

    def _line(self, host: str, key: HostKey) -> str:
        name = _hashed_name(host) if self._hashed else host
        return f"{name} {key.type} {base64.b64encode(key.blob).decode('ascii')}"

    def _lines(self) -> list[str]:
        try:
            return self.path.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
        except FileNotFoundError:
            return []
        except OSError as error:
            raise self._denied(error) from error

    def _write(self, lines: Iterable[str]) -> None:
        """All lines at once into a file that only its owner may read; the old one stays until then."""
        text = "".join(f"{line}\n" for line in lines)
        try:
            opened, fresh = tempfile.mkstemp(prefix=f".{self.path.name}.", dir=self.path.parent)
            try:
                with os.fdopen(opened, "w", encoding="utf-8", errors="surrogateescape") as stream:
                    stream.write(text)
                Path(fresh).replace(self.path)
            finally:
                Path(fresh).unlink(missing_ok=True)
        except OSError as error:
            raise self._denied(error) from error
        self._read = None

    def _denied(self, error: OSError) -> UsageError:
        message = _("{file}: {why}").format(file=self.path, why=error.strerror)
        return UsageError(message, hint=_("The trusted host keys of the workspace are kept there."))


def parsed(lines: Iterable[str]) -> Iterator[Entry]:
    """The lines that make sense."""
    for line in lines:
        if (entry := _entry(line)) is not None:
            yield entry


class _Read:
    """Lines as read; those that name hosts in clear are found by name, a run asks for thousands."""

    def __init__(self, entries: tuple[Entry, ...]) -> None:
        self.entries = entries
        self._named: dict[str, list[int]] = {}
        self._others = [number for number, entry in enumerate(entries) if not self._is_named(number, entry)]

    def matching(self, host: str) -> list[Entry]:
        """The lines that mean a host (``host_name``), in their order."""
        named = self._named.get(host, [])
        others = [number for number in self._others if self.entries[number].matches(host)]
        return [self.entries[number] for number in sorted({*named, *others})]

    def _is_named(self, number: int, entry: Entry) -> bool:
        if any(set("*?!|") & set(name) for name in entry.names):
            return False
        for name in entry.names:
            self._named.setdefault(name.lower(), []).append(number)
        return True


def _hashed_name(host: str) -> str:
    """The host as ssh-keygen(1) -H writes it."""
    salt = os.urandom(_SALT_BYTES)
    digest = hmac.new(salt, host.encode(), hashlib.sha1).digest()
    return "|1|" + "|".join(base64.b64encode(part).decode("ascii") for part in (salt, digest))


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
