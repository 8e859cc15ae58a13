"""Who signed a bundle's seal: SSH signatures (OpenSSH's PROTOCOL.sshsig), or openssl's of RSA and ECDSA keys."""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from secaudit.errors import UsageError
from secaudit.language import _

NAMESPACE: Final = b"secaudit-bundle"
MAGIC: Final = b"SSHSIG"
VERSION: Final = 1
DIGESTS: Final = {b"sha256": hashlib.sha256, b"sha512": hashlib.sha512}
RSA_BITS: Final = 2048
CURVES: Final = {
    b"ecdsa-sha2-nistp256": hashes.SHA256(),
    b"ecdsa-sha2-nistp384": hashes.SHA384(),
    b"ecdsa-sha2-nistp521": hashes.SHA512(),
}
RSA: Final = {b"rsa-sha2-256": hashes.SHA256(), b"rsa-sha2-512": hashes.SHA512()}
ARMOUR: Final = re.compile(rb"-----BEGIN SSH SIGNATURE-----\n([A-Za-z0-9+/=\n]+)-----END SSH SIGNATURE-----")
OPENSSL: Final = re.compile(rb"openssl sha256\n([A-Za-z0-9+/=\n]+)")

Key = ed25519.Ed25519PublicKey | rsa.RSAPublicKey | ec.EllipticCurvePublicKey


class _Malformed(Exception):
    """A signature that is not built as its format says."""


@dataclass(frozen=True, slots=True)
class Signer:
    """A public key that the office trusts."""

    key: Key

    @property
    def fingerprint(self) -> str:
        """As ssh-keygen -l prints it."""
        digest = hashlib.sha256(self._blob()).digest()
        return "SHA256:" + base64.b64encode(digest).decode("ascii").rstrip("=")

    def signed(self, sealed: bytes, signature: bytes) -> bool:
        """Whether this key made that signature of the sealed text. Never raises: anything else is False."""
        try:
            if found := ARMOUR.fullmatch(signature):
                self._ssh(sealed, _decoded(found[1]))
            elif found := OPENSSL.fullmatch(signature):
                self._openssl(sealed, _decoded(found[1]))
            else:
                return False
        except (InvalidSignature, UnsupportedAlgorithm, _Malformed):
            return False
        return True

    def _blob(self) -> bytes:
        line = self.key.public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
        return base64.b64decode(line.split()[1])

    def _ssh(self, sealed: bytes, blob: bytes) -> None:
        """byte[6] MAGIC, uint32 version, strings: public key, namespace, reserved, hash, signature."""
        begin = MAGIC + VERSION.to_bytes(4)
        if not blob.startswith(begin):
            raise _Malformed
        public, namespace, reserved, name, signature = _strings(blob[len(begin) :], 5)
        if public != self._blob() or namespace != NAMESPACE or name not in DIGESTS:
            raise _Malformed
        message = MAGIC + b"".join(
            len(part).to_bytes(4) + part
            for part in (namespace, reserved, name, DIGESTS[name](sealed).digest())
        )
        kind, value = _strings(signature, 2)
        self._verify(kind, value, message)

    def _verify(self, kind: bytes, value: bytes, message: bytes) -> None:
        match self.key:
            case ed25519.Ed25519PublicKey() if kind == b"ssh-ed25519":
                self.key.verify(value, message)
            case rsa.RSAPublicKey() if kind in RSA:
                self.key.verify(value, message, padding.PKCS1v15(), RSA[kind])
            case ec.EllipticCurvePublicKey() if kind in CURVES:
                r, s = (int.from_bytes(part) for part in _strings(value, 2))
                self.key.verify(encode_dss_signature(r, s), message, ec.ECDSA(CURVES[kind]))
            case _:
                raise _Malformed

    def _openssl(self, sealed: bytes, signature: bytes) -> None:
        match self.key:
            case rsa.RSAPublicKey():
                self.key.verify(signature, sealed, padding.PKCS1v15(), hashes.SHA256())
            case ec.EllipticCurvePublicKey():
                self.key.verify(signature, sealed, ec.ECDSA(hashes.SHA256()))
            case _:
                raise _Malformed


def signer_of(path: Path) -> Signer:
    """The public key of a file (``id_ed25519.pub`` or PEM). Raises UsageError."""
    try:
        content = path.read_bytes()
        if content.lstrip().startswith(b"-----BEGIN PUBLIC KEY"):
            key = serialization.load_pem_public_key(content)
        else:
            key = serialization.load_ssh_public_key(content.strip())
    except OSError as error:
        raise UsageError(_("{path} cannot be read: {reason}.").format(path=path, reason=error)) from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise _no_key(path) from error
    if isinstance(key, rsa.RSAPublicKey) and key.key_size < RSA_BITS:
        raise _no_key(path)
    if not isinstance(key, ed25519.Ed25519PublicKey | rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
        raise _no_key(path)
    return Signer(key)


def _no_key(path: Path) -> UsageError:
    return UsageError(
        _("{path} holds no public key that can be used.").format(path=path),
        hint=_(
            "Give the .pub file (Ed25519, ECDSA, RSA of 2048 bits or more) of the key that signs, or its PEM."
        ),
    )


def _decoded(text: bytes) -> bytes:
    try:
        return base64.b64decode(text.replace(b"\n", b""), validate=True)
    except binascii.Error as error:
        raise _Malformed from error


def _strings(blob: bytes, count: int) -> list[bytes]:
    """Exactly that many strings (RFC 4251 section 5: uint32 length, bytes) and nothing else."""
    found = []
    for _place in range(count):
        size = int.from_bytes(blob[:4])
        if len(blob) < 4 + size:
            raise _Malformed
        found.append(blob[4 : 4 + size])
        blob = blob[4 + size :]
    if blob:
        raise _Malformed
    return found
