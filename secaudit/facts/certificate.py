"""What an X.509 certificate says of itself: until when it is valid, and what is too weak about it: RFC 5280."""

from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import dsa, rsa

_WEAK_HASHES = {"md5": "MD5", "sha1": "SHA-1"}
_LEAST_RSA_BITS = 2048


def read_certificate(pem: str) -> tuple[datetime, str]:
    """Its last moment (aware, UTC), and ``SHA-1, RSA 1024`` or ""; raises ValueError for what is none."""
    certificate = x509.load_pem_x509_certificate(pem.encode())
    return certificate.not_valid_after_utc, ", ".join([*_hash(certificate), *_key(certificate)])


def _hash(certificate: x509.Certificate) -> list[str]:
    try:
        signed_with = certificate.signature_hash_algorithm
    except UnsupportedAlgorithm:
        return []
    return [_WEAK_HASHES[signed_with.name]] if signed_with and signed_with.name in _WEAK_HASHES else []


def _key(certificate: x509.Certificate) -> list[str]:
    """Of keys that the library does not know (SM2 among them) nothing is said."""
    try:
        key = certificate.public_key()
    except (ValueError, UnsupportedAlgorithm):
        return []
    if isinstance(key, rsa.RSAPublicKey) and key.key_size < _LEAST_RSA_BITS:
        return [f"RSA {key.key_size}"]
    return ["DSA"] if isinstance(key, dsa.DSAPublicKey) else []
