"""The Linux audit system: its daemon, its rules as loaded in the kernel and as written, what it covers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from secaudit.facts.accounts import PASSWD, Identity
from secaudit.facts.audit_areas import AuditAreas, areas
from secaudit.facts.audit_rules import AuditRule, parse_rules, recording
from secaudit.facts.config_files import number
from secaudit.facts.daemons import running_daemons
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.root_files import ALL_PROCESSES, EACH_LINE, IF_WHOLE, listed, reading
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

AUDIT = Probe(
    "audit.state",
    ALL_PROCESSES
    + """echo '#daemon'
command -v auditd >/dev/null 2>&1 && echo auditd
command -v auditctl >/dev/null 2>&1 && echo auditctl
echo '#running'
"""
    + running_daemons(["auditd"])
    + r"""
echo '#starts'
for f in /etc/systemd/system/*.target.wants/auditd.service /etc/rc[2345].d/S*auditd /etc/runlevels/default/auditd; do
  [ ! -e "$f" ] && [ ! -L "$f" ] || echo "start $f"
done
"""
    + f"{reading('/etc/audit')} | awk '{EACH_LINE}"
    + r"""
{ sub(/.*\/etc\/audit\//, "", file) }
file == "auditd.conf" {
  if (/^[ \t]*(log_file|max_log_file|num_logs|max_log_file_action|disk_full_action)[ \t]*=/) config = config $0 "\n"
  next
}
file ~ /^rules\.d\/[^.\/][^\/]*\.rules$/ { several = 1 }
file == "audit.rules" || file ~ /^rules\.d\/[^.\/][^\/]*\.rules$/ {
  sub(/^[ \t]*#.*/, ""); sub(/[ \t\r]+$/, "")
  if ($0 != "") rules[file == "audit.rules"] = rules[file == "audit.rules"] $0 "\n"
}
END { printf "#written\n%s#config\n%s", rules[!several], config }
"""
    + f"{IF_WHOLE}' || exit 1"
    + r"""
if command -v auditctl >/dev/null 2>&1; then
  echo '#status'
  root auditctl -s || echo refused
  echo '#loaded'
  root auditctl -l || echo refused
fi
echo '#end'""",
    root=True,
    as_root=(listed("/etc/audit"), "/usr/sbin/auditctl -s", "/usr/sbin/auditctl -l"),
    reduces="no audit records; of auditd.conf only what is judged, no comments",
)


@dataclass(frozen=True, slots=True)
class AuditDaemon:
    """The audit daemon.

    ``written_rules`` are those that would be loaded (rules.d, else audit.rules). The rest is auditd.conf(5), its
    defaults where nothing is set: ``full_action`` is max_log_file_action (``keep_logs`` never overwrites),
    ``log_files`` num_logs, ``log_size_mb`` max_log_file.
    """

    installed: bool
    running: bool
    starts_at_boot: bool
    written_rules: int
    log_file: str
    full_action: str
    disk_full_action: str
    log_files: int
    log_size_mb: int


@dataclass(frozen=True, slots=True)
class AuditKernel:
    """What the kernel says (auditctl -s): ``enabled``, ``immutable`` (-e 2), the rules loaded, records lost.

    ``recording_rules`` are those of the loaded ones that record something.
    """

    enabled: bool
    immutable: bool
    loaded_rules: int
    recording_rules: int
    lost: int


Parts = Mapping[str, Sequence[str]]


def parse_audit(text: str) -> Parts:
    """``#daemon`` … ``#end`` → part → lines; raises GapFound when the end is missing."""
    parts: dict[str, list[str]] = {}
    current: list[str] | None = None
    for line in text.split("\n"):
        if line.startswith("#"):
            current = parts.setdefault(line[1:], [])
        elif current is not None and line.strip():
            current.append(line.strip())
    if not {"daemon", "running", "starts", "written", "config", "end"} <= set(parts):
        raise GapFound(GapReason.UNPARSABLE, "the audit probe was cut off")
    return parts


def daemon_of(parts: Parts) -> AuditDaemon:
    """The daemon and its configuration. The kernel knows which process takes its records: pid 0 is none."""
    config: dict[str, str] = {}
    installed = "auditd" in parts["daemon"]
    for line in parts["config"]:
        key, _, value = line.partition("=")
        config[key.strip()] = value.strip()
    return AuditDaemon(
        installed=installed,
        running=installed and "auditd" in parts["running"] and _status(parts).get("pid") != "0",
        starts_at_boot=any(line.startswith("start ") for line in parts["starts"]),
        written_rules=len(parse_rules(parts["written"])),
        log_file=config.get("log_file", "/var/log/audit/audit.log"),
        full_action=config.get("max_log_file_action", "ignore").lower(),
        disk_full_action=config.get("disk_full_action", "ignore").lower(),
        log_files=number(config.get("num_logs", "0"), "num_logs"),
        log_size_mb=number(config.get("max_log_file", "0"), "max_log_file"),
    )


def kernel_of(parts: Parts) -> AuditKernel:
    """The state in the kernel; without auditctl nothing was ever loaded. Raises GapFound when it does not answer."""
    if "status" not in parts:
        return AuditKernel(False, False, 0, 0, 0)
    status = _status(parts)
    if "refused" in parts["status"] or "enabled" not in status:
        raise GapFound(GapReason.NO_PERMISSION, "auditctl -s: the kernel does not answer (a container?)")
    enabled = number(status["enabled"], "enabled")
    lost = number(status.get("lost", "0"), "lost")
    rules = loaded_rules(parts)
    return AuditKernel(enabled > 0, enabled == 2, len(rules), len(recording(rules)), lost)


def _status(parts: Parts) -> dict[str, str]:
    return dict(_pair(line) for line in parts.get("status", ()) if len(line.replace("=", " ").split()) == 2)


def _pair(line: str) -> tuple[str, str]:
    """``enabled 1``; auditctl before 2.3 wrote ``enabled=1``."""
    key, value = line.replace("=", " ").split()
    return key, value


def loaded_rules(parts: Parts, people: Sequence[Identity] = ()) -> tuple[AuditRule, ...]:
    """The rules in the kernel (auditctl -l); none without auditctl. Raises GapFound when it does not answer.

    ``people`` are the accounts here: which user ids are the system's.
    """
    if "loaded" not in parts:
        return ()
    if "refused" in parts["loaded"]:
        raise GapFound(GapReason.NO_PERMISSION, "auditctl -l: the kernel does not answer (a container?)")
    return parse_rules(parts["loaded"], people)


def build_audit_daemon(evidence: Evidence) -> AuditDaemon:
    """The audit daemon; ``installed`` is false where it is not, which is no gap."""
    return daemon_of(parse_audit(evidence.text(AUDIT.id)))


def build_audit_kernel(evidence: Evidence) -> AuditKernel:
    """The audit system of the kernel."""
    return kernel_of(parse_audit(evidence.text(AUDIT.id)))


def build_audit_rules(evidence: Evidence) -> tuple[AuditRule, ...]:
    """The loaded rules; empty when none is."""
    return loaded_rules(parse_audit(evidence.text(AUDIT.id)), evidence.fact("identities"))


def build_audit_areas(evidence: Evidence) -> AuditAreas:
    """The areas the loaded rules record."""
    return areas(evidence.fact("audit_rules"))


AUDIT_DAEMON = Fact(
    "audit_daemon", Text("审计服务", "Audit daemon"), AuditDaemon, build_audit_daemon, (AUDIT,)
)
AUDIT_KERNEL = Fact(
    "audit_kernel",
    Text("内核审计状态", "Audit state of the kernel"),
    AuditKernel,
    build_audit_kernel,
    (AUDIT,),
)
AUDIT_RULES = Fact(
    "audit_rules",
    Text("已加载的审计规则", "Loaded audit rules"),
    tuple[AuditRule, ...],
    build_audit_rules,
    (AUDIT, PASSWD),
    uses=("identities",),
)
AUDIT_AREAS = Fact(
    "audit_areas",
    Text("审计规则覆盖面", "Areas the audit rules record"),
    AuditAreas,
    build_audit_areas,
    (AUDIT, PASSWD),
    uses=("audit_rules",),
)
