"""Home folders of accounts with a login shell: their modes, and files in them that concern others."""

from collections.abc import Sequence
from dataclasses import dataclass

from secaudit.facts.accounts_probe import PASSWD
from secaudit.facts.config_files import number
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.passwd_file import Identity
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

# Homes and, with an argument, what is named by it below them; system folders are nobody's home.
_HOMES = r"""$(awk -F: '$7 !~ /\/(nologin|false|true|sync|shutdown|halt)$/ && $6 ~ /^\/./ &&
  $6 !~ /^\/(nonexistent|dev|proc|sys|bin|sbin|usr|etc|run)($|\/)/ { print $6 "%s" }' /etc/passwd | sort -u)"""

# Of files in a home only those that somebody else owns or can change, and those that hold credentials.
_KEPT = r"""FILENAME == "/etc/passwd" { if (!($6 in uid)) uid[$6] = $3; next }
{ split($0, field, "|"); path = $0; for (i = 1; i <= 5; i++) sub(/^[^|]*[|]/, "", path)
  home = path; sub(/\/[^\/]*$/, "", home); if (!(home in uid)) { ssh = 1; sub(/\/[^\/]*$/, "", home) } else ssh = 0
  name = path; sub(/.*\//, "", name); foreign = (field[3] != 0 && field[3] != uid[home])
  if (ssh || foreign || field[2] ~ /[2367].$|[2367]$/ ||
      name ~ /^[.](netrc|git-credentials|forward|rhosts|shosts|pgpass|my[.]cnf)$/)
    print "file|" $0 }"""

HOMES = Probe(
    "files.homes",
    rf"""command -v find >/dev/null && command -v stat >/dev/null || exit 127
IFS='
'
set -f
set -- {_HOMES % ""}
[ $# -eq 0 ] || stat -L -c 'home|%F|%a|%u|%g|%U|%n' "$@" 2>/dev/null
{{ [ $# -eq 0 ] || find -H "$@" -maxdepth 1 -name '.?*' -type f -exec stat -c '%F|%a|%u|%g|%U|%n' {{}} + 2>/dev/null
set -- {_HOMES % "/.ssh"}
[ $# -eq 0 ] || find -H "$@" -maxdepth 1 -exec stat -c '%F|%a|%u|%g|%U|%n' {{}} + 2>/dev/null
}} | awk -F: '{_KEPT}' /etc/passwd -
echo end""",
    root=True,
    timeout_s=20,
    limit_bytes=1_048_576,
    reduces=Text("只取路径、属主和权限，不取内容", "paths, owners and modes only, no contents"),
)


@dataclass(frozen=True, slots=True)
class Home:
    """The home of an account that can log in. ``kind`` is ``directory``, ``absent`` or ``other``.

    ``mode`` is octal text of four digits ("" where it is absent). ``owned``: by the account itself or by root.
    ``shared_with`` are other accounts that can log in and have the same home.
    """

    account: str
    path: str
    kind: str
    mode: str
    owner: str
    owned: bool
    group_writable: bool
    other_readable: bool
    other_writable: bool
    shared_with: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HomeFile:
    """A file or folder in the home of an account that can log in.

    Its start files and settings (names with a dot) where somebody else owns them or can change them, everything in
    ``.ssh``, and files that hold credentials. ``owned``: by the account itself or by root.
    """

    account: str
    path: str
    name: str
    mode: str
    owner: str
    owned: bool
    in_ssh: bool
    group_writable: bool
    other_writable: bool
    readable: bool


@dataclass(frozen=True, slots=True)
class _Row:
    path: str
    kind: str
    bits: int
    uid: int
    owner: str


def _rows(text: str, word: str) -> list[_Row]:
    """``home|directory|755|1000|1000|ann|/home/ann`` of one kind; raises GapFound."""
    lines = text.split("\n")
    if "end" not in lines:
        raise GapFound(GapReason.TRUNCATED, "the list of homes is not complete")
    rows = []
    for line in lines:
        kind, _, rest = line.partition("|")
        if kind not in ("home", "file", "end", ""):
            raise GapFound(GapReason.UNPARSABLE, line[:80])
        if kind == word:
            rows.append(_row(rest))
    return rows


def _row(text: str) -> _Row:
    fields = text.split("|", 5)
    if len(fields) != 6:
        raise GapFound(GapReason.UNPARSABLE, text[:80])
    kind, mode, uid, _gid, owner, path = fields
    try:
        bits = int(mode, 8)
    except ValueError:
        raise GapFound(GapReason.UNPARSABLE, f"mode of {path[:60]}: {mode[:20]}") from None
    return _Row(path, kind, bits, number(uid, "uid"), owner)


def parse_homes(text: str, people: Sequence[Identity]) -> tuple[Home, ...]:
    """One row for each account that can log in; raises GapFound."""
    rows = {row.path: row for row in _rows(text, "home")}
    able = [who for who in people if who.can_log_in and who.home.startswith("/") and who.home != "/"]
    users: dict[str, list[str]] = {}
    for who in able:
        users.setdefault(who.home.rstrip("/"), []).append(who.name)
    return tuple(_home(who, rows.get(who.home), users[who.home.rstrip("/")]) for who in able)


def _home(who: Identity, row: _Row | None, users: Sequence[str]) -> Home:
    others = tuple(name for name in dict.fromkeys(users) if name != who.name)
    if row is None:
        return Home(who.name, who.home, "absent", "", "", True, False, False, False, others)
    return Home(
        account=who.name,
        path=who.home,
        kind="directory" if row.kind == "directory" else "other",
        mode=f"{row.bits & 0o7777:04o}",
        owner=row.owner,
        owned=row.uid in (0, who.uid),
        group_writable=bool(row.bits & 0o020),
        other_readable=bool(row.bits & 0o005),
        other_writable=bool(row.bits & 0o002),
        shared_with=others,
    )


def parse_home_files(text: str, people: Sequence[Identity]) -> tuple[HomeFile, ...]:
    """The files, each with the account whose home it is in; usually few. Raises GapFound."""
    homes: dict[str, Identity] = {}
    for who in people:
        if who.can_log_in:
            homes.setdefault(who.home.rstrip("/"), who)
    found = []
    for row in _rows(text, "file"):
        folder, _, name = row.path.rpartition("/")
        in_ssh = name == ".ssh" or folder.endswith("/.ssh")
        holder = homes.get(folder) or homes.get(folder.rpartition("/")[0])
        if holder is not None:
            found.append(_file(holder, row, name, in_ssh))
    return tuple(found)


def _file(who: Identity, row: _Row, name: str, in_ssh: bool) -> HomeFile:
    return HomeFile(
        account=who.name,
        path=row.path,
        name=name,
        mode=f"{row.bits & 0o7777:04o}",
        owner=row.owner,
        owned=row.uid in (0, who.uid),
        in_ssh=in_ssh,
        group_writable=bool(row.bits & 0o020),
        other_writable=bool(row.bits & 0o002),
        readable=bool(row.bits & 0o044),
    )


def build_homes(evidence: Evidence) -> tuple[Home, ...]:
    """The homes of the accounts that can log in."""
    return parse_homes(evidence.text(HOMES.id), evidence.fact("identities"))


def build_home_files(evidence: Evidence) -> tuple[HomeFile, ...]:
    """What in them matters to others."""
    return parse_home_files(evidence.text(HOMES.id), evidence.fact("identities"))


HOMES_FACT = Fact(
    "homes",
    Text("用户主目录", "Home folders"),
    tuple[Home, ...],
    build_homes,
    (HOMES, PASSWD),
    uses=("identities",),
)
HOME_FILES = Fact(
    "home_files",
    Text("主目录中的配置文件", "Files of settings in homes"),
    tuple[HomeFile, ...],
    build_home_files,
    (HOMES, PASSWD),
    uses=("identities",),
)
