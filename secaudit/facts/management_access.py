"""From where the SSH daemon can be reached for management: packet filter, AllowUsers, TCP wrappers."""

import re
from dataclasses import dataclass

from secaudit.facts.fact import Evidence, Fact
from secaudit.facts.firewall import Firewall
from secaudit.facts.listeners import Listener
from secaudit.facts.sections import whole_sections
from secaudit.facts.source_addresses import cover_everybody
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
  [ -f /etc/hosts.$n ] && awk '
    /\\$/ { held = held substr($0, 1, length($0) - 1); next }
    { line = held $0; held = "" }
    line ~ /^[ \t]*#/ { next }
    {
      # an address of IPv6 in brackets: <fe80;;1>
      while (match(line, /\[[^]]*\]/)) {
        inner = substr(line, RSTART + 1, RLENGTH - 2); gsub(/:/, ";", inner)
        line = substr(line, 1, RSTART - 1) "<" inner ">" substr(line, RSTART + RLENGTH)
      }
      n = split(line, field, ":"); verdict = ""
      for (i = 3; i <= n; i++) if (tolower(field[i]) ~ /^[ \t]*(allow|deny)[ \t]*$/) verdict = tolower(field[i])
      gsub(/[ \t]/, "", verdict)
      if (n > 1) print field[1] ":" field[2] ":" verdict
    }' /etc/hosts.$n
done
echo '@@ end'""",
    reduces=Text(
        "hosts.allow 与 hosts.deny 只取服务、客户端与允许或拒绝，舍去注释和 shell 命令",
        "daemons, clients, allow or deny of hosts.allow and hosts.deny: comments and shell commands are dropped",
    ),
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
        b.allow_users
        and all(_names_host(pattern) for pattern in b.allow_users)
        and not cover_everybody(pattern.rpartition("@")[2] for pattern in b.allow_users)
        for b in branches
    )


def _names_host(pattern: str) -> bool:
    _, at, host = pattern.rpartition("@")
    return bool(at) and bool(host.strip("*?.:/0"))


def limited_by_wrappers(text: str) -> bool:
    """Whether clients that are not named are refused: the first line that fits decides, those of hosts.allow first.

    ``sshd: ALL: allow`` grants whatever file it stands in: hosts_access(5), hosts_options(5). Raises GapFound when it
    is cut off.
    """
    parts = whole_sections(text, "hosts.allow and hosts.deny are cut off", GapReason.UNPARSABLE)
    lines = [(name, line) for name in ("allow", "deny") for line in parts.get(name, [])]
    granted: list[str] = []
    for name, line in lines:
        daemons, clients, verdict = (part.strip() for part in f"{line}::".split(":")[:3])
        if not _fits(daemons, {"ALL", "sshd"}):
            continue
        if (verdict or name) == "deny":
            if _fits(clients, {"ALL"}):
                return "linked" in parts and not cover_everybody(granted)
        elif _are_everybody(clients):
            return False
        else:
            granted += _names(clients.partition("EXCEPT")[0])
    return False


def _names(names: str) -> set[str]:
    return set(re.split(r"[\s,]+", names.replace("<", "").replace(">", "").replace(";", ":").strip())) - {""}


def _fits(names: str, wanted: set[str]) -> bool:
    """Whether a list names one of these and does not except it: ``ALL EXCEPT sshd`` is not sshd."""
    listed, _, excepted = names.partition("EXCEPT")
    return bool(_names(listed) & wanted) and not _names(excepted) & wanted


def _are_everybody(clients: str) -> bool:
    """ALL, hosts that have a name (KNOWN), wildcards only, a file of patterns that is not read, or a network of all."""
    names = _names(clients.partition("EXCEPT")[0])
    return (
        bool(names & {"ALL", "KNOWN", "UNKNOWN"})
        or any(name.startswith("/") or not name.strip("*?.") for name in names)
        or cover_everybody(names)
    )


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
