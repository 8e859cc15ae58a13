"""The office's key: it signs manifests, and only such as its certificate then verifies."""

from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from secaudit.errors import UsageError
from secaudit.handover import sm2
from secaudit.handover.certificate import LIMIT_BYTES, Certificate, pss
from secaudit.language import _

PrivateKey = ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey | bytes  # the PEM text of an SM2 key


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key with the certificate of its public key; neither is shown by repr()."""

    certificate: Certificate
    key: PrivateKey = field(repr=False)
    password: bytes | None = field(repr=False)

    def sign(self, content: bytes) -> bytes:
        """A raw signature of the content. Raises UsageError where key and certificate do not belong together."""
        signature = self._signed(content)
        if not self.certificate.made(signature, content):
            raise UsageError(
                _("The key does not belong to the certificate of {holder}.").format(
                    holder=self.certificate.holder
                ),
                hint=_("Set key and certificate of one pair in secaudit.yaml (handover:)."),
            )
        return signature

    def _signed(self, content: bytes) -> bytes:
        match self.key:
            case ed25519.Ed25519PrivateKey():
                return self.key.sign(content)
            case rsa.RSAPrivateKey():
                return self.key.sign(content, pss(), hashes.SHA256())
            case _:
                return sm2.sign(self.key, self.password, content)


def read_signer(key: Path, certificate: Certificate, password: bytes | None = None) -> Signer:
    """The key of a PEM file that only its owner may read. Raises UsageError, never with a part of the key."""
    try:
        mode = key.stat().st_mode
        with key.open("rb") as stream:
            content = stream.read(LIMIT_BYTES)
    except OSError as error:
        reason = error.strerror or error
        raise UsageError(_("{path} cannot be read: {reason}.").format(path=key, reason=reason)) from error
    if mode & 0o077:
        raise UsageError(
            _("{path} is a private key that others may read.").format(path=key),
            hint=f"chmod 600 {key}",
        )
    return Signer(certificate, _parsed(content, password, key), password)


def _parsed(content: bytes, password: bytes | None, path: Path) -> PrivateKey:
    try:
        key = serialization.load_pem_private_key(content, password)
    except UnsupportedAlgorithm:
        return _sm2(content, password, path)
    except (ValueError, TypeError) as error:
        told = _("{path} holds no private key that can be used with that password.")
        raise UsageError(told.format(path=path)) from error
    if isinstance(key, ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey):
        return key
    raise _no_key(path)


def _sm2(content: bytes, password: bytes | None, path: Path) -> bytes:
    try:
        sm2.sign(content, password, b"")
    except (ValueError, TypeError) as error:
        raise _no_key(path) from error
    return content


def _no_key(path: Path) -> UsageError:
    return UsageError(
        _("{path} holds no private key that can be used.").format(path=path),
        hint=_("A PEM key is expected: Ed25519, RSA of 2048 bits or more, or SM2."),
    )
