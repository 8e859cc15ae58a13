"""Which TLS the host's library allows: crypto-policies(7), openssl.cnf(5) config(5)."""

from dataclasses import dataclass

from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.packages import Package
from secaudit.facts.sections import whole_sections
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

# What the policy of the system demands reaches OpenSSL by a line that takes in its file, where that line is there.
POLICY = Probe(
    "crypto_policy.settings",
    r"""echo '@@ openssl'
f=/etc/ssl/openssl.cnf
[ ! -f /etc/pki/tls/openssl.cnf ] || f=/etc/pki/tls/openssl.cnf
[ ! -f $f ] || awk -v policy=/etc/crypto-policies/back-ends/opensslcnf.config '
  function tell(line) {
    sub(/#.*/, "", line); gsub(/[ \t\r]+/, "", line); sub(/^TLS[.]/, "", line)
    if (line ~ /^\[/ || line ~ /^(openssl_conf|ssl_conf|system_default|MinProtocol|CipherString)=/) print line
    return line
  }
  tell($0) ~ /^[.]include=?\/.*\/back-ends\/opensslcnf[.]config$/ {
    while ((getline taken < policy) > 0) tell(taken)
    close(policy); print "policy=taken"
  }' $f || exit 1
echo '@@ end'""",
    reduces=Text("只取关于协议版本的行", "only the lines about protocols"),
)

_WEAK = frozenset({"None", "SSLv3", "TLSv1", "TLSv1.0", "TLSv1.1"})


@dataclass(frozen=True, slots=True)
class CryptoPolicy:
    """``policy`` is that of the system (``DEFAULT``, ``LEGACY:AD-SUPPORT``), ``none`` where there are no such policies.

    ``min_protocol``: what openssl.cnf says, ``default`` where nothing in force says so. ``old_protocols``: TLS before
    1.2 may be agreed on. ``why`` is the setting, or the version of the library, that decides.
    """

    policy: str
    min_protocol: str
    old_protocols: bool
    why: str


def crypto_policy(policy: str, text: str, packages: tuple[Package, ...]) -> CryptoPolicy:
    """What programs that ask for nothing else get; ``policy`` is that of the system (``system_crypto_policy``).

    It binds OpenSSL only where openssl.cnf takes its file in. Raises GapFound where no version of OpenSSL is known.
    """
    parts = whole_sections(text, "the settings of cryptography are cut off", GapReason.UNPARSABLE)
    settings = _in_force(parts.get("openssl", []))
    least, ciphers = settings.get("MinProtocol", "default"), settings.get("CipherString", "")
    if policy.startswith("LEGACY"):
        return CryptoPolicy(policy, least, True, policy)
    if "@SECLEVEL=0" in ciphers:
        return CryptoPolicy(policy, least, True, ciphers)
    if least != "default":
        followed = policy != "none" and least not in _WEAK
        return CryptoPolicy(policy, least, least in _WEAK, policy if followed else f"MinProtocol {least}")
    if "policy" in settings:
        return CryptoPolicy(policy, least, False, policy)
    version = openssl_version(packages)
    # From 3.0 on the security level that libraries are built with refuses what TLS before 1.2 is signed with.
    return CryptoPolicy(policy, least, version < 3, f"OpenSSL {version}")


def _in_force(lines: list[str]) -> dict[str, str]:
    """The section that openssl_conf → ssl_conf → system_default lead to; sections that nothing names do not count."""
    found: dict[str, dict[str, str]] = {"": {}}
    current = found[""]
    for line in lines:
        if line.startswith("["):
            current = found.setdefault(line.strip("[]"), {})
        else:
            key, _, value = line.partition("=")
            current[key] = value
    section = found[""]
    for step in ("openssl_conf", "ssl_conf", "system_default"):
        section = found.get(section.get(step, " none"), {})
    return section


def openssl_version(packages: tuple[Package, ...]) -> int:
    """Main version of the newest OpenSSL here (``libssl3``, ``openssl-libs 1:1.1.1k``); raises GapFound."""
    versions = [
        p.version.rpartition(":")[2].partition(".")[0]
        for p in packages
        if p.name.startswith(("libssl1", "libssl3", "openssl-libs", "libopenssl1", "libopenssl3"))
    ]
    numbers = [int(v) for v in versions if v.isascii() and v.isdigit() and len(v) < 4]
    if not numbers:
        raise GapFound(GapReason.NOT_SUPPORTED, "no library of OpenSSL among the packages")
    return max(numbers)


def build_policy(evidence: Evidence) -> CryptoPolicy:
    """The cryptography of the asset."""
    policy = evidence.fact("system_crypto_policy").name
    return crypto_policy(policy, evidence.text(POLICY.id), evidence.fact("packages"))


CRYPTO_POLICY = Fact(
    "crypto_policy",
    Text("密码策略", "Cryptographic policy"),
    CryptoPolicy,
    build_policy,
    (POLICY,),
    ("system_crypto_policy", "packages"),
)
