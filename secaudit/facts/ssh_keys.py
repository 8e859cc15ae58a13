"""The SSH daemon's own keys, and the system-wide rule for cryptography: sshd_config(5), crypto-policies(7)."""

import re
from dataclasses import dataclass

from secaudit.facts.config_files import number
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.sshd_limits import SshdLimits
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

# The length of the public half tells the strength of a key; neither half leaves the target.
HOST_KEYS = Probe(
    "sshd.host_keys",
    """set --
for f in /etc/ssh/*_key; do [ ! -e "$f" ] || echo "key $f"; done
for f in /etc/ssh/*.pub /etc/ssh/*/*.pub; do [ ! -f "$f" ] || set -- "$@" "$f"; done
[ $# -eq 0 ] || awk 'NF >= 2 {
  n = length($2); sub(/=+$/, "", $2); print "pub " FILENAME " " $1 " " n " " n - length($2)
}' "$@" || exit 1
echo end""",
    reduces=Text("只取路径、种类与长度，不含密钥", "paths, kinds and lengths, no keys"),
)
POLICY = Probe(
    "ssh.crypto_policy",
    "for f in /etc/crypto-policies/state/current /etc/crypto-policies/config; do\n"
    "  [ ! -f $f ] || awk -v f=$f '!/^[ \\t]*(#|$)/ { print f \" \" $1 }' $f\n"
    "done\n"
    "echo end",
    reduces=Text("只取策略名称", "the name of the policy only"),
)
# sshd names these whether they are there or not.
_OF_SSHD = re.compile(r"/etc/ssh/ssh_host_[a-z0-9]{1,20}_key")


@dataclass(frozen=True, slots=True)
class HostKey:
    """A key by which the SSH daemon shows who it is; ``bits`` of RSA and DSA, 0 where the kind fixes them."""

    path: str
    kind: str
    bits: int


@dataclass(frozen=True, slots=True)
class CryptoPolicy:
    """``name`` of the system-wide policy with its modules (``DEFAULT:SHA1``), "none" where there is no such thing."""

    name: str
    base: str
    modules: tuple[str, ...]


def parse_host_keys(text: str, used: tuple[str, ...]) -> tuple[HostKey, ...]:
    """``pub /etc/ssh/ssh_host_rsa_key.pub ssh-rsa 544 0`` → HostKey of 3072 bits; only those the daemon uses.

    Raises GapFound for a key that is used and not described.
    """
    lines = text.split("\n")
    if "end" not in lines:
        raise GapFound(GapReason.TRUNCATED, "the list of host keys is not complete")
    private = {line.removeprefix("key ") for line in lines if line.startswith("key ")}
    public: dict[str, HostKey] = {}
    for line in lines:
        words = line.split()
        if words[:1] == ["pub"]:
            if len(words) != 5:
                raise GapFound(GapReason.UNPARSABLE, line[:80])
            path = words[1].removesuffix(".pub")
            length = number(words[3], path) * 3 // 4 - number(words[4], path)
            public[path] = HostKey(path, words[2], key_bits(words[2], length))
    for path in used:
        if path not in public and (path in private or not _OF_SSHD.fullmatch(path)):
            raise GapFound(GapReason.NOT_COLLECTED, f"the public half of {path[:80]}")
    return tuple(public[path] for path in used if path in public)


def key_bits(kind: str, length: int) -> int:
    """Of RSA: the length less 22 bytes of names and exponent and a leading zero; of DSA: 1024 always (FIPS 186-2)."""
    if kind == "ssh-rsa":
        return max(0, length - 23) * 8
    return 1024 if kind == "ssh-dss" else 0


def parse_crypto_policy(text: str) -> CryptoPolicy:
    """``/etc/crypto-policies/state/current DEFAULT:SHA1`` → CryptoPolicy; what is in force before what is asked for."""
    lines = text.split("\n")
    if "end" not in lines:
        raise GapFound(GapReason.TRUNCATED, "the policy is not complete")
    rows = [line.split() for line in lines if line.startswith("/")]
    if any(len(row) != 2 for row in rows):
        raise GapFound(GapReason.UNPARSABLE, "crypto policy")
    name = rows[0][1].upper() if rows else "none"
    base, *added = name.split(":")
    return CryptoPolicy(name, base, tuple(added))


def build_host_keys(evidence: Evidence) -> tuple[HostKey, ...]:
    """The keys that sshd uses; empty where no sshd is installed."""
    limits: tuple[SshdLimits, ...] = evidence.fact("sshd_limits")
    used = tuple(dict.fromkeys(path for row in limits for path in row.host_keys))
    return parse_host_keys(evidence.text(HOST_KEYS.id), used)


def build_crypto_policy(evidence: Evidence) -> CryptoPolicy:
    """The policy of the RHEL family and openEuler."""
    return parse_crypto_policy(evidence.text(POLICY.id))


SSH_HOST_KEYS = Fact(
    "ssh_host_keys",
    Text("SSH 主机密钥", "Host keys of SSH"),
    tuple[HostKey, ...],
    build_host_keys,
    (HOST_KEYS,),
    uses=("sshd_limits",),
)
CRYPTO_POLICY = Fact(
    "system_crypto_policy",
    Text("系统级加密策略", "System-wide cryptographic policy"),
    CryptoPolicy,
    build_crypto_policy,
    (POLICY,),
)
