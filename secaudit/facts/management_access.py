"""From where the SSH daemon can be reached for management: packet filter, AllowUsers, TCP wrappers."""

import re
from dataclasses import dataclass

from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.firewall import Firewall
from secaudit.facts.listeners import Listener
from secaudit.facts.sections import sections
from secaudit.facts.sshd import SshdBranch
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

# Debian's sshd is linked with libwrap, others are not: hosts.deny(5) says nothing where the library is missing.
WRAPPERS = Probe(
    "management_access.wrappers",
    r"""for f in /usr/sbin/sshd /usr/lib/openssh/sshd-session; do
  if [ -f $f ] && grep -q 'libwrap\.so' $f; then echo '@@ linked'; echo yes; fi
done
for n in deny allow; do
  echo "@@ $n"
  if [ -f /etc/hosts.$n ]; then awk -F: '!/^[ \t]*#/ && NF > 1 { print $1 ":" $2 }' /etc/hosts.$n; fi
done
echo '@@ end'""",
    reduces="daemons and clients of hosts.allow and hosts.deny only: comments and shell commands are dropped",
)


@dataclass(frozen=True, slots=True)
class ManagementPort:
    """A port on which the SSH daemon listens beyond loopback.

    ``limited_by``: ``firewall``, ``sshd``, ``wrappers``, or ``nothing`` on the asset itself (a bastion or a firewall on
    the way may still limit it).
    """

    port: int
    limited_by: str


def limited_by_sshd(branches: tuple[SshdBranch, ...]) -> bool:
    """Whether every branch names its users with a host (``AllowUsers ops@10.0.0.*``): sshd_config(5)."""
    return bool(branches) and all(
        b.allow_users and all(_names_host(pattern) for pattern in b.allow_users) for b in branches
    )


def _names_host(pattern: str) -> bool:
    _, at, host = pattern.rpartition("@")
    return bool(at) and bool(host.strip("*?.:/0"))


def limited_by_wrappers(text: str) -> bool:
    """Whether ``sshd: ALL`` is denied and the exceptions name clients; raises GapFound when it is cut off."""
    parts = sections(text)
    if "end" not in parts:
        raise GapFound(GapReason.UNPARSABLE, "hosts.allow and hosts.deny are cut off")
    denied = any(_is_everybody(line) for line in parts.get("deny", []))
    opened = any(_is_everybody(line) for line in parts.get("allow", []))
    return "linked" in parts and denied and not opened


def _is_everybody(line: str) -> bool:
    daemons, _, clients = line.partition(":")
    daemon_names, client_names = (set(re.split(r"[\s,]+", part.strip())) for part in (daemons, clients))
    return bool(daemon_names & {"ALL", "sshd"}) and bool(client_names & {"ALL", "0.0.0.0/0"})


def build_management(evidence: Evidence) -> tuple[ManagementPort, ...]:
    """The SSH ports; what limits them is looked for in the order sshd, wrappers, firewall, the last needing root."""
    branches: tuple[SshdBranch, ...] = evidence.fact("sshd_branches")
    listeners: tuple[Listener, ...] = evidence.fact("listeners")
    named = {port for branch in branches for port in branch.ports}
    ports = sorted({s.port for s in listeners if s.protocol == "tcp" and s.exposed and s.port in named})
    if not ports:
        return ()
    if limited_by_sshd(branches):
        return tuple(ManagementPort(port, "sshd") for port in ports)
    if limited_by_wrappers(evidence.text(WRAPPERS.id)):
        return tuple(ManagementPort(port, "wrappers") for port in ports)
    firewall: Firewall = evidence.fact("firewall")
    return tuple(ManagementPort(p, "firewall" if firewall.limits("tcp", p) else "nothing") for p in ports)


MANAGEMENT_ACCESS = Fact(
    "management_access",
    Text("管理接入限制", "Where management comes from"),
    tuple[ManagementPort, ...],
    build_management,
    (WRAPPERS,),
    ("sshd_branches", "listeners", "firewall"),
)
