"""What root runs by itself or finds first, where more than root can change it."""

from dataclasses import dataclass

from secaudit.facts.config_files import number
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.root_program_names import NAMES
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

# Folders whose files are programs, libraries or start files of root, whatever calls them.
_TREES = (
    "/usr/bin /usr/sbin /usr/local/bin /usr/local/sbin /usr/local/lib /usr/lib/systemd /etc/systemd /etc/init.d"
    " /etc/rc.d /etc/rc.local /etc/update-motd.d /etc/network /etc/NetworkManager/dispatcher.d /etc/udev"
    " /etc/modprobe.d /etc/modules-load.d /etc/apt /etc/yum /etc/dnf /etc/ld.so.conf.d /etc/local.d /etc/kernel"
    " /etc/dhcp /etc/default /etc/sysconfig"
)
# Not root's, writable by everybody, or writable by a group other than root's.
_OPEN = r"\( ! -user 0 -o -perm -0002 -o \( -perm -0020 ! -group 0 \) \)"
_ROW = "%F|%a|%u|%g|%U|%G|%n"

# Each path and the folders above it are looked at once; a sticky folder (/tmp) lets nobody replace what is root's.
ROOT_PROGRAMS = Probe(
    "access.root_programs",
    rf"""command -v find >/dev/null && command -v stat >/dev/null || exit 127
{NAMES}IFS='
'
set -f
set -- $(echo "$names" | awk -F '\t' '{{ p = $2
  while (p != "" && !(p in had)) {{ had[p]; print p; sub(/\/[^\/]*$/, "", p) }} }} END {{ print "/" }}')
{{ stat -L -c '{_ROW}' "$@" 2>/dev/null
echo '@@names'
echo "$names"
}} | awk -F '\t' '
$0 == "@@names" {{ named = 1; next }}
!named {{
  split($0, f, "|"); path = $0; for (i = 1; i <= 6; i++) sub(/^[^|]*[|]/, "", path); seen++
  if (f[1] == "directory" && f[2] ~ /^[1357]...$/ && f[3] == 0) next
  if (f[3] != 0 || f[2] ~ /[2367]$/ || (f[2] ~ /[2367].$/ && f[4] != 0)) row[path] = $0
  next
}}
{{ for (p = $2; p != ""; sub(/\/[^\/]*$/, "", p))
    if ((p in row) && !(p in told)) {{ told[p]; print "open|" $1 "|" row[p] }} }}
END {{ if ("/" in row) print "open|/|" row["/"]; print "seen|" seen + 0 }}'
IFS=' '
find -H {_TREES} -maxdepth 3 \( -type f -o -type d \) {_OPEN} -exec stat -c 'open|-|{_ROW}' {{}} + 2>/dev/null
echo end""",
    root=True,
    timeout_s=20,
    reduces=Text(
        "只取 root 以外的人可改的程序的路径、属主和权限；单元和任务只取名称",
        "paths, owners and modes of programs that more than root can change; of units and jobs only their names",
    ),
)


@dataclass(frozen=True, slots=True)
class RootProgram:
    """A program, a script, or a folder on the way to one, that more than root can change.

    ``run_by`` is the unit, the crontab or ``sudo``, and ``-`` for what lies in a folder of the system.
    ``group_writable``: by a group other than root's; ``other_writable``: by everybody. ``mode`` is octal text of four
    digits.
    """

    path: str
    run_by: str
    kind: str
    mode: str
    owner: str
    group: str
    owned_by_root: bool
    group_writable: bool
    other_writable: bool


def parse_root_programs(text: str) -> tuple[RootProgram, ...]:
    """``open|app.service|regular file|755|1000|1000|ann|ann|/opt/app`` → RootProgram, by path; raises GapFound."""
    lines = text.split("\n")
    if "end" not in lines or not any(line.startswith("seen|") for line in lines):
        raise GapFound(GapReason.TRUNCATED, "the look at what root runs did not come to its end")
    found: dict[str, RootProgram] = {}
    for line in lines:
        word, _, rest = line.partition("|")
        if word == "open":
            row = _row(rest)
            found.setdefault(row.path, row)
        elif word not in ("seen", "end", ""):
            raise GapFound(GapReason.UNPARSABLE, line[:80])
    return tuple(found[path] for path in sorted(found))


def _row(text: str) -> RootProgram:
    fields = text.split("|", 7)
    if len(fields) != 8:
        raise GapFound(GapReason.UNPARSABLE, text[:80])
    run_by, kind, mode, uid, gid, owner, group, path = fields
    try:
        bits = int(mode, 8)
    except ValueError:
        raise GapFound(GapReason.UNPARSABLE, f"mode of {path[:60]}: {mode[:20]}") from None
    return RootProgram(
        path=path,
        run_by=run_by,
        kind="directory" if kind == "directory" else "file",
        mode=f"{bits & 0o7777:04o}",
        owner=owner,
        group=group,
        owned_by_root=number(uid, "uid") == 0,
        group_writable=bool(bits & 0o020) and number(gid, "gid") != 0,
        other_writable=bool(bits & 0o002),
    )


def build_root_programs(evidence: Evidence) -> tuple[RootProgram, ...]:
    """What is open; nothing on most hosts."""
    return parse_root_programs(evidence.text(ROOT_PROGRAMS.id))


ROOT_PROGRAMS_FACT = Fact(
    "root_programs",
    Text("root运行的程序中他人可改的部分", "What root runs and others can change"),
    tuple[RootProgram, ...],
    build_root_programs,
    (ROOT_PROGRAMS,),
)
