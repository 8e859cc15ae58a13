"""Which areas of important events the loaded audit rules record."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from secaudit.facts.audit_rules import AuditRule, recording


@dataclass(frozen=True, slots=True)
class AuditAreas:
    """The areas of important events (AREAS) that the loaded rules record, and those they do not."""

    recorded: tuple[str, ...]
    not_recorded: tuple[str, ...]


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
    # The time zone (/etc/localtime) is not the time.
    "time": ((), ("adjtimex", "settimeofday", "clock_settime")),
    "audit": (("/etc/audit", "/etc/audit/auditd.conf", "/etc/audit/audit.rules"), ()),
    "ssh": (("/etc/ssh/sshd_config", "/etc/ssh"), ()),
    "permission": ((), ("chmod", "fchmodat", "chown", "fchownat")),
    "module": (
        ("/sbin/insmod", "/sbin/modprobe", "/usr/sbin/modprobe", "/usr/bin/kmod"),
        ("init_module", "finit_module"),
    ),
    "mount": ((), ("mount",)),
    "delete": ((), ("unlink", "unlinkat")),
    "session": (("/var/log/wtmp", "/run/utmp", "/var/run/utmp"), ()),
    "command": (("/usr/bin/sudo", "/usr/bin/su", "/bin/su", "/usr/bin/passwd"), ()),
    "account_tool": (("/usr/sbin/useradd", "/usr/sbin/usermod", "/usr/sbin/userdel"), ()),
    "refused": ((), ("open", "openat", "creat", "truncate", "ftruncate")),
    "network": (
        (
            "/etc/hosts",
            "/etc/sysconfig/network",
            "/etc/sysconfig/network-scripts",
            "/etc/network",
            "/etc/netplan",
        ),
        ("sethostname", "setdomainname"),
    ),
    "mac": (("/etc/selinux", "/etc/apparmor", "/etc/apparmor.d"), ()),
    "pam": (("/etc/pam.d", "/etc/security"), ()),
    "logging": (("/etc/rsyslog.conf", "/etc/rsyslog.d", "/etc/syslog-ng", "/etc/systemd/journald.conf"), ()),
    "kernel": (("/etc/sysctl.conf", "/etc/sysctl.d"), ()),
    "job": (("/etc/crontab", "/etc/cron.d", "/var/spool/cron"), ()),
    "unit": (("/etc/systemd/system", "/etc/systemd", "/etc/init.d"), ()),
    "package": (
        (
            "/usr/bin/rpm",
            "/usr/bin/dpkg",
            "/usr/bin/apt-get",
            "/usr/bin/yum",
            "/usr/bin/dnf",
            "/usr/bin/zypper",
            "/sbin/apk",
        ),
        (),
    ),
}
# Of these every file and every system call must be watched; of the others one is enough.
_EVERY = ("account", "time")
# Conditions that leave a rule on system calls as wide as the area. Gaining rights is becoming root (euid=0).
_WIDE = ("arch=", "key=", "a0=", "a1=", "a2=", "success=", "exit=")
_WIDE_BY_AREA = {"privilege": ("euid=0", "egid=0", "uid!=0")}


def areas(rules: Sequence[AuditRule]) -> AuditAreas:
    """Which areas the rules record. A watch on a folder covers what is in it."""
    heard = recording(_heard(rules))
    seen = tuple(area for area in AREAS if _records(area, heard))
    return AuditAreas(seen, tuple(area for area in AREAS if area not in seen))


def _heard(rules: Sequence[AuditRule]) -> tuple[AuditRule, ...]:
    """The rules without the calls that ``-a never,exit -S mount`` before them keeps out: the first match decides."""
    silenced, heard = set[str](), list[AuditRule]()
    for rule in rules:
        calls = tuple(name for name in rule.syscalls if name not in silenced)
        heard.append(replace(rule, syscalls=calls))
        # Whoever is silent for programs of 64 bits is silent for nearly all of them.
        bare = all(value == "arch=b64" or value.startswith("key=") for value in rule.conditions)
        if rule.excludes and bare and not rule.path:
            silenced.update(rule.syscalls)
    return tuple(heard)


def _records(area: str, rules: Sequence[AuditRule]) -> bool:
    files, syscalls = AREAS[area]
    calls = {name for rule in rules if not rule.path and _is_wide(rule, area) for name in rule.syscalls}
    watched = [any(_watches(rule, file) for rule in rules) for file in files]
    called = [bool(calls & {name, "all"}) for name in syscalls]
    enough = all if area in _EVERY else any
    return any(found and enough(found) for found in (watched, called))


def _is_wide(rule: AuditRule, area: str) -> bool:
    """Whether no condition narrows the rule to some users or programs."""
    known = (*_WIDE, *_WIDE_BY_AREA.get(area, ()))
    everybody = set(rule.users) - set(rule.narrowed_to)
    return all(value.startswith(known) or value in everybody for value in rule.conditions)


def _watches(rule: AuditRule, file: str) -> bool:
    """A watch without a permission ``w`` or ``a`` sees no change (-p x, -p r); without -p it sees all."""
    path = rule.path.rstrip("/")
    changes = not rule.permissions or bool(set(rule.permissions) & set("wax"))
    return (
        bool(path)
        and changes
        and not rule.narrowed_to
        and (file == path or file.startswith(path + "/") or path == file + ".d")
    )
