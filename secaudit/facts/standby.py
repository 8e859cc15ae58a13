"""Hot standby as a host sees it: cluster members, mirrored disks, replication: drbdsetup(8), crm_mon(8)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.processes import Processes
from secaudit.facts.sections import whole_sections
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

# /proc/drbd of DRBD 9 names its version only. PostgreSQL's titles tell users and addresses too: the state is taken.
STANDBY = Probe(
    "availability.standby",
    r"""echo '@@ drbd'
if grep -qs ' cs:' /proc/drbd; then grep ' cs:' /proc/drbd
elif [ -d /sys/module/drbd ]; then drbdsetup status || exit; fi
echo '@@ pacemaker'
if command -v crm_mon >/dev/null; then
  crm_mon -1 2>&1 | grep -iE '(online|offline|standby|unclean|pending|not connected|failed)'
fi
echo '@@ postgresql'
grep -haosE '^postgres: .*wal ?(sender|receiver)[^[:cntrl:]]*' /proc/[0-9]*/cmdline |
  sed -nE 's/^.*wal ?(sender|receiver).* (streaming|startup|catchup|backup|waiting|stopping)( .*)?$/wal\1 \2/p'
echo '@@ end'""",
    root=True,
    reduces=Text(
        "只取节点与资源的名称及状态；PostgreSQL 进程标题不含用户与地址",
        "names of nodes and resources and their states; of PostgreSQL's titles neither users nor addresses",
    ),
)
_NODES = re.compile(r"^[ *]*(Online|OFFLINE): \[ ([^\]]{0,4000}) \]\s*$")
_NODE = re.compile(r"^[ *]*Node ([^\s:]{1,255})(?: \(\d+\))?: (\S.{0,60})$")


@dataclass(frozen=True, slots=True)
class Standby:
    """A partner that could take over: ``by`` what, its ``name``, its ``state`` as told there.

    ``ready``: ``yes``; ``no``: it is away or its data lag; ``untold``: the host does not see the other side.
    """

    by: str
    name: str
    state: str
    ready: str


def parse_standby(text: str, processes: Processes) -> tuple[Standby, ...]:
    """The partners, by program and name; none is a value. Raises GapFound."""
    parts = whole_sections(text, "the look at standby is cut off")
    cluster = _cluster(tuple(_pacemaker(parts.get("pacemaker", []))))
    if "pacemakerd" in processes.of_root and not cluster:
        raise GapFound(GapReason.NO_TOOL, "pacemaker runs, and crm_mon shows no node")
    found = [
        *_drbd(parts.get("drbd", [])),
        *cluster,
        *_postgresql(parts.get("postgresql", [])),
        *(Standby("keepalived", "VRRP", "", "untold") for name in processes.of_root if name == "keepalived"),
    ]
    return tuple(sorted(set(found), key=lambda s: (s.by, s.name, s.state)))


def _drbd(lines: Iterable[str]) -> Iterator[Standby]:
    """`` 0: cs:Connected ro:Primary/Secondary ds:UpToDate/UpToDate`` (8) or ``node2 role:Secondary`` (9) → Standby."""
    resource = peer = ""
    for line in lines:
        words = dict(word.split(":", 1) for word in line.split() if ":" in word[1:])
        if "cs" in words:
            if words["cs"] != "Unconfigured":
                yield _mirror(line.partition(":")[0].strip(), words["cs"], words.get("ds", ""))
        elif not line.startswith(" "):
            resource = line.split()[0]
        elif line.startswith("    ") and "peer-disk" in words:
            yield _mirror(f"{resource} {peer}", words.get("replication", "Connected"), words["peer-disk"])
        elif not line.startswith("    ") and "disk" not in words:
            peer = line.split()[0]
            if words.get("connection", "Connected") != "Connected":
                yield _mirror(f"{resource} {peer}", words["connection"], "")


def _mirror(name: str, connection: str, disks: str) -> Standby:
    """A partner without disks is a witness by intention, or has lost them: the host does not say."""
    whole = connection in ("Connected", "Established") and set(disks.split("/")) == {"UpToDate"}
    ready = "yes" if whole else "untold" if disks == "Diskless" else "no"
    return Standby("DRBD", name, f"{connection} {disks}".strip(), ready)


def _cluster(nodes: tuple[Standby, ...]) -> tuple[Standby, ...]:
    """A cluster of this node alone has nobody that takes over."""
    alone = len(nodes) == 1 and nodes[0].ready == "yes"
    return (replace(nodes[0], state="alone", ready="no"),) if alone else nodes


def _pacemaker(lines: Iterable[str]) -> Iterator[Standby]:
    """``  * Online: [ a b ]``, ``OFFLINE: [ c ]``, ``Node d: standby`` → Standby, a row a node."""
    for line in lines:
        if several := _NODES.match(line):
            ready = "yes" if several[1] == "Online" else "no"
            yield from (Standby("pacemaker", node, several[1].lower(), ready) for node in several[2].split())
        elif one := _NODE.match(line):
            yield Standby("pacemaker", one[1], one[2].strip(), "yes" if one[2].strip() == "online" else "no")
        elif "not connected" in line.lower() or "connection to cluster failed" in line.lower():
            yield Standby("pacemaker", "cluster", "not connected", "no")


def _postgresql(lines: Iterable[str]) -> Iterator[Standby]:
    """``walsender streaming`` → Standby."""
    for line in lines:
        name, _, state = line.partition(" ")
        if name in ("walsender", "walreceiver"):
            yield Standby("PostgreSQL", name, state, "yes" if state == "streaming" else "untold")


def build_standby(evidence: Evidence) -> tuple[Standby, ...]:
    """What the asset sees of its partners."""
    return parse_standby(evidence.text(STANDBY.id), evidence.fact("processes"))


STANDBY_FACT = Fact(
    "standby",
    Text("热备状态", "Hot standby"),
    tuple[Standby, ...],
    build_standby,
    (STANDBY,),
    uses=("processes",),
)
