"""Files that only root may read, below fixed paths, by one listed command: what is wanted is chosen without root.

Every line of every regular file comes with its path, ``/etc/crontab:SHELL=/bin/sh``, and at last ``@end``. Pipes and
devices are passed over; a grep that cannot do that (busybox) is called for single files, which needs a root shell.
"""

_READ = "grep -aRHs -D skip ^"

# each line of such an output, in awk: ``file`` its path, $0 the line
EACH_LINE = """$0 == "@end" { whole = 1; next }
{ at = index($0, ":"); file = substr($0, 1, at - 1); $0 = substr($0, at + 1) }
"""
# at the end of the awk program: an output that was cut off is no answer
IF_WHOLE = "END { if (!whole) exit 1 }"

# For probes that look at processes: whoever is not root may not see them.
ALL_PROCESSES = """[ -r /etc/shadow ] || ! grep -q ' /proc .*hidepid=[12ip]' /proc/mounts || {
  echo 'hidepid hides processes from who is not root' >&2
  exit 1
}
"""


def reading(*paths: str) -> str:
    """Prints the lines, as part of a pipeline; for the text of a probe."""
    return f"""{{ grep -sD skip ^ /dev/null 2>/dev/null
if [ $? = 1 ]; then root {_READ} {" ".join(paths)}
elif [ -r /etc/shadow ]; then find -L {" ".join(paths)} -type f -exec grep -aHs ^ {{}} + 2>/dev/null
else exit 1; fi
echo @end; }}"""


def listed(*paths: str) -> str:
    """The command that needs root, for ``Probe.as_root``."""
    return f"/usr/bin/{_READ} {' '.join(paths)}"
