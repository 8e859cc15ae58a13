"""Which daemons run: not a copy of a program that a user named like one, and not a process of a container."""

from collections.abc import Sequence

# proc_pid_status(5), as secaudit.facts.processes reads it. A daemon belongs to root or to a system account (syslog),
# below UID_MIN: the real and the effective user, since a link gives a setuid program another name. NSpid has one
# number for each PID namespace: two are a container's. Kernels before 4.1 have none: there the namespace is compared
# with that of process 1.
_STATUS = r"""
function tell(  own) {
  own = (ids == 1) || (!ids && pid in space && space[pid] == space[1])
  if (name in asked && uid != "" && uid + 0 < least && own) print name
}
BEGIN { least = 1000; n = split(wanted, word, "/"); for (i = 1; i <= n; i++) asked[word[i]] = 1 }
/^l.*\/proc\/[0-9]+\/ns\/pid -> pid:/ {
  split($0, part, "/proc/"); split(part[2], part, "/"); space[part[1]] = $NF; next
}
/^UID_MIN/ { if ($2 + 0 > 0) least = $2 + 0; next }
/^Name:/ { tell(); name = $0; sub(/^Name:[ \t]*/, "", name); uid = ""; ids = 0; next }
/^Pid:/ { pid = $2; next }
/^Uid:/ { uid = ($2 == $3) ? $2 : ""; next }
/^NSpid:/ { ids = NF - 1 }
END { tell() }"""


def running_daemons(names: Sequence[str]) -> str:
    """The sh command (for root) that prints those of ``names`` (comm, at most 15 characters) that run, each once."""
    return (
        "{ grep -q '^NSpid:' /proc/self/status || ls -l /proc/[0-9]*/ns/pid 2>/dev/null\n"
        "  grep -hsE '^(UID_MIN[[:blank:]]|Name:|Pid:|Uid:|NSpid:)' /etc/login.defs /proc/[0-9]*/status\n"
        f"}} | awk -v wanted='{'/'.join(names)}' '{_STATUS}' | sort -u"
    )
