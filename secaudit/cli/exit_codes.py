"""What the exit status of ``secaudit`` means."""

from enum import IntEnum


class ExitCode(IntEnum):
    """3 wins over 1: what could not be judged is worse than what failed. MANUAL never causes 3.

    OPEN: a conclusion was asked for while a step is open or a risk undecided; nothing is wrong with the run.
    """

    CLEAN = 0
    FINDINGS = 1
    USAGE = 2
    NOT_JUDGED = 3
    NOTHING_REACHED = 4
    STORE = 5
    OPEN = 6
    INTERNAL = 70
    INTERRUPTED = 130
