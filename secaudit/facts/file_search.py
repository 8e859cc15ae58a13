"""One search through every local file system: what everybody can write, what nobody owns, programs with special rights.

The one heavy probe (docs/adr/0016): lowest priority, limited in time and rows, left out where the profile says so.
"""

from dataclasses import dataclass
from typing import Final

from secaudit.facts.config_files import number
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

SECONDS: Final = 90
ROWS: Final = 100
KINDS: Final = ("open_file", "open_folder", "unowned", "privileged", "device")
# Whole systems of files that containers bring along: not this host's.
_CONTAINERS = (
    "/var/lib/docker /var/lib/containers /var/lib/containerd /var/lib/kubelet /var/lib/lxd /var/lib/lxc"
    " /var/lib/machines /var/lib/snapd /snap /proc /sys /run"
)

# mountinfo of proc(5): the fields up to a lone "-", then the type. A bind mount shows a part (field 4) of what is
# searched already, except on btrfs, whose subvolumes are parts too; a device is searched once.
_MOUNTS = rf"""
BEGIN {{ n = split("{_CONTAINERS}", left_out, " ") }}
{{
  for (i = 7; $i != "-" && i < NF; i++) continue
  type = $(i + 1); place = $5; gsub(/\\040/, " ", place)
  if (type !~ /^(ext[234]|xfs|btrfs|f2fs|jfs|reiserfs|zfs|ubifs|bcachefs|overlay)$/) next
  if (type == "overlay" && place != "/") next  # the root of a container, wherever it lies
  if (($4 != "/" && type != "btrfs") || place ~ /\/overlay2?\/|\/merged$/ || (($3, $4) in had)) next
  for (i = 1; i <= n; i++) if (index(place "/", left_out[i] "/") == 1) next
  had[$3, $4]; print place
}}"""

# What find prints of each file: type, mode, owner by name and number, group by name and number, path; busybox' find
# cannot, there stat does. A number in place of a name has no account. A file that vanishes meanwhile (exit 1) is no
# failure of the search.
_JUDGE = rf"""
function clock(  x) {{ getline x < "/proc/uptime"; close("/proc/uptime"); return x + 0 }}
function note(kind,  path) {{
  if (++count[kind] > {ROWS}) return
  path = $0; for (i = 1; i <= 6; i++) sub(/^[^|]*[|]/, "", path)
  print kind "|" $2 "|" $3 "|" $5 "|" path
}}
BEGIN {{ FS = "|"; start = clock(); code = 127 }}
$1 == "exit" {{ code = $2 + 0; next }}
NF < 7 {{ next }}
++seen % 1000 == 0 && clock() - start > {SECONDS} {{ cut = 1; exit }}
{{ file = ($1 ~ /^(f|r)/); folder = ($1 ~ /^d/) }}
file && $2 ~ /[2367]$/ && $7 !~ /^\/(tmp|var\/tmp)\// {{ note("open_file") }}
folder && $2 ~ /[2367]$/ && $2 !~ /^[1357]...$/ {{ note("open_folder") }}
$3 == $4 || $3 == "UNKNOWN" || $5 == $6 || $5 == "UNKNOWN" {{ note("unowned") }}
file && $2 ~ /^[2-7]...$/ && $2 ~ /[1357]$|[1357].$|[1357]..$/ && $7 !~ /^\/(usr|bin|sbin|lib|lib32|lib64|opt)\// {{
  note("privileged")
}}
!file && !folder && $7 !~ /^\/dev\// {{ note("device") }}
END {{
  for (kind in count) print "count|" kind "|" count[kind]
  print "seen|" seen + 0 "|" (cut ? "cut" : code < 126 ? "whole" : "broken " code)
}}"""

_PRUNED = " -o ".join(f"-path {place}" for place in _CONTAINERS.split())
_FIND = rf"""find "$@" -xdev \( {_PRUNED} \) -prune -o \( -type f -o -type d -o -type b -o -type c \)"""
_BY_FIND = rf"nice -n 19 {_FIND} -printf '%y|%m|%u|%U|%g|%G|%p\n'"
_BY_STAT = rf"nice -n 19 {_FIND} -exec stat -c '%F|%a|%U|%u|%G|%g|%n' {{}} +"

FILE_SEARCH = Probe(
    "files.search",
    rf"""set -f
IFS='
'
set -- $(awk '{_MOUNTS}' /proc/self/mountinfo)
[ $# -gt 0 ] || {{ echo 'no local file system' >&2; exit 1; }}
for m in "$@"; do echo "on|$m"; done
stat -f -c '%c|%d' "$@" 2>/dev/null | awk -F '|' '{{ used += $1 - $2 }} END {{ print "used|" used + 0 }}'
{{ if ! find / -maxdepth 0 -printf x >/dev/null 2>&1; then {_BY_STAT}
elif command -v ionice >/dev/null 2>&1; then ionice -c 3 {_BY_FIND}
else {_BY_FIND}; fi; echo "exit|$?"; }} 2>/dev/null | nice -n 19 awk '{_JUDGE}'""",
    root=True,
    timeout_s=SECONDS + 20,
    reduces=Text("只取路径、属主和权限，不取内容", "paths, owners and modes only, no contents"),
    heavy=True,
)


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file that the search was for.

    ``kind`` is ``open_file`` (everybody can write it, not below /tmp), ``open_folder`` (the same without a sticky
    bit), ``unowned`` (its owner or group has no account), ``privileged`` (a program with a set-user-id or set-group-id
    bit outside of the folders for programs) or ``device`` (outside of /dev). ``mode`` is octal text of four digits.
    """

    kind: str
    path: str
    mode: str
    owner: str
    group: str


@dataclass(frozen=True, slots=True)
class Further:
    """How many more of a kind there are than are listed."""

    kind: str
    files: int


@dataclass(frozen=True, slots=True)
class FileSearch:
    """What the search found; ``searched`` are the mount points of local file systems, ``seen`` files in all."""

    searched: tuple[str, ...]
    seen: int
    found: tuple[FoundFile, ...]
    further: tuple[Further, ...]


def parse_search(text: str) -> FileSearch:
    """``open_file|666|root|root|/etc/x``, ``seen|9000|whole`` → FileSearch; raises GapFound."""
    places: list[str] = []
    found: list[FoundFile] = []
    counts: dict[str, int] = {}
    used, end = 0, ""
    for line in text.split("\n"):
        word, _, rest = line.partition("|")
        if word in KINDS:
            found.append(_found(word, rest))
        elif word == "on":
            places.append(rest)
        elif word == "used":
            used = number(rest, "files in use")
        elif word == "count":
            kind, _, amount = rest.partition("|")
            counts[kind] = number(amount, f"count of {kind[:20]}")
        elif word == "seen":
            end = rest
        elif line:
            raise GapFound(GapReason.UNPARSABLE, line[:80])
    return FileSearch(tuple(places), _seen(end, used), tuple(sorted(found, key=_place)), _further(counts))


def _place(file: FoundFile) -> tuple[str, str]:
    return file.kind, file.path


def _seen(end: str, used: int) -> int:
    """How many files were looked at; raises GapFound with the share where that is not all."""
    if not end:
        raise GapFound(GapReason.TRUNCATED, "the search did not come to its end")
    amount, _, state = end.partition("|")
    seen = number(amount, "files seen")
    if state != "whole" and state != "cut":
        raise GapFound(GapReason.FAILED, f"the search ended by itself: {state[:20]}")
    if state == "cut":
        share = f"{min(99, 100 * seen // used)} % of about {used} files" if used > 0 else f"{seen} files"
        raise GapFound(GapReason.TRUNCATED, f"{share} were seen in {SECONDS} s")
    return seen


def _found(kind: str, text: str) -> FoundFile:
    fields = text.split("|", 3)
    if len(fields) != 4:
        raise GapFound(GapReason.UNPARSABLE, text[:80])
    mode, owner, group, path = fields
    try:
        bits = int(mode, 8)
    except ValueError:
        raise GapFound(GapReason.UNPARSABLE, f"mode of {path[:60]}: {mode[:20]}") from None
    return FoundFile(kind, path, f"{bits & 0o7777:04o}", owner, group)


def _further(counts: dict[str, int]) -> tuple[Further, ...]:
    return tuple(Further(kind, counts[kind] - ROWS) for kind in sorted(counts) if counts[kind] > ROWS)


def build_search(evidence: Evidence) -> FileSearch:
    """What the search found."""
    return parse_search(evidence.text(FILE_SEARCH.id))


FILE_SEARCH_FACT = Fact(
    "file_search",
    Text("全盘文件检索", "Search through all local files"),
    FileSearch,
    build_search,
    (FILE_SEARCH,),
)
