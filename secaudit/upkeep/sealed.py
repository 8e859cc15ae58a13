"""A stream that only the holder of a passphrase or of a private key can read: AES-256-GCM, chunk by chunk.

A line that names the format, a line of JSON that says how the key is had, then chunks. Each file has a key of its
own: of the passphrase by scrypt (RFC 7914) with a salt of its own, or drawn and encrypted to an RSA certificate
(RSA-OAEP). The nonce of a chunk is its number and whether it is the last one, so that chunks that are cut off,
missing or in another order are found (Hoang, Reyhanitabar, Rogaway, Vizár: STREAM); what precedes them is
authenticated with each.
"""

import io
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any, Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from secaudit.errors import UsageError
from secaudit.handover.certificate import Certificate
from secaudit.language import _

MAGIC: Final = b"secaudit-sealed/1\n"
CHUNK_BYTES: Final = 1 << 20
TAG_BYTES: Final = 16
KEY_BYTES: Final = 32
SALT_BYTES: Final = 16
HEADER_BYTES: Final = 16_384
# 64 MiB of memory and a quarter of a second; a file that asks for much more is none of ours
COST: Final = 1 << 16
COSTS: Final = tuple(str(1 << bits) for bits in range(12, 19))
BLOCK: Final = 8
NONCE_BYTES: Final = 12


@dataclass(frozen=True, slots=True)
class Drawn:
    """The key of a new file, and what its header says of how it is had again."""

    key: bytes
    told: dict[str, str]

    def found(self, _header: dict[str, Any]) -> bytes:
        """Whoever has just written a file can read it."""
        return self.key


class Seal(Protocol):
    """How the key of a new file is had. Raises UsageError."""

    def drawn(self) -> Drawn: ...


class Unseal(Protocol):
    """How the key of a file is had again from what its header says. Raises UsageError."""

    def found(self, header: dict[str, Any]) -> bytes: ...


@dataclass(frozen=True, slots=True)
class ByPassphrase:
    """Sealed and opened with the same words."""

    passphrase: bytes

    def drawn(self) -> Drawn:
        salt = os.urandom(SALT_BYTES)
        told = {"key": "scrypt", "salt": salt.hex(), "cost": str(COST)}
        return Drawn(_derived(self.passphrase, salt, COST), told)

    def found(self, header: dict[str, Any]) -> bytes:
        if header.get("key") != "scrypt":
            raise UsageError(
                _("This backup is encrypted to a certificate."),
                hint=_("Name the private key of that certificate: --key FILE"),
            )
        if header.get("cost") not in COSTS:
            raise _spoilt(_("its key is of another kind"))
        return _derived(self.passphrase, _hex(header, "salt", SALT_BYTES), int(header["cost"]))


@dataclass(frozen=True, slots=True)
class ToCertificate:
    """Sealed to whoever holds the private key of an RSA certificate."""

    certificate: Certificate

    def drawn(self) -> Drawn:
        key = self.certificate.key
        if not isinstance(key, rsa.RSAPublicKey):
            raise UsageError(
                _("{holder}: nothing can be encrypted to this certificate.").format(
                    holder=self.certificate.holder
                ),
                hint=_(
                    "A certificate of an RSA key is expected; or encrypt with a passphrase: --passphrase-from"
                ),
            )
        drawn = os.urandom(KEY_BYTES)
        wrapped = key.encrypt(drawn, _oaep()).hex()
        told = {"key": "rsa-oaep-sha256", "wrapped": wrapped, "serial": self.certificate.serial}
        return Drawn(drawn, told)


@dataclass(frozen=True, slots=True)
class ByKey:
    """Opened with the private key of the certificate."""

    key: rsa.RSAPrivateKey

    def found(self, header: dict[str, Any]) -> bytes:
        if header.get("key") != "rsa-oaep-sha256":
            raise UsageError(
                _("This backup is encrypted with a passphrase."),
                hint=_("Say where it is: --passphrase-from env:NAME"),
            )
        serial = header.get("serial", "?")
        try:
            key = self.key.decrypt(_hex(header, "wrapped", self.key.key_size // 8), _oaep())
        except ValueError as error:
            raise UsageError(
                _("This private key does not open the backup."),
                hint=_("It is encrypted to the certificate of serial {serial}.").format(serial=serial),
            ) from error
        if len(key) != KEY_BYTES:
            raise _spoilt(_("its key has another length"))
        return key


def is_sealed(stream: IO[bytes]) -> bool:
    """Whether a stream begins like a sealed one; it is where it was afterwards."""
    begin = stream.read(len(MAGIC))
    stream.seek(-len(begin), os.SEEK_CUR)
    return begin == MAGIC


class SealedWriter(io.RawIOBase):
    """What is written goes into ``target`` encrypted; only ``close`` makes it whole, and leaves the target open."""

    def __init__(self, target: IO[bytes], drawn: Drawn) -> None:
        header = (
            json.dumps({"cipher": "AES-256-GCM", "chunk": CHUNK_BYTES, **drawn.told}, sort_keys=True).encode()
            + b"\n"
        )
        self._target, self._cipher, self._header = target, AESGCM(drawn.key), MAGIC + header
        self._waiting, self._number = bytearray(), 0
        target.write(self._header)

    def writable(self) -> bool:
        return True

    def write(self, content: Any, /) -> int:
        self._waiting += content
        while len(self._waiting) > CHUNK_BYTES:  # the last chunk is told apart only when it is known to be it
            self._put(bytes(self._waiting[:CHUNK_BYTES]), last=False)
            del self._waiting[:CHUNK_BYTES]
        return len(content)

    def close(self) -> None:
        if not self.closed:
            self._put(bytes(self._waiting), last=True)
        super().close()

    def _put(self, chunk: bytes, *, last: bool) -> None:
        self._target.write(self._cipher.encrypt(_nonce(self._number, last=last), chunk, self._header))
        self._number += 1


class SealedReader(io.RawIOBase):
    """What a sealed stream holds. Raises UsageError for other words or keys, and for what was cut or changed."""

    def __init__(self, source: IO[bytes], unseal: Unseal) -> None:
        self._source = source
        self._header, said = _read_header(source)
        self._cipher = AESGCM(unseal.found(said))
        self._open, self._number, self._ended = b"", 0, False
        self._next = source.read(CHUNK_BYTES + TAG_BYTES)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        while not self._open and not self._ended:
            self._open = self._chunk()
        part = self._open[: len(buffer)]
        buffer[: len(part)] = part
        self._open = self._open[len(part) :]
        return len(part)

    def _chunk(self) -> bytes:
        sealed, self._next = self._next, self._source.read(CHUNK_BYTES + TAG_BYTES)
        self._ended = not self._next
        try:
            opened = self._cipher.decrypt(_nonce(self._number, last=self._ended), sealed, self._header)
        except InvalidTag as error:
            if self._number == 0:
                raise UsageError(
                    _("The backup cannot be opened: another passphrase or key, or its beginning is damaged."),
                    hint=_("Try the one that was in use when it was made."),
                ) from error
            raise _spoilt(_("it is damaged or cut off after {mib} MiB").format(mib=self._number)) from error
        self._number += 1
        return opened


def _read_header(source: IO[bytes]) -> tuple[bytes, dict[str, Any]]:
    magic, line = source.readline(len(MAGIC)), source.readline(HEADER_BYTES)
    try:
        said = json.loads(line) if line.endswith(b"\n") else None
    except (ValueError, RecursionError):
        said = None
    if magic != MAGIC or not isinstance(said, dict):
        raise _spoilt(_("its beginning is none of a backup"))
    if (said.get("cipher"), said.get("chunk")) != ("AES-256-GCM", CHUNK_BYTES):
        raise _spoilt(_("another version of secaudit encrypted it"))
    return magic + line, said


def _derived(passphrase: bytes, salt: bytes, cost: int) -> bytes:
    return Scrypt(salt=salt, length=KEY_BYTES, n=cost, r=BLOCK, p=1).derive(passphrase)


def _oaep() -> padding.OAEP:
    return padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(NONCE_BYTES - 1, "big") + bytes([last])


def _hex(header: dict[str, Any], name: str, size_bytes: int) -> bytes:
    try:
        found = bytes.fromhex(header[name])
    except (KeyError, TypeError, ValueError) as error:
        raise _spoilt(_("its beginning is none of a backup")) from error
    if len(found) != size_bytes:
        raise _spoilt(_("its key is of another kind"))
    return found


def _spoilt(reason: str) -> UsageError:
    return UsageError(
        _("The backup cannot be used: {reason}.").format(reason=reason),
        hint=_("Take another one; each can be checked with: secaudit backup --check FILE"),
    )


# what opens a sealed file; asked for only where one is
Unsealing = Callable[[], Unseal]
