"""The Linux audit system: its daemon, its rules as loaded in the kernel and as written, what it covers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from secaudit.facts.accounts_probe import PASSWD
from secaudit.facts.audit_areas import AuditAreas, areas
from secaudit.facts.audit_rules import AuditRule, RuleGap, parse_rules, recording, rules_of_64_bits_only
from secaudit.facts.config_files import number
from secaudit.facts.daemons import running_daemons
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.passwd_file import Identity
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
BEGIN { kept = "log_file|log_format|max_log_file|num_logs|max_log_file_action|flush|write_logs|local_events|"
  kept = kept "space_left_action|admin_space_left_action|disk_full_action|disk_error_action" }
{ sub(/.*\/etc\/audit\//, "", file) }
file == "auditd.conf" {
  if (tolower($0) ~ ("^[ \t]*(" kept ")[ \t]*=")) config = config $0 "\n"
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
echo '#unit'
d=/usr/lib/systemd/system
[ -e $d ] || d=/lib/systemd/system
u=/etc/systemd/system/auditd.service
[ -e $u ] || u=$d/auditd.service
grep -hs '^[[:blank:]]*RefuseManualStop[[:blank:]]*=' $u $d/auditd.service.d/*.conf \
  /etc/systemd/system/auditd.service.d/*.conf
echo '#boot'
[ ! -e /lib64/ld-linux-x86-64.so.2 ] || echo x86_64
awk '{ for (i = 1; i <= NF; i++) if ($i ~ /^audit(_backlog_limit)?=[0-9a-z]+$/) print $i }' /proc/cmdline
echo '#end'""",
    root=True,
    as_root=(listed("/etc/audit"), "/usr/sbin/auditctl -s", "/usr/sbin/auditctl -l"),
    reduces=Text(
        "不含审计记录；auditd.conf 只取参与判定的项，舍去注释",
        "no audit records; of auditd.conf only what is judged, no comments",
    ),
)


@dataclass(frozen=True, slots=True)
class AuditDaemon:
    """The audit daemon.

    ``written_rules`` are those that would be loaded (rules.d, else audit.rules). The rest is auditd.conf(5), its
    defaults where nothing is set: ``full_action`` is max_log_file_action (``keep_logs`` never overwrites),
    ``log_files`` num_logs, ``log_size_mb`` max_log_file. ``own_events``: events of this host are taken in
    (local_events). ``to_disk``: records are written to the log file (write_logs, log_format).
    """

    installed: bool
    running: bool
    starts_at_boot: bool
    written_rules: int
    log_file: str
    full_action: str
    disk_full_action: str
    disk_error_action: str
    space_left_action: str
    admin_space_left_action: str
    flush: str
    log_files: int
    log_size_mb: int
    own_events: bool
    to_disk: bool


@dataclass(frozen=True, slots=True)
class AuditKernel:
    """What the kernel says (auditctl -s): ``enabled``, ``immutable`` (-e 2), the rules loaded, records lost.

    ``recording_rules`` are those of the loaded ones that record something, ``backlog_limit`` the records that may wait.
    """

    enabled: bool
    immutable: bool
    loaded_rules: int
    recording_rules: int
    lost: int
    backlog_limit: int


@dataclass(frozen=True, slots=True)
class AuditStart:
    """How auditing begins and may end.

    ``from_boot``: the kernel was told to audit what starts before the daemon (audit=1). ``boot_backlog``:
    audit_backlog_limit of the command line, 64 without one. ``refuses_stop``: systemd refuses to stop the daemon for
    anybody (RefuseManualStop). ``x86_64``: programs of 32 and of 64 bits run here.
    """

    from_boot: bool
    boot_backlog: int
    refuses_stop: bool
    x86_64: bool


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
        config[key.strip().lower()] = value.strip()
    return AuditDaemon(
        installed=installed,
        running=installed and "auditd" in parts["running"] and _status(parts).get("pid") != "0",
        starts_at_boot=any(line.startswith("start ") for line in parts["starts"]),
        written_rules=len({rule.text for rule in parse_rules(parts["written"])}),
        log_file=config.get("log_file", "/var/log/audit/audit.log"),
        full_action=config.get("max_log_file_action", "ignore").lower(),
        disk_full_action=_action(config, "disk_full_action"),
        disk_error_action=_action(config, "disk_error_action", "syslog"),
        space_left_action=_action(config, "space_left_action"),
        admin_space_left_action=_action(config, "admin_space_left_action"),
        flush=config.get("flush", "none").lower(),
        log_files=number(config.get("num_logs", "0"), "num_logs"),
        log_size_mb=number(config.get("max_log_file", "0"), "max_log_file"),
        own_events=config.get("local_events", "yes").lower() == "yes",
        to_disk=config.get("write_logs", "yes").lower() == "yes"
        and config.get("log_format", "").lower() != "nolog",
    )


def _action(config: Mapping[str, str], key: str, unset: str = "ignore") -> str:
    """``EXEC /root/archive.sh`` → exec."""
    words = config.get(key, "").lower().split()
    return words[0] if words else unset


def kernel_of(parts: Parts) -> AuditKernel:
    """The state in the kernel; without auditctl nothing was ever loaded. Raises GapFound when it does not answer."""
    if "status" not in parts:
        return AuditKernel(False, False, 0, 0, 0, 0)
    status = _status(parts)
    if "refused" in parts["status"] or "enabled" not in status:
        raise GapFound(GapReason.NO_PERMISSION, "auditctl -s: the kernel does not answer (a container?)")
    enabled = number(status["enabled"], "enabled")
    lost = number(status.get("lost", "0"), "lost")
    rules = loaded_rules(parts)
    backlog = number(status.get("backlog_limit", "0"), "backlog_limit")
    return AuditKernel(enabled > 0, enabled == 2, len(rules), len(recording(rules)), lost, backlog)


def start_of(parts: Parts) -> AuditStart:
    """``RefuseManualStop=yes``, ``audit=1``; of several settings the last one holds. Raises GapFound."""
    if not {"unit", "boot"} <= set(parts):
        raise GapFound(GapReason.NOT_COLLECTED, "audit.state: asked in an older wording")
    told = dict(word.partition("=")[::2] for word in parts["boot"])
    refuses = [line.partition("=")[2].strip().lower() for line in parts["unit"]]
    return AuditStart(
        from_boot=told.get("audit") in ("1", "on"),
        boot_backlog=number(told.get("audit_backlog_limit", "64"), "audit_backlog_limit"),
        refuses_stop=bool(refuses) and refuses[-1] in ("yes", "true", "on", "1"),
        x86_64="x86_64" in told,
    )


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


def build_audit_start(evidence: Evidence) -> AuditStart:
    """How auditing begins and may end."""
    return start_of(parse_audit(evidence.text(AUDIT.id)))


def build_audit_gaps(evidence: Evidence) -> tuple[RuleGap, ...]:
    """The rules that programs of 32 bits get around; empty where the machine runs none."""
    start: AuditStart = evidence.fact("audit_start")
    return rules_of_64_bits_only(evidence.fact("audit_rules")) if start.x86_64 else ()


def build_audit_areas(evidence: Evidence) -> AuditAreas:
    """The areas the loaded rules record."""
    x86_64 = "x86_64" in parse_audit(evidence.text(AUDIT.id)).get("boot", ())
    return areas(evidence.fact("audit_rules"), x86_64)


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
AUDIT_START = Fact(
    "audit_start",
    Text("审计的启动与停止", "How auditing begins and ends"),
    AuditStart,
    build_audit_start,
    (AUDIT,),
)
AUDIT_GAPS = Fact(
    "audit_gaps",
    Text("只覆盖64位程序的审计规则", "Audit rules for programs of 64 bits only"),
    tuple[RuleGap, ...],
    build_audit_gaps,
    uses=("audit_start", "audit_rules"),
)
