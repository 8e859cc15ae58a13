"""The one reader of /proc for what runs: whose a process is and in which namespace decides, its name alone does not."""

from collections.abc import Sequence

# proc_pid_status(5). Anybody can run a program under any name: only what root or a system account (below UID_MIN) runs
# counts, by the real and the effective user, since a link gives a setuid program another name. NSpid has one number for
# each PID namespace: two are a container's. Kernels before 4.1 have none: there the namespace is compared with that of
# process 1, which root alone may see. Kernel threads (their names change) and zombies have no memory. What comes and
# goes with the visit itself is left out; exe is an applet that busybox starts as /proc/self/exe. A process may end
# between the listing and the reading: that is no failure.
_STATUS = r"""
function tell() {
  if (!depth && pid in space && 1 in space) depth = (space[pid] == space[1]) ? 1 : 2
  if (pid == 1) print "init\t" name
  if (pid != "" && memory && real == effective && real < least &&
      name !~ /^(awk|busybox|cat|dd|exe|gawk|grep|head|ls|mawk|sed|sleep|sort|sudo|timeout)$/) {
    if (!depth) print "untold"
    if (depth == 1) print (real == 0 ? "root" : "system") "\t" name
  }
  pid = ""; memory = 0; depth = 0
}
BEGIN { least = 1000 }
/^l.*\/proc\/[0-9]+\/ns\/pid -> pid:/ {
  split($0, part, "/proc/"); split(part[2], part, "/"); space[part[1]] = $NF; next
}
/^UID_MIN/ { if ($2 + 0 > 0) least = $2 + 0; next }
/^Name:/ { tell(); name = $0; sub(/^Name:[ \t]*/, "", name); next }
/^Pid:/ { pid = $2; next }
/^Uid:/ { real = $2 + 0; effective = $3 + 0; next }
/^NSpid:/ { depth = NF - 1; next }
/^VmSize:/ { memory = 1 }
END { tell() }"""

# The sh command that prints ``init``, ``root`` or ``system``, TAB, the name (comm, at most 15 characters), each once;
# ``untold`` where the kernel does not tell whether a process is a container's.
ALL_DAEMONS = (
    "{ grep -q '^NSpid:' /proc/self/status || ls -l /proc/[0-9]*/ns/pid\n"
    "  grep -hsE '^(UID_MIN[[:blank:]]|Name:|Pid:|Uid:|NSpid:|VmSize:)' /etc/login.defs /proc/[0-9]*/status\n"
    f"}} 2>/dev/null | awk '{_STATUS}' | sort -u"
)

_ASKED = r"""
BEGIN { n = split(wanted, word, "/"); for (i = 1; i <= n; i++) asked[word[i]] = 1 }
($1 == "root" || $1 == "system") && $2 in asked { print $2 }"""


def running_daemons(names: Sequence[str]) -> str:
    """The sh command (for root) that prints those of ``names`` (comm, at most 15 characters) that run, each once."""
    return f"{ALL_DAEMONS} | awk -F'\\t' -v wanted='{'/'.join(names)}' '{_ASKED}' | sort -u"
