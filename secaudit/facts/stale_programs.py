"""Programs that still run from files which an update has replaced: proc(5) /proc/PID/maps and exe."""

import re
from dataclasses import dataclass

from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.sections import whole_sections
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

# The kernel adds "(deleted)" to the name of a file that is gone: of a library that is mapped, or of the program itself.
# A process of a container sees other files: only those in the PID namespace of process 1 count.
# grep passes over a process that ends meanwhile; awk, whichever, would end there and leave out all that come after it.
STALE = Probe(
    "stale_programs.maps",
    r"""echo '@@ spaces'
ls -l /proc/[0-9]*/ns/pid 2>/dev/null | awk '{ split($(NF - 2), part, "/"); print part[3], $NF }'
echo '@@ names'
grep -s . /proc/[0-9]*/comm | sed 's|^/proc/\([0-9]*\)/comm:|\1 |'
echo '@@ maps'
grep -as ' (deleted)$' /proc/[0-9]*/maps /dev/null |
awk '/ \/(usr\/)?(lib|lib64|bin|sbin|libexec|local\/lib|local\/bin|local\/sbin)[^ ]* \(deleted\)$/ {
  split($1, part, "/"); key = part[3] " " $6
  if (!(key in seen)) { seen[key] = 1; print key }
}'
echo '@@ end'""",
    root=True,
    limit_bytes=524_288,
    reduces=Text(
        "只取进程名与程序、库的路径，不含参数",
        "names of processes and paths of programs and libraries; no arguments",
    ),
)


@dataclass(frozen=True, slots=True)
class StaleProgram:
    """A program by the name of its process that uses files which are gone, those files sorted."""

    name: str
    files: tuple[str, ...]


def parse_stale(text: str) -> tuple[StaleProgram, ...]:
    """``812 /usr/lib/x86_64-linux-gnu/libssl.so.3`` and ``812 nginx`` → StaleProgram; raises GapFound."""
    parts = whole_sections(text, "the list of mapped files is cut off", GapReason.UNPARSABLE)
    names = dict(_pairs(parts, "names"))
    spaces = dict(_pairs(parts, "spaces"))
    if "1" not in names or "1" not in spaces:
        raise GapFound(GapReason.NO_PERMISSION, "the processes of others are not told")
    found: dict[str, set[str]] = {}
    for pid, path in _pairs(parts, "maps"):
        if spaces.get(pid) == spaces["1"] and pid in names:
            found.setdefault(names[pid], set()).add(path)
    return tuple(StaleProgram(name, tuple(sorted(files))) for name, files in sorted(found.items()))


_PAIR = re.compile(r"(\d{1,10}) (.+)", re.ASCII)


def _pairs(parts: dict[str, list[str]], name: str) -> list[tuple[str, str]]:
    return [(row[1], row[2]) for line in parts.get(name, []) if (row := _PAIR.fullmatch(line.strip()))]


def build_stale(evidence: Evidence) -> tuple[StaleProgram, ...]:
    """The programs of the asset that wait for a restart."""
    return parse_stale(evidence.text(STALE.id))


STALE_PROGRAMS = Fact(
    "stale_programs",
    Text("更新后尚未重启的程序", "Programs that wait for a restart"),
    tuple[StaleProgram, ...],
    build_stale,
    (STALE,),
)
