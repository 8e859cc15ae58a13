"""What the exit status of ``secaudit`` means."""

from enum import IntEnum


class ExitCode(IntEnum):
    """3 wins over 1: what could not be judged is worse than what failed. MANUAL never causes 3."""

    CLEAN = 0
    FINDINGS = 1
    USAGE = 2
    NOT_JUDGED = 3
    NOTHING_REACHED = 4
    STORE = 5
    INTERNAL = 70
    INTERRUPTED = 130
