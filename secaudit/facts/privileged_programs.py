"""Programs that run with their owner's rights (set-user-id, set-group-id), and which package brought them."""

from dataclasses import dataclass

from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

# Bounded: where programs lie and where people put them, not the data of the host; never across a mount and never on
# a network share, which could hang or belong to somebody else. Debian releases before the merge of /usr know
# /usr/bin/su as /bin/su: both are asked for.
PRIVILEGED = Probe(
    "files.privileged",
    r"""remote=$(awk '$3 ~ /^(nfs|cifs|smb|fuse|9p|ceph|gluster|lustre|autofs)/ { printf " %s ", $2 }' /proc/mounts)
set --
for d in /bin /sbin /lib /lib64 /usr /usr/local /opt; do
  case "$remote" in *" $d "*) ;; *) [ ! -d "$d" ] || set -- "$@" "$d" ;; esac
done
found=$(find "$@" -maxdepth 7 -xdev -type f \( -perm -4000 -o -perm -2000 \) 2>/dev/null | head -n 400)
set --
for d in /root /home /tmp /var/tmp /dev/shm /srv /etc; do
  case "$remote" in *" $d "*) ;; *) [ ! -d "$d" ] || set -- "$@" "$d" ;; esac
done
found="$found
$(find "$@" -maxdepth 3 -xdev -type f \( -perm -4000 -o -perm -2000 \) 2>/dev/null | head -n 400)"
IFS='
'
set -f
set --
for f in $found; do
  echo "found|$f"
  set -- "$@" "$f"
  case "$f" in /usr/bin/*|/usr/sbin/*|/usr/lib*) set -- "$@" "${f#/usr}" ;; esac
done
if [ $# -eq 0 ]; then echo manager
elif [ -d /var/lib/dpkg/info ]; then echo manager; dpkg-query -S "$@" 2>/dev/null
elif command -v rpm >/dev/null 2>&1; then
  echo manager
  for f in $found; do rpm -qf "$f" >/dev/null 2>&1 && echo "rpm: $f"; done
fi
echo end""",
    root=True,
    timeout_s=30,
    reduces=Text(
        "只输出带 SUID、SGID 权限的程序路径",
        "paths of programs only; of those with a mode that gives rights to whoever runs them",
    ),
)
LIMIT = 400


@dataclass(frozen=True, slots=True)
class PrivilegedProgram:
    """A program with a set-user-id or set-group-id bit where programs lie or people put them (not in folders of data).

    ``packaged``: a package of the distribution brought it.
    """

    path: str
    packaged: bool


def parse_privileged(text: str) -> tuple[PrivilegedProgram, ...]:
    """``found|/usr/bin/su``, ``login: /bin/su`` → PrivilegedProgram, sorted; raises GapFound."""
    lines = text.split("\n")
    if "end" not in lines:
        raise GapFound(GapReason.TRUNCATED, "the search did not come to its end")
    found = sorted({line.removeprefix("found|") for line in lines if line.startswith("found|")})
    if len(found) >= LIMIT:
        raise GapFound(GapReason.TRUNCATED, f"more than {LIMIT} programs")
    if found and "manager" not in lines:
        raise GapFound(GapReason.NOT_SUPPORTED, "neither dpkg nor rpm tells what a file belongs to")
    known = {line.rpartition(": ")[2] for line in lines if ": " in line and not line.startswith("found|")}
    return tuple(PrivilegedProgram(path, bool({path, path.removeprefix("/usr")} & known)) for path in found)


def build_privileged_programs(evidence: Evidence) -> tuple[PrivilegedProgram, ...]:
    """The programs; a host without any is possible (a container)."""
    return parse_privileged(evidence.text(PRIVILEGED.id))


PRIVILEGED_PROGRAMS = Fact(
    "privileged_programs",
    Text("设置了SUID、SGID位的程序", "Programs with special rights"),
    tuple[PrivilegedProgram, ...],
    build_privileged_programs,
    (PRIVILEGED,),
)
