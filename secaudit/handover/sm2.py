"""SM2 signatures with SM3 (GB/T 32918.2-2016), by the extra package tongsuopy; nothing here draws a nonce.

The distinguishing identifier is the usual one, 1234567812345678 (GM/T 0009-2012), as ``openssl dgst -sm3 -sigopt
distid:1234567812345678`` takes it.
"""

import base64
import importlib
import textwrap
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Final

from secaudit.errors import UsageError
from secaudit.language import _

# SubjectPublicKeyInfo of id-ecPublicKey on curve 1.2.156.10197.1.301, an uncompressed point (RFC 5480)
_HEAD: Final = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d034200") + b"\x04"
_POINT_BYTES: Final = 64


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key as PEM."""

    pem: bytes

    def made(self, signature: bytes, signed: bytes) -> bool:
        """Whether this key made the signature (DER). Raises UsageError where tongsuopy is not installed."""
        serialization, ec, hashes, exceptions = _tongsuo()
        try:
            key = serialization.load_pem_public_key(self.pem)
            key.verify(signature, signed, ec.ECDSA(hashes.SM3()))
        # what is no DER of a signature at all comes as an internal error
        except (exceptions.InvalidSignature, exceptions.InternalError, ValueError):
            return False
        return True


def public_key_in(certificate: bytes) -> PublicKey | None:
    """The SM2 key of a certificate (DER); None where it has another."""
    start = certificate.find(_HEAD)
    key = certificate[start : start + len(_HEAD) + _POINT_BYTES]
    if start < 0 or len(key) < len(_HEAD) + _POINT_BYTES:
        return None
    text = "\n".join(textwrap.wrap(base64.b64encode(key).decode(), 64))
    return PublicKey(f"-----BEGIN PUBLIC KEY-----\n{text}\n-----END PUBLIC KEY-----\n".encode())


def sign(key_pem: bytes, password: bytes | None, signed: bytes) -> bytes:
    """The signature (DER) by a private key. Raises UsageError without tongsuopy, ValueError for another key."""
    serialization, ec, hashes, _exceptions = _tongsuo()
    key = serialization.load_pem_private_key(key_pem, password=password)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SM2):
        raise ValueError
    signature: bytes = key.sign(signed, ec.ECDSA(hashes.SM3()))
    return signature


def _tongsuo() -> tuple[Any, Any, Any, Any]:
    try:
        serialization = importlib.import_module("tongsuopy.crypto.serialization")
        ec = importlib.import_module("tongsuopy.crypto.asymciphers.ec")
        hashes: ModuleType = importlib.import_module("tongsuopy.crypto.hashes")
        exceptions = importlib.import_module("tongsuopy.crypto.exceptions")
    except ImportError as error:
        raise UsageError(
            _("SM2 needs the package tongsuopy, which is not installed."),
            hint=_("Install it (pip install 'secaudit[sm2]'), or let openssl check the signature."),
        ) from error
    return serialization, ec, hashes, exceptions
