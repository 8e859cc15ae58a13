"""Which programs run, by name only: proc(5) /proc/PID/comm."""

from dataclasses import dataclass

from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

PROCESSES = Probe(
    "processes.names",
    # A process may end between the listing and the reading: that is no failure. What comes and goes with the visit
    # itself and the kernel's workers, which change their names, is left out.
    """cat /proc/1/comm || exit 1
cat /proc/[0-9]*/comm 2>/dev/null | sort -u | grep -vE '^(kworker.*|cat|dd|grep|head|sed|sleep|sort|sudo|timeout)$'
echo end""",
    limit_bytes=65_536,
    reduces="names of at most 15 characters (comm), never arguments or environment",
)


@dataclass(frozen=True, slots=True)
class Processes:
    """``init`` is the name of process 1, ``names`` the distinct names (cut at 15 characters by the kernel), sorted."""

    init: str
    names: tuple[str, ...]


def parse_processes(text: str) -> Processes:
    """``systemd`` first, then every name once; raises GapFound when process 1 cannot be seen (hidepid)."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) < 3 or lines[0] not in lines[1:-1] or lines[-1] != "end":
        raise GapFound(GapReason.UNPARSABLE, "process 1 is not in the list of processes")
    return Processes(lines[0], tuple(sorted(set(lines[1:-1]))))


def build_processes(evidence: Evidence) -> Processes:
    """The programs that run on the asset."""
    return parse_processes(evidence.text(PROCESSES.id))


PROCESSES_FACT = Fact(
    "processes", Text("运行中的程序", "Running programs"), Processes, build_processes, (PROCESSES,)
)
