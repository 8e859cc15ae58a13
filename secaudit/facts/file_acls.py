"""Access control lists on files that matter: who gets in beside what the modes say: acl(5), getfacl(1)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

_SECRET = (
    "/etc/shadow /etc/shadow- /etc/gshadow /etc/gshadow- /etc/sudoers /etc/sudoers.d /etc/sudoers.d/*"
    " /etc/ssh/ssh_host_*_key /etc/security/opasswd /root /root/.ssh /root/.ssh/authorized_keys"
    " /var/log/audit/audit.log /boot/grub/grub.cfg /boot/grub2/grub.cfg /boot/grub2/user.cfg"
)
_OTHERS = (
    "/etc/passwd /etc/group /etc/pam.d /etc/pam.d/* /etc/ssh/sshd_config /etc/ssh/sshd_config.d/* /etc/crontab"
    " /etc/cron.d /etc/cron.d/* /etc/profile /etc/fstab /etc/rsyslog.conf /etc/audit/auditd.conf /etc/audit/rules.d/*"
    " /etc/ld.so.preload /etc/hosts /etc/login.defs /etc/systemd/system"
    " /usr/local/bin /usr/local/sbin /usr/bin /usr/sbin"
)
# ls of coreutils marks a file that has a list with "+"; busybox has no word for it.
ACLS = Probe(
    "files.acls",
    f"""set --
for f in {_SECRET} {_OTHERS}; do [ ! -e "$f" ] || set -- "$@" "$f"; done
[ $# -gt 0 ] || exit 1
if command -v getfacl >/dev/null; then getfacl -ps "$@"
else
  case $(readlink -f "$(command -v ls)") in *busybox) exit 127;; esac
  ls -ld "$@" | awk '$1 ~ /[+]$/ {{ print "listed " $NF }}'
fi || exit 1
echo end""",
    root=True,
    reduces=Text("只取各条目的名称与权限，不取内容", "names and rights of the entries, no contents"),
)
_SECRETS = re.compile("|".join(re.escape(p).replace(r"\*", "[^/]*") for p in _SECRET.split()))
_ENTRY = re.compile(r"(user|group):([^:\s]{1,255}):([r-][w-][xX-])(?:\s+#effective:([r-][w-][xX-]))?")


@dataclass(frozen=True, slots=True)
class AclEntry:
    """Somebody who is named in the list of a file: ``who`` is ``user bob`` or ``group ops``, ``rights`` what he has.

    ``opens``: he changes the file, or reads one that is closed to others.
    """

    path: str
    who: str
    rights: str
    opens: bool


def parse_acls(text: str) -> tuple[AclEntry, ...]:
    """``# file: /etc/shadow`` / ``user:bob:rw- #effective:r--`` → AclEntry; raises GapFound.

    A list that nobody could read (``listed /etc/shadow``: no getfacl here) is a gap.
    """
    lines = text.removesuffix("\n").split("\n")
    if lines[-1] != "end":
        raise GapFound(GapReason.TRUNCATED, "the lists of access are cut off")
    unread = [line.removeprefix("listed ") for line in lines if line.startswith("listed ")]
    if unread:
        raise GapFound(GapReason.NO_TOOL, f"{unread[0]} has a list of access, and getfacl is missing"[:120])
    return tuple(sorted(_entries(lines), key=lambda e: (e.path, e.who)))


def _entries(lines: list[str]) -> Iterator[AclEntry]:
    path = ""
    for line in lines[:-1]:
        if line.startswith("# file: "):
            path = line.removeprefix("# file: ")
        elif (entry := _ENTRY.fullmatch(line.strip())) and path:
            rights = entry[4] or entry[3]
            if entry[2] not in ("root", "0") and rights != "---":
                yield AclEntry(path, f"{entry[1]} {entry[2]}", rights, _opens(path, rights))


def _opens(path: str, rights: str) -> bool:
    return "w" in rights or ("r" in rights and _SECRETS.fullmatch(path) is not None)


def build_acls(evidence: Evidence) -> tuple[AclEntry, ...]:
    """The named entries on files of the asset that matter; none is a value."""
    return parse_acls(evidence.text(ACLS.id))


FILE_ACLS = Fact(
    "file_acls",
    Text("重要文件的访问控制列表", "Access lists of files that matter"),
    tuple[AclEntry, ...],
    build_acls,
    (ACLS,),
)
