"""Who has an account here: passwd(5) and shadow(5). No password hash leaves the target."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase

from secaudit.facts.config_files import number
from secaudit.facts.directories import DIRECTORIES_PROBE, sssd_asks_nobody
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

# Prints what a password field is, never the field: empty | shadow | nologin | hash:NAME | locked:NAME (crypt(5)).
KIND = r"""
function algorithm(f,  part) {
  if (substr(f, 1, 1) == "$") { split(f, part, "[$]"); return (part[2] in name) ? name[part[2]] : "other" }
  if (substr(f, 1, 1) == "_") return "bsdi-des"
  if (length(f) == 13 && f ~ /^[.\/0-9A-Za-z]+$/) return "des"
  return ""
}
function kind(f,  locked, a) {
  if (f == "") return "empty"
  if (f == "x" || substr(f, 1, 2) == "##") return "shadow"
  locked = (f ~ /^!/); sub(/^!+/, "", f); a = algorithm(f)
  if (a == "") return "nologin"
  return (locked ? "locked:" : "hash:") a
}
BEGIN {
  name["1"] = "md5"; name["2a"] = name["2b"] = name["2x"] = name["2y"] = "bcrypt"; name["5"] = "sha256"
  name["6"] = "sha512"; name["y"] = "yescrypt"; name["gy"] = "gost-yescrypt"; name["7"] = "scrypt"
  name["sm3"] = "sm3"; name["3"] = "nthash"; name["sha1"] = "sha1"; name["md5"] = "sunmd5"
}
"""

# Where nsswitch.conf(5) finds accounts of this host that are not in /etc/passwd; their passwords are not read here.
# nss-systemd makes up root, nobody and accounts of services; people it knows only by such files.
ELSEWHERE = {
    "extrausers": ("/var/lib/extrausers/passwd",),
    "altfiles": ("/usr/lib/passwd",),
    "usrfiles": ("/usr/etc/passwd",),
    "db": ("/var/db/passwd.db", "/var/lib/misc/passwd.db"),
    "systemd": (
        "/var/lib/systemd/home/*.identity",
        "/etc/userdb/*.user",
        "/run/userdb/*.user",
        "/usr/lib/userdb/*.user",
    ),
}

PASSWD = Probe(
    "accounts.passwd",
    f"""set -- /etc/passwd
for f in /usr/etc/login.defs /etc/login.defs /etc/login.defs.d/*.defs /usr/etc/nsswitch.conf /etc/nsswitch.conf; do
  [ -f "$f" ] && set -- "$@" "$f"
done
awk -F: '{KIND}
FILENAME == "/etc/passwd" {{ print "p:" $1 ":" kind($2) ":" $3 ":" $4 ":" $6 ":" $7; next }}
{{ sub(/#.*/, ""); n = split($0, word, /[ \\t]+/); i = (word[1] == "") ? 2 : 1 }}
FILENAME ~ /login.defs/ {{ if (word[i] == "UID_MIN") print "m:" word[i + 1]; next }}
{{ if (word[i] ~ /^(passwd|group|sudoers):$/)
    {{ printf "n:%s", word[i]; while (++i <= n) printf " %s", word[i]; print "" }} }}' "$@" || exit 1
for f in {" ".join(path for paths in ELSEWHERE.values() for path in paths)}; do
  if [ -s "$f" ] || {{ [ -d "${{f%/*}}" ] && [ ! -r "${{f%/*}}" ]; }}; then echo "u:$f"; fi
done""",
    reduces=Text(
        "口令字段只输出种类与算法，备注字段（姓名、电话）不输出",
        "the password field is printed as its kind and algorithm, the comment field (names, telephones) not at all",
    ),
)

SHADOW = Probe(
    "accounts.shadow",
    f"""{{ root cat /etc/shadow && echo '@end'; }} | awk -F: '{KIND}
$0 == "@end" {{ whole = 1; next }}
{{ print $1 ":" kind($2) ":" $3 ":" $4 ":" $5 ":" $6 ":" $7 ":" $8 }}
END {{ exit !whole }}'""",
    root=True,
    as_root=("/usr/bin/cat /etc/shadow",),
    reduces=Text(
        "口令字段只输出种类与算法：empty、nologin、hash:名称、locked:名称",
        "the password field is printed as its kind and algorithm: empty, nologin, hash:NAME, locked:NAME",
    ),
)

# sync, shutdown and halt run one program and leave: nobody gets a shell by them.
NO_LOGIN_SHELLS = frozenset({"nologin", "false", "true", "sync", "shutdown", "halt"})
DEFAULT_UID_MIN = 1000  # login.defs(5)
NEVER_DAYS = 99999


@dataclass(frozen=True, slots=True)
class Identity:
    """One line of passwd(5). ``can_log_in``: its shell is one to work in (an empty field means /bin/sh).

    ``is_system``: below UID_MIN of login.defs(5), or nobody (65534).
    """

    name: str
    uid: int
    gid: int
    home: str
    shell: str
    can_log_in: bool
    is_system: bool


@dataclass(frozen=True, slots=True)
class Account:
    """An identity with what shadow(5) says of it.

    ``can_log_in``: a shell to work in, and not expired. ``has_password``: a hash that a password can match;
    ``locked``: a hash behind ``!``. An account with neither (``*``, ``!``) may still hold keys.
    ``password_algorithm`` as in crypt(5), "none" where there is no hash.
    """

    name: str
    uid: int
    gid: int
    home: str
    shell: str
    can_log_in: bool
    is_system: bool
    has_password: bool
    empty_password: bool
    locked: bool
    expired: bool
    password_algorithm: str


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A name or a user id that several lines of passwd(5) bear. ``kind`` is ``name`` or ``uid``."""

    kind: str
    value: str
    accounts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AccountSources:
    """Where nsswitch.conf(5) looks for accounts, groups and sudo rules: ``files``, ``sss``, ``ldap`` …

    ``central``: those of them that lie outside this host's files; their accounts are not in ``accounts``.
    """

    passwd: tuple[str, ...]
    group: tuple[str, ...]
    sudoers: tuple[str, ...]
    central: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PasswdFile:
    """What the passwd probe printed: identities, the kind of password field of each, the sources by database."""

    identities: tuple[Identity, ...]
    kinds: tuple[str, ...]
    sources: dict[str, tuple[str, ...]]


def parse_passwd(text: str) -> PasswdFile:
    """``p:root:shadow:0:0:/root:/bin/bash``, ``m:1000``, ``n:passwd: files sss`` → PasswdFile; raises GapFound."""
    lines = [line for line in text.split("\n") if line]
    if any(":" not in line for line in lines):
        raise GapFound(GapReason.UNPARSABLE, "passwd: a line without fields")
    rows = [line.split(":") for line in lines]
    uid_min = DEFAULT_UID_MIN
    for row in rows:
        if row[0] == "m":
            uid_min = number(row[1], "UID_MIN")
    sources: dict[str, tuple[str, ...]] = {}
    for row in rows:
        if row[0] == "n":
            sources[row[1]] = tuple(":".join(row[2:]).split())
    _refuse_elsewhere([":".join(row[1:]) for row in rows if row[0] == "u"], sources.get("passwd", ("files",)))
    entries = [row for row in rows if row[0] == "p"]
    # +name and -name (compat) take accounts in from elsewhere; without them compat (SLES) reads the files.
    if any(row[1].startswith(("+", "-")) for row in entries):
        sources["passwd"] = (*sources.get("passwd", ("files",)), "compat")
    else:
        for name, asked in sources.items():
            sources[name] = tuple("files" if source == "compat" else source for source in asked)
    local = [row for row in entries if not row[1].startswith(("+", "-"))]
    if not local:
        raise GapFound(GapReason.UNPARSABLE, "no account in /etc/passwd")
    identities = tuple(_identity(row, uid_min) for row in local)
    return PasswdFile(identities, tuple(_kind(row) for row in local), sources)


def _refuse_elsewhere(paths: Sequence[str], sources: Sequence[str]) -> None:
    """Accounts that /etc/passwd does not hold would be missing from a whole that seems whole: a gap."""
    for source in sources:
        patterns = ELSEWHERE.get(source, ())
        for path in paths:
            if any(fnmatchcase(path, pattern) for pattern in patterns):
                raise GapFound(GapReason.NOT_SUPPORTED, f"{source}: accounts in {path[:80]}")


def _kind(row: list[str]) -> str:
    """hash:NAME holds a colon itself."""
    return ":".join(row[2:-4])


def _identity(row: list[str], uid_min: int) -> Identity:
    if len(row) < 7:
        raise GapFound(GapReason.UNPARSABLE, f"passwd: {':'.join(row)[:60]}")
    uid, gid, home, shell = (
        number(row[-4], f"uid of {row[1]}"),
        number(row[-3], f"gid of {row[1]}"),
        row[-2],
        row[-1],
    )
    usable = shell.rsplit("/", 1)[-1] not in NO_LOGIN_SHELLS
    return Identity(row[1], uid, gid, home, shell or "/bin/sh", usable, uid < uid_min or uid == 65534)


@dataclass(frozen=True, slots=True)
class ShadowLine:
    """One line of shadow(5); days as printed, "" where nothing is set."""

    kind: str
    last_change: str
    min_days: str
    max_days: str
    warn_days: str
    inactive: str
    expire: str


def parse_shadow(text: str) -> dict[str, ShadowLine]:
    """``root:hash:yescrypt:19700:0:99999:7::`` → name → ShadowLine; raises GapFound."""
    lines: dict[str, ShadowLine] = {}
    for line in text.split("\n"):
        if not line or line.startswith(("+", "-")):
            continue
        row = line.split(":")
        if len(row) < 8 or not row[0]:
            raise GapFound(GapReason.UNPARSABLE, f"shadow: {row[0][:60]}")
        kind = ":".join(row[1:-6])
        last, low, high, warn, inactive, expire = row[-6:]
        # The first line of a name is the one that counts.
        lines.setdefault(
            row[0],
            ShadowLine("nologin" if kind == "shadow" else kind, last, low, high, warn, inactive, expire),
        )
    return lines


def build_identities(evidence: Evidence) -> tuple[Identity, ...]:
    """The lines of /etc/passwd, duplicates included."""
    return evidence.parsed(PASSWD.id, parse_passwd).identities


def duplicates(identities: Sequence[Identity]) -> tuple[Duplicate, ...]:
    """Names and user ids that occur more than once; usually none."""
    bearers: dict[tuple[str, str], list[str]] = {}
    for kind in ("name", "uid"):
        for who in identities:
            value = who.name if kind == "name" else str(who.uid)
            bearers.setdefault((kind, value), []).append(who.name)
    return tuple(
        Duplicate(kind, value, tuple(names)) for (kind, value), names in bearers.items() if len(names) > 1
    )


def build_duplicates(evidence: Evidence) -> tuple[Duplicate, ...]:
    """What is there more than once."""
    return duplicates(evidence.fact("identities"))


def build_account_sources(evidence: Evidence) -> AccountSources:
    """The sources; a database that nsswitch.conf does not name is looked up in ``files`` (nsswitch.conf(5)).

    The RHEL family names sss whether or not sssd has a domain to ask.
    """
    found = evidence.parsed(PASSWD.id, parse_passwd).sources
    passwd, group, sudoers = (found.get(name, ("files",)) for name in ("passwd", "group", "sudoers"))
    here = {"files", "systemd", "mymachines", "altfiles", "usrfiles", "extrausers", "db"}
    if _sssd_is_idle(evidence):
        here.add("sss")
    named = (*passwd, *group, *sudoers)
    central = tuple(dict.fromkeys(name for name in named if name not in here and not name.startswith("[")))
    return AccountSources(passwd, group, sudoers, tuple(name for name in central if "=" not in name))


def _sssd_is_idle(evidence: Evidence) -> bool:
    """Whether sssd is known to know no more than the files; without root its settings are not known."""
    try:
        return sssd_asks_nobody(evidence.text(DIRECTORIES_PROBE.id))
    except GapFound:
        return False


def build_accounts(evidence: Evidence) -> tuple[Account, ...]:
    """The accounts of /etc/passwd with their passwords' state."""
    passwd = evidence.parsed(PASSWD.id, parse_passwd)
    shadow = evidence.parsed(SHADOW.id, parse_shadow)
    today = epoch_day(evidence.now)
    lines = zip(passwd.identities, passwd.kinds, strict=True)
    return tuple(_account(who, kind, shadow.get(who.name), today) for who, kind in lines)


def _account(who: Identity, kind: str, line: ShadowLine | None, today: int) -> Account:
    if kind == "shadow":
        kind = line.kind if line else "nologin"
    expired = bool(line and line.expire and 0 <= number(line.expire, f"expiry of {who.name}") <= today)
    state, _, algorithm = kind.partition(":")
    return Account(
        name=who.name,
        uid=who.uid,
        gid=who.gid,
        home=who.home,
        shell=who.shell,
        can_log_in=who.can_log_in and not expired,
        is_system=who.is_system,
        has_password=state == "hash",
        empty_password=state == "empty",
        locked=state == "locked",
        expired=expired,
        password_algorithm=algorithm or "none",
    )


def epoch_day(moment: datetime) -> int:
    """Days since 1970-01-01, as shadow(5) counts."""
    return int(moment.timestamp() // 86_400)


IDENTITIES = Fact(
    "identities", Text("用户清单", "User list"), tuple[Identity, ...], build_identities, (PASSWD,)
)
DUPLICATE_IDENTITIES = Fact(
    "duplicate_identities",
    Text("重复的身份标识", "Duplicate identities"),
    tuple[Duplicate, ...],
    build_duplicates,
    (PASSWD,),
    uses=("identities",),
)
ACCOUNTS = Fact(
    "accounts",
    Text("账户与口令状态", "Accounts and their passwords"),
    tuple[Account, ...],
    build_accounts,
    (PASSWD, SHADOW),
)
ACCOUNT_SOURCES = Fact(
    "account_sources",
    Text("账户来源", "Sources of accounts"),
    AccountSources,
    build_account_sources,
    (PASSWD, DIRECTORIES_PROBE),
)
