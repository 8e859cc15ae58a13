"""A package encrypted to one recipient: CMS enveloped data (RFC 5652), AES-256, opened with ``openssl cms``."""

from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7EnvelopeBuilder, PKCS7Options

from secaudit.errors import UsageError
from secaudit.handover.certificate import Certificate
from secaudit.handover.package import opened
from secaudit.language import _

LIMIT_BYTES: Final = 1 << 30


def encrypted(file: Path, recipient: Certificate) -> bytes:
    """The file for the holder of the certificate alone (DER). Raises UsageError: no RSA key, or above 1 GiB."""
    certificate = recipient.rsa_for_encryption()
    if certificate is None:
        raise UsageError(
            _("{holder}: nothing can be encrypted to this certificate.").format(holder=recipient.holder),
            hint=_(
                "A certificate of an RSA key is expected; without one the package is handed over in clear."
            ),
        )
    with opened(file) as stream:
        content = stream.read(LIMIT_BYTES + 1)
    if len(content) > LIMIT_BYTES:
        raise UsageError(_("{path} is too large to be encrypted: above 1 GiB.").format(path=file))
    builder = PKCS7EnvelopeBuilder().set_data(content).add_recipient(certificate)
    return builder.set_content_encryption_algorithm(AES256).encrypt(Encoding.DER, [PKCS7Options.Binary])
