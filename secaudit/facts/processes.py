"""Which daemons of the system run, by name only: proc(5) /proc/PID/status."""

from dataclasses import dataclass

from secaudit.facts.daemons import ALL_DAEMONS
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

_NAMES = f"{ALL_DAEMONS}\necho end"

_REDUCES = Text(
    "只输出 root 与系统账户所运行程序的名称（至多 15 个字符），不含参数与环境变量",
    "names of at most 15 characters (comm) of what root and system accounts run, never arguments or environment",
)

PROCESSES = Probe("processes.names", _NAMES, limit_bytes=65_536, reduces=_REDUCES)

PROCESSES_ROOT = Probe(
    "processes.names_root",
    # Only where others are not told enough: kernels before 4.1 (no NSpid), /proc mounted with hidepid.
    f"""if grep -q '^NSpid:' /proc/self/status && ! grep -q '^[^ ]* /proc .*hidepid=' /proc/mounts; then exit 0; fi
{_NAMES}""",
    root=True,
    limit_bytes=65_536,
    reduces=_REDUCES,
)


@dataclass(frozen=True, slots=True)
class Processes:
    """``init`` is the name of process 1; names are cut at 15 characters by the kernel, distinct, sorted.

    ``of_root`` are programs that root runs, ``names`` those of root and of system accounts (below UID_MIN), all in the
    PID namespace of process 1: what users start and what runs in a container is in neither.
    """

    init: str
    of_root: tuple[str, ...]
    names: tuple[str, ...]


def parse_processes(text: str) -> Processes:
    """``init TAB systemd``, ``root TAB cron``, ``system TAB chronyd`` → Processes.

    Raises GapFound when process 1 cannot be seen (hidepid) or the kernel does not tell who runs in a container.
    """
    lines = text.removesuffix("\n").split("\n")
    if lines[-1] != "end":
        raise GapFound(GapReason.UNPARSABLE, "the list of processes is cut off")
    if "untold" in lines:
        raise GapFound(GapReason.NOT_SUPPORTED, "which processes are a container's is not told")
    rows = [(kind, name) for kind, _, name in (line.partition("\t") for line in lines[:-1])]
    inits = [name for kind, name in rows if kind == "init"]
    if len(inits) != 1 or not all(kind in ("init", "root", "system") and name for kind, name in rows):
        raise GapFound(GapReason.UNPARSABLE, "process 1 is not in the list of processes")
    of_root = {name for kind, name in rows if kind == "root"}
    of_system = {name for kind, name in rows if kind == "system"}
    return Processes(inits[0], tuple(sorted(of_root)), tuple(sorted(of_root | of_system)))


def build_processes(evidence: Evidence) -> Processes:
    """The daemons of the asset; where they are not told to everybody, as root sees them."""
    try:
        return parse_processes(evidence.text(PROCESSES.id))
    except GapFound as found:
        if found.gap.reason not in (GapReason.NOT_SUPPORTED, GapReason.UNPARSABLE):
            raise
        seen_by_root = evidence.text(PROCESSES_ROOT.id)
        if not seen_by_root:
            raise
        return parse_processes(seen_by_root)


PROCESSES_FACT = Fact(
    "processes",
    Text("系统守护进程", "Daemons of the system"),
    Processes,
    build_processes,
    (PROCESSES, PROCESSES_ROOT),
)
