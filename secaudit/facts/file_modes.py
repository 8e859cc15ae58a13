"""Owner and mode of the files that decide who may do what: stat(1)."""

from dataclasses import dataclass
from functools import lru_cache

from secaudit.facts.config_files import number
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

# role → paths. secret: hashes and keys, nobody else may read them. log and audit: records, nobody else may change them.
CRITICAL = {
    "secret": "/etc/shadow /etc/shadow- /etc/gshadow /etc/gshadow- /etc/ssh/ssh_host_*_key /etc/security/opasswd",
    "account": "/etc/passwd /etc/passwd- /etc/group /etc/group- /etc/login.defs /etc/shells",
    "privilege": "/etc/sudoers /etc/sudoers.d /etc/sudoers.d/* /etc/pam.d /etc/pam.d/* /etc/security"
    " /etc/security/*.conf /etc/securetty",
    "remote": "/etc/ssh/sshd_config /etc/ssh/sshd_config.d /etc/ssh/sshd_config.d/*.conf /etc/ssh/ssh_host_*_key.pub"
    " /etc/hosts.allow /etc/hosts.deny /root/.ssh /root/.ssh/authorized_keys",
    "cron": "/etc/crontab /etc/anacrontab /etc/cron.d /etc/cron.d/* /etc/cron.hourly /etc/cron.hourly/*"
    " /etc/cron.daily /etc/cron.daily/* /etc/cron.weekly /etc/cron.weekly/* /etc/cron.monthly /etc/cron.monthly/*"
    " /var/spool/cron /var/spool/cron/crontabs /etc/cron.allow /etc/cron.deny /etc/at.allow /etc/at.deny",
    "system": "/ /etc /etc/ssh /usr /usr/bin /usr/sbin /etc/fstab /etc/sysctl.conf /etc/sysctl.d /etc/sysctl.d/*.conf"
    " /etc/profile /etc/profile.d/*"
    " /etc/bash.bashrc /etc/bashrc /etc/environment /etc/ld.so.conf /etc/ld.so.preload /etc/hosts /etc/nsswitch.conf"
    " /etc/selinux/config /root",
    "boot": "/boot/grub/grub.cfg /boot/grub2/grub.cfg /boot/grub2/user.cfg /boot/efi/EFI/*/grub.cfg",
    "logging": "/etc/rsyslog.conf /etc/rsyslog.d /etc/rsyslog.d/*.conf /etc/syslog-ng/syslog-ng.conf"
    " /etc/systemd/journald.conf /etc/logrotate.conf /etc/logrotate.d /etc/logrotate.d/* /etc/audit"
    " /etc/audit/auditd.conf /etc/audit/audit.rules /etc/audit/rules.d /etc/audit/rules.d/*.rules",
    "log": "/var/log /var/log/auth.log* /var/log/secure* /var/log/messages* /var/log/syslog* /var/log/cron*"
    " /var/log/wtmp /var/log/btmp /var/log/lastlog /var/log/sudo.log",
    "audit": "/var/log/audit /var/log/audit/audit.log*",
}


@dataclass(frozen=True, slots=True)
class FileMode:
    """A critical file. ``kind`` is ``file``, ``directory``, ``other`` or ``absent`` (then the rest says nothing).

    ``role`` as in CRITICAL. ``mode`` is octal text of four digits (links are followed). ``sticky`` as on /tmp. ``acl``:
    an access control list gives rights that the mode does not tell (acl(5); busybox cannot see it).
    """

    path: str
    role: str
    kind: str
    present: bool
    mode: str
    owner: str
    group: str
    owned_by_root: bool
    group_is_root: bool
    group_readable: bool
    group_writable: bool
    other_readable: bool
    other_writable: bool
    sticky: bool
    acl: bool


def _ask(role: str, patterns: str) -> str:
    return f"""set --
for f in {patterns}; do
  if [ -e "$f" ]; then set -- "$@" "$f"; else echo "{role}|absent|0|-|-|1|1|$f"; fi
done
[ $# -eq 0 ] || stat -L -c '{role}|%F|%a|%U|%G|%u|%g|%n' "$@"
"""


# A plus behind the mode is an access control list.
_LISTS = f"""ls -ldL {" ".join(CRITICAL.values())} 2>/dev/null |
  awk '$1 ~ /[+]$/ {{ print "acl|" substr($0, index($0, " /") + 1) }}'
"""

FILE_MODES = Probe(
    "files.modes",
    "".join(_ask(role, patterns) for role, patterns in CRITICAL.items()) + _LISTS,
    root=True,
    reduces=Text("只输出属主与权限，不含内容", "owners and modes only, no contents"),
)


def parse_modes(text: str) -> tuple[FileMode, ...]:
    """``secret|regular file|640|root|shadow|0|42|/etc/shadow`` → FileMode; raises GapFound."""
    lines = [line for line in text.split("\n") if line]
    lists = {line.removeprefix("acl|") for line in lines if line.startswith("acl|")}
    rows = (line for line in lines if not line.startswith("acl|"))
    modes = tuple(_mode(row, bool(lists) and row.split("|", 7)[-1] in lists) for row in rows)
    if not modes:
        raise GapFound(GapReason.UNPARSABLE, "stat printed nothing")
    return modes


@lru_cache(maxsize=4096)
def _mode(row: str, acl: bool) -> FileMode:
    """Kept: most files of a system are the same on the next host."""
    words = row.split("|", 7)
    if len(words) != 8:
        raise GapFound(GapReason.UNPARSABLE, row[:80])
    role, kind, mode, owner, group, uid, gid, path = words
    try:
        bits = int(mode, 8)
    except ValueError:
        raise GapFound(GapReason.UNPARSABLE, f"mode of {path[:60]}: {mode[:20]}") from None
    return FileMode(
        path=path,
        role=role,
        kind=_kind(kind),
        present=kind != "absent",
        mode=f"{bits & 0o7777:04o}",
        owner=owner,
        group=group,
        owned_by_root=number(uid, "uid") == 0,
        group_is_root=number(gid, "gid") == 0,
        group_readable=bool(bits & 0o040),
        group_writable=bool(bits & 0o020),
        other_readable=bool(bits & 0o004),
        other_writable=bool(bits & 0o002),
        sticky=bool(bits & 0o1000),
        acl=acl,
    )


def _kind(text: str) -> str:
    if text in ("directory", "absent"):
        return text
    return "file" if text.startswith("regular") else "other"


def is_open(file: FileMode) -> bool:
    """Whether anybody but root could do something to a file that is there, or read what is not for all to read.

    What is closed by this is closed to every check, whatever groups its parameters allow. A log that is a link to a
    device holds no records that anybody could change.
    """
    if file.role in ("log", "audit") and file.kind == "other":
        return False
    secret = file.role in ("secret", "audit") and (file.group_readable or file.other_readable)
    writable = file.group_writable or file.other_writable
    return file.present and (secret or writable or file.acl or not file.owned_by_root)


def build_file_modes(evidence: Evidence) -> tuple[FileMode, ...]:
    """The critical files, present or absent. A pattern that nothing matches is one absent row."""
    return evidence.parsed(FILE_MODES.id, parse_modes)


def build_open_files(evidence: Evidence) -> tuple[FileMode, ...]:
    """Those of the critical files that are open to more than root: a few of a hundred."""
    return tuple(file for file in evidence.parsed(FILE_MODES.id, parse_modes) if is_open(file))


def build_log_files(evidence: Evidence) -> tuple[FileMode, ...]:
    """The files of logs that are here; folders and accounting of sessions, which all may read, are left out."""
    return tuple(
        file
        for file in evidence.parsed(FILE_MODES.id, parse_modes)
        if file.role in ("log", "audit")
        and file.kind == "file"
        and not file.path.endswith(("/wtmp", "/lastlog"))
    )


FILE_MODES_FACT = Fact(
    "file_modes",
    Text("关键文件权限", "Modes of critical files"),
    tuple[FileMode, ...],
    build_file_modes,
    (FILE_MODES,),
)
OPEN_FILES = Fact(
    "open_files",
    Text("不只对 root 开放的关键文件", "Critical files that are open to more than root"),
    tuple[FileMode, ...],
    build_open_files,
    (FILE_MODES,),
)
LOG_FILES_FACT = Fact(
    "log_files",
    Text("日志文件的属主与权限", "Owners and modes of log files"),
    tuple[FileMode, ...],
    build_log_files,
    (FILE_MODES,),
)
