"""The certificate of an office, and whether it made a signature: Ed25519, RSA-PSS, SM2."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa

from secaudit.errors import UsageError
from secaudit.handover import sm2
from secaudit.language import _

RSA_BITS: Final = 2048
LIMIT_BYTES: Final = 1_000_000
_PEM: Final = re.compile(rb"-----BEGIN CERTIFICATE-----\r?\n[A-Za-z0-9+/=\r\n]+-----END CERTIFICATE-----")


class Algorithm(StrEnum):
    """How a manifest is signed, by the key of the certificate."""

    ED25519 = "ed25519"
    RSA_PSS = "rsa-pss-sha256"
    SM2 = "sm2-sm3"


PublicKey = ed25519.Ed25519PublicKey | rsa.RSAPublicKey | sm2.PublicKey


@dataclass(frozen=True, slots=True)
class Certificate:
    """An X.509 certificate whose key can seal: PEM text, holder, and when it is valid."""

    pem: bytes
    holder: str
    serial: str
    valid_from: datetime
    valid_until: datetime
    algorithm: Algorithm
    key: PublicKey

    def covers(self, moment: datetime) -> bool:
        """Whether it was valid then."""
        return self.valid_from <= moment <= self.valid_until

    def made(self, signature: bytes, signed: bytes) -> bool:
        """Whether its key signed exactly these bytes. Never raises, save UsageError where SM2 is not installed."""
        try:
            match self.key:
                case ed25519.Ed25519PublicKey():
                    self.key.verify(signature, signed)
                case rsa.RSAPublicKey():
                    self.key.verify(signature, signed, pss(), hashes.SHA256())
                case _:
                    return self.key.made(signature, signed)
        except InvalidSignature:
            return False
        return True

    def rsa_for_encryption(self) -> x509.Certificate | None:
        """The certificate, where something can be encrypted to it."""
        return x509.load_pem_x509_certificate(self.pem) if isinstance(self.key, rsa.RSAPublicKey) else None


def pss() -> padding.PSS:
    """The padding of ``openssl dgst -sigopt rsa_padding_mode:pss``: salt as long as the digest."""
    return padding.PSS(padding.MGF1(hashes.SHA256()), hashes.SHA256.digest_size)


def read_certificate(path: Path) -> Certificate:
    """The first certificate of a PEM file. Raises UsageError."""
    try:
        with path.open("rb") as stream:
            content = stream.read(LIMIT_BYTES)
    except OSError as error:
        reason = error.strerror or error
        raise UsageError(_("{path} cannot be read: {reason}.").format(path=path, reason=reason)) from error
    return certificate_of(content, str(path))


def certificate_of(content: bytes, name: str) -> Certificate:
    """The first certificate of a PEM text; ``name`` is what an error calls it. Raises UsageError."""
    found = _PEM.search(content)
    try:
        parsed = x509.load_pem_x509_certificate(found[0]) if found else None
        key = _key(parsed) if parsed else None
    except (ValueError, UnsupportedAlgorithm):
        parsed = key = None
    if parsed is None or key is None or found is None:
        raise UsageError(
            _("{path} holds no certificate that can seal.").format(path=name),
            hint=_("A PEM certificate of an Ed25519, SM2 or RSA key (2048 bits or more) is expected."),
        )
    return Certificate(
        found[0].replace(b"\r\n", b"\n") + b"\n",
        parsed.subject.rfc4514_string(),
        f"{parsed.serial_number:x}",
        parsed.not_valid_before_utc,
        parsed.not_valid_after_utc,
        _algorithm(key),
        key,
    )


def _key(certificate: x509.Certificate) -> PublicKey | None:
    if (found := sm2.public_key_in(certificate.tbs_certificate_bytes)) is not None:
        return found
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey) and key.key_size < RSA_BITS:
        return None
    return key if isinstance(key, ed25519.Ed25519PublicKey | rsa.RSAPublicKey) else None


def _algorithm(key: PublicKey) -> Algorithm:
    match key:
        case ed25519.Ed25519PublicKey():
            return Algorithm.ED25519
        case rsa.RSAPublicKey():
            return Algorithm.RSA_PSS
        case _:
            return Algorithm.SM2
