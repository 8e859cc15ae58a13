"""The lines of passwd(5), and where nsswitch.conf(5) looks for more."""

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from secaudit.facts.accounts_probe import ELSEWHERE, PASSWD
from secaudit.facts.config_files import number
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.model.evidence import GapReason
from secaudit.model.text import Text

# sync, shutdown and halt run one program and leave: nobody gets a shell by them.
NO_LOGIN_SHELLS = frozenset({"nologin", "false", "true", "sync", "shutdown", "halt"})
DEFAULT_UID_MIN = 1000  # login.defs(5)


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
class Duplicate:
    """A name or a user id that several lines of passwd(5) bear. ``kind`` is ``name`` or ``uid``."""

    kind: str
    value: str
    accounts: tuple[str, ...]


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
