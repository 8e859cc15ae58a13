"""Who is let in without an account of their own: anonymous FTP and guests of SMB; and who is let in by a key."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from secaudit.facts.config_files import ConfigFile, config_files, print_files
from secaudit.facts.fact import Evidence, Fact
from secaudit.facts.login_bypass import TRUST, KeyHolders
from secaudit.facts.services import ENABLED, Service
from secaudit.model.evidence import Probe
from secaudit.model.text import Text

VSFTPD = ("/etc/vsftpd.conf", "/etc/vsftpd/vsftpd.conf")
SAMBA = "/etc/samba/smb.conf"

ANONYMOUS = Probe(
    "services.anonymous",
    print_files(
        f"{' '.join(VSFTPD)} {SAMBA}",
        r"""{ sub(/^[ \t]*[#;].*/, ""); at = index($0, "="); if (!at) next
  key = tolower(substr($0, 1, at - 1)); word = tolower(substr($0, at + 1)); gsub(/[ \t]/, "", key)
  gsub(/[ \t\r]/, "", word) }
key ~ /^(anonymous_enable|guestok|public)$/ { print " " key "=" ((word ~ /^(yes|true|1|on)$/) ? "yes" : "no") }
key ~ /^(include|configbackend)$/ { print " include" }""",
    ),
    root=True,
    reduces=Text(
        "只判断是否允许匿名或来宾访问，不含共享与用户",
        "only whether anonymous users and guests are let in, no shares and no users",
    ),
)


@dataclass(frozen=True, slots=True)
class AnonymousAccess:
    """A file service that starts by itself. ``allowed``: it lets anonymous users or guests in, by ``setting``.

    ``undecided``: a server whose settings are not read here, or which takes more settings in from elsewhere.
    """

    service: str
    setting: str
    allowed: bool
    undecided: bool


@dataclass(frozen=True, slots=True)
class KeyedAccounts:
    """The accounts that at least one key opens."""

    names: tuple[str, ...]


def anonymous_access(files: Sequence[ConfigFile], services: Collection[str]) -> tuple[AnonymousAccess, ...]:
    """One row for each file service among the enabled ``services``; usually there is none."""
    return tuple(_rows({file.path: file.lines for file in files}, services))


def _rows(lines: dict[str, tuple[str, ...]], services: Collection[str]) -> Iterable[AnonymousAccess]:
    for name in sorted(services):
        if name == "vsftpd":
            # vsftpd.conf(5): anonymous_enable is YES where nothing is set.
            found = next((lines[path] for path in VSFTPD if path in lines), None)
            last = [line for line in found or () if line.startswith("anonymous_enable=")][-1:]
            setting = last[0] if last else "anonymous_enable=yes (default)"
            yield AnonymousAccess(name, setting, "=yes" in setting, found is None)
        elif name in ("smb", "smbd", "samba"):
            guests = [line for line in lines.get(SAMBA, ()) if line.endswith("=yes")]
            unread = SAMBA not in lines or "include" in lines[SAMBA]
            yield AnonymousAccess(name, guests[0] if guests else "no guests", bool(guests), unread)
        elif name.startswith(("vsftpd@", "proftpd", "pure-ftpd", "ftp", "tnftp")):
            yield AnonymousAccess(name, "not read", False, True)


def keyed_accounts(keys: Sequence[KeyHolders]) -> KeyedAccounts:
    """``ann`` with two keys, ``ben`` with an empty file → ann."""
    return KeyedAccounts(tuple(dict.fromkeys(row.account for row in keys if row.keys > 0)))


def build_anonymous_access(evidence: Evidence) -> tuple[AnonymousAccess, ...]:
    """The file services that start by themselves, and whom they let in."""
    enabled: tuple[Service, ...] = evidence.fact("services_enabled")
    return anonymous_access(config_files(evidence.text(ANONYMOUS.id)), {service.name for service in enabled})


def build_keyed_accounts(evidence: Evidence) -> KeyedAccounts:
    """The accounts with keys."""
    return keyed_accounts(evidence.fact("authorized_keys"))


ANONYMOUS_ACCESS = Fact(
    "anonymous_access",
    Text("匿名访问", "Anonymous access"),
    tuple[AnonymousAccess, ...],
    build_anonymous_access,
    (ANONYMOUS, ENABLED),
    uses=("services_enabled",),
)
KEYED_ACCOUNTS = Fact(
    "keyed_accounts",
    Text("可用密钥登录的账户", "Accounts that a key opens"),
    KeyedAccounts,
    build_keyed_accounts,
    (TRUST,),
    uses=("authorized_keys",),
)
