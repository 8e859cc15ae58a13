"""The Linux audit system: its daemon, its rules as loaded in the kernel and as written, what it covers."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from secaudit.facts.config_files import number
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

AUDIT = Probe(
    "audit.state",
    r"""echo '#daemon'
command -v auditd >/dev/null 2>&1 && echo auditd
command -v auditctl >/dev/null 2>&1 && echo auditctl
grep -slx auditd /proc/[0-9]*/comm
for f in /etc/systemd/system/*.target.wants/auditd.service /etc/rc[2345].d/S*auditd /etc/runlevels/default/auditd; do
  [ ! -e "$f" ] && [ ! -L "$f" ] || echo "start $f"
done
echo '#written'
set --
for f in /etc/audit/rules.d/*.rules; do [ ! -f "$f" ] || set -- "$@" "$f"; done
[ $# -gt 0 ] || { [ ! -f /etc/audit/audit.rules ] || set -- /etc/audit/audit.rules; }
[ $# -eq 0 ] || awk '{ sub(/^[ \t]*#.*/, ""); sub(/[ \t\r]+$/, ""); if ($0 != "") print }' "$@"
echo '#config'
[ ! -f /etc/audit/auditd.conf ] ||
  awk '/^[ \t]*(log_file|max_log_file|num_logs|max_log_file_action|disk_full_action)[ \t]*=/' /etc/audit/auditd.conf
if command -v auditctl >/dev/null 2>&1; then
  echo '#status'
  auditctl -s || echo refused
  echo '#loaded'
  auditctl -l || echo refused
fi
echo '#end'""",
    root=True,
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
class AuditRule:
    """A rule: ``watch`` on a path, or ``syscall``. ``excludes``: it keeps events out (never, or the exclude list).

    ``users`` are its conditions on who acts (``auid>=1000``). ``text`` is the rule.
    """

    kind: str
    path: str
    permissions: str
    syscalls: tuple[str, ...]
    excludes: bool
    users: tuple[str, ...]
    key: str
    text: str


@dataclass(frozen=True, slots=True)
class AuditKernel:
    """What the kernel says (auditctl -s): ``enabled``, ``immutable`` (-e 2), the rules loaded, records lost."""

    enabled: bool
    immutable: bool
    loaded_rules: int
    lost: int


@dataclass(frozen=True, slots=True)
class AuditAreas:
    """The areas of important events (AREAS) that the loaded rules record, and those they do not."""

    recorded: tuple[str, ...]
    not_recorded: tuple[str, ...]


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
    if not {"daemon", "written", "config", "end"} <= set(parts):
        raise GapFound(GapReason.UNPARSABLE, "the audit probe was cut off")
    return parts


def daemon_of(parts: Parts) -> AuditDaemon:
    """The daemon and its configuration."""
    config: dict[str, str] = {}
    installed = "auditd" in parts["daemon"]
    for line in parts["config"]:
        key, _, value = line.partition("=")
        config[key.strip()] = value.strip()
    return AuditDaemon(
        installed=installed,
        # Without the program here, such a process belongs to a container.
        running=installed and any(line.startswith("/proc/") for line in parts["daemon"]),
        starts_at_boot=any(line.startswith("start ") for line in parts["daemon"]),
        written_rules=len(_rules(parts["written"])),
        log_file=config.get("log_file", "/var/log/audit/audit.log"),
        full_action=config.get("max_log_file_action", "ignore").lower(),
        disk_full_action=config.get("disk_full_action", "ignore").lower(),
        log_files=number(config.get("num_logs", "0"), "num_logs"),
        log_size_mb=number(config.get("max_log_file", "0"), "max_log_file"),
    )


def kernel_of(parts: Parts) -> AuditKernel:
    """The state in the kernel; without auditctl nothing was ever loaded. Raises GapFound when it does not answer."""
    if "status" not in parts:
        return AuditKernel(False, False, 0, 0)
    status = dict(_pair(line) for line in parts["status"] if len(line.split()) == 2)
    if "refused" in parts["status"] or "enabled" not in status:
        raise GapFound(GapReason.NO_PERMISSION, "auditctl -s: the kernel does not answer (a container?)")
    enabled = number(status["enabled"], "enabled")
    lost = number(status.get("lost", "0"), "lost")
    return AuditKernel(enabled > 0, enabled == 2, len(loaded_rules(parts)), lost)


def _pair(line: str) -> tuple[str, str]:
    """``enabled 1``; auditctl before 2.3 wrote ``enabled=1``."""
    key, value = line.split()
    return key, value


def loaded_rules(parts: Parts) -> tuple[AuditRule, ...]:
    """The rules in the kernel (auditctl -l); none without auditctl. Raises GapFound when it does not answer."""
    if "loaded" not in parts:
        return ()
    if "refused" in parts["loaded"]:
        raise GapFound(GapReason.NO_PERMISSION, "auditctl -l: the kernel does not answer (a container?)")
    return _rules(parts["loaded"])


def _rules(lines: Iterable[str]) -> tuple[AuditRule, ...]:
    """Rules; lines that set something else (-D, -b, -e, -f) and "No rules" are none."""
    return tuple(_rule(line) for line in lines if line.startswith(("-w", "-a", "-A")))


def _rule(line: str) -> AuditRule:
    """``-w /etc/passwd -p wa -k identity``, ``-a always,exit -F arch=b64 -S execve -F auid>=1000 -k x``."""
    words = line.split()
    options = [(words[i], words[i + 1]) for i in range(len(words) - 1) if words[i].startswith("-")]
    fields = [value for option, value in options if option == "-F"]
    watched = [value for option, value in options if option == "-w"]
    watched += [value.partition("=")[2] for value in fields if re.match(r"(path|dir)=", value)]
    actions = [value for option, value in options if option in ("-a", "-A")]
    keys = [value for option, value in options if option == "-k"]
    keys += [value.partition("=")[2] for value in fields if value.startswith("key=")]
    permissions = [value for option, value in options if option == "-p"]
    permissions += [value.partition("=")[2] for value in fields if value.startswith("perm=")]
    return AuditRule(
        kind="watch" if watched else "syscall",
        path=watched[0] if watched else "",
        permissions=permissions[0] if permissions else "",
        syscalls=tuple(name for option, value in options if option == "-S" for name in value.split(",")),
        excludes=any("never" in action or "exclude" in action for action in actions),
        users=tuple(value for value in fields if re.match(r"(a|e|s|fs|o)?uid", value)),
        key=keys[0] if keys else "",
        text=line,
    )


# Area → files whose change shows it, and system calls that do.
AREAS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "account": (("/etc/passwd", "/etc/shadow", "/etc/group"), ()),
    "privilege": (("/etc/sudoers",), ("setuid", "setreuid", "execve")),
    "login": (
        (
            "/var/log/lastlog",
            "/var/log/faillog",
            "/var/log/tallylog",
            "/run/faillock",
            "/var/run/faillock",
            "/var/log/btmp",
        ),
        (),
    ),
    "time": (("/etc/localtime",), ("settimeofday", "clock_settime", "adjtimex", "clock_adjtime")),
    "audit": (("/etc/audit", "/etc/audit/auditd.conf", "/etc/audit/audit.rules"), ()),
    "ssh": (("/etc/ssh/sshd_config", "/etc/ssh"), ()),
    "permission": ((), ("chmod", "fchmodat", "chown", "fchownat")),
    "module": (
        ("/sbin/insmod", "/sbin/modprobe", "/usr/sbin/modprobe", "/usr/bin/kmod"),
        ("init_module", "finit_module"),
    ),
    "mount": ((), ("mount",)),
    "delete": ((), ("unlink", "unlinkat")),
}
# Of these every file must be watched; of the others one is enough.
_EVERY_FILE = ("account",)


def areas(rules: Sequence[AuditRule]) -> AuditAreas:
    """Which areas the rules record. A watch on a folder covers what is in it."""
    recording = [rule for rule in rules if not rule.excludes]
    seen = tuple(area for area in AREAS if _records(area, recording))
    return AuditAreas(seen, tuple(area for area in AREAS if area not in seen))


def _records(area: str, rules: Sequence[AuditRule]) -> bool:
    files, syscalls = AREAS[area]
    calls = {name for rule in rules if not rule.path for name in rule.syscalls}
    watched = [any(_watches(rule, file) for rule in rules) for file in files]
    enough = all(watched) if area in _EVERY_FILE else any(watched)
    return (bool(files) and enough) or (bool(syscalls) and bool(calls & {*syscalls, "all"}))


def _watches(rule: AuditRule, file: str) -> bool:
    """A watch without a permission ``w`` or ``a`` sees no change (-p x, -p r); without -p it sees all."""
    path = rule.path.rstrip("/")
    changes = not rule.permissions or bool(set(rule.permissions) & set("wax"))
    return bool(path) and changes and (file == path or file.startswith(path + "/") or path == file + ".d")


def build_audit_daemon(evidence: Evidence) -> AuditDaemon:
    """The audit daemon; ``installed`` is false where it is not, which is no gap."""
    return daemon_of(parse_audit(evidence.text(AUDIT.id)))


def build_audit_kernel(evidence: Evidence) -> AuditKernel:
    """The audit system of the kernel."""
    return kernel_of(parse_audit(evidence.text(AUDIT.id)))


def build_audit_rules(evidence: Evidence) -> tuple[AuditRule, ...]:
    """The loaded rules; empty when none is."""
    return loaded_rules(parse_audit(evidence.text(AUDIT.id)))


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
    (AUDIT,),
)
AUDIT_AREAS = Fact(
    "audit_areas",
    Text("审计规则覆盖面", "Areas the audit rules record"),
    AuditAreas,
    build_audit_areas,
    (AUDIT,),
    uses=("audit_rules",),
)
