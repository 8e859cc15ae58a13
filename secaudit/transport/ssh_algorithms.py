"""Which algorithms are offered to a server, and which weak ones were agreed on."""

from collections.abc import Iterator, Sequence

import paramiko

from secaudit.model import weak_algorithms

# What we offer, best first: no CBC, no MD5, no SHA-1, no key exchange below 2048 bits.
KEX = (
    "mlkem768x25519-sha256",
    "curve25519-sha256@libssh.org",
    "ecdh-sha2-nistp256",
    "ecdh-sha2-nistp384",
    "ecdh-sha2-nistp521",
    "diffie-hellman-group16-sha512",
    "diffie-hellman-group-exchange-sha256",
    "diffie-hellman-group14-sha256",
)
CIPHERS = (
    "aes128-gcm@openssh.com",
    "aes256-gcm@openssh.com",
    "aes128-ctr",
    "aes192-ctr",
    "aes256-ctr",
)
MACS = (
    "hmac-sha2-256-etm@openssh.com",
    "hmac-sha2-512-etm@openssh.com",
    "hmac-sha2-256",
    "hmac-sha2-512",
)
HOST_KEYS = (
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "rsa-sha2-512",
    "rsa-sha2-256",
)
# as known_hosts names them: one key serves every signature of RSA
KEY_TYPES = (*HOST_KEYS[:4], "ssh-rsa")


def offer(link: paramiko.Transport, known_types: Sequence[str], weak: Sequence[str]) -> None:
    """Offer ours, key types already known for the host first, declared weak ones behind all others."""
    offered = link.get_security_options()
    offered.kex = tuple(name for name in KEX if name in offered.kex)
    offered.ciphers = (*CIPHERS, *(name for name in weak_algorithms.CIPHERS if name in weak))
    offered.digests = (*MACS, *(name for name in weak_algorithms.MACS if name in weak))
    offered.key_types = tuple(sorted(HOST_KEYS, key=lambda name: not _is_type(name, known_types)))


def cipher(link: paramiko.Transport) -> str:
    """The cipher of what comes from the server."""
    name: str = getattr(link, "remote_cipher", "")
    return name


def weak_agreed(link: paramiko.Transport) -> tuple[str, ...]:
    """The weak algorithms by which the connection is really protected."""
    return tuple(dict.fromkeys(name for name in _agreed(link) if name in weak_algorithms.WEAK_ALGORITHMS))


def _agreed(link: paramiko.Transport) -> Iterator[str]:
    for side in ("local", "remote"):
        name = getattr(link, f"{side}_cipher", "")
        yield name
        if "gcm" not in name:  # such a cipher needs no MAC; one is agreed on and not used
            yield getattr(link, f"{side}_mac", None) or ""


def _is_type(algorithm: str, key_types: Sequence[str]) -> bool:
    return ("ssh-rsa" if algorithm.startswith("rsa-") else algorithm) in key_types
