"""``python -m bench.reaper COMMAND``: prints the processor seconds of a shell command and of all that it left behind.

What loses its parent becomes a child of this program (prctl(2), PR_SET_CHILD_SUBREAPER), so that nothing is missed.
"""

import ctypes
import os
import resource
import subprocess
import sys
from contextlib import suppress

PR_SET_CHILD_SUBREAPER = 36


def reaped_s(command: str) -> float:
    """Run it and wait for every process that descends from it."""
    assert ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0
    subprocess.run(
        ["/bin/sh", "-c", command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True
    )
    with suppress(ChildProcessError):
        while True:
            os.wait()
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    print(reaped_s(sys.argv[1]))
