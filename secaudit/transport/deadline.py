"""How long a visit may still wait: for the beginning of its script, then for its end."""

import time

from secaudit.language import _
from secaudit.transport.protocol import Begun, Limits


class Deadline:
    """Runs from its making: to ``start_s`` until the script has begun, then to ``visit_s``."""

    def __init__(self, limits: Limits, begun: Begun) -> None:
        now = time.monotonic()
        self._begun = begun
        self._end = now + limits.visit_s
        self._start = min(now + limits.start_s, self._end)

    def left_s(self) -> float:
        """Seconds that are left. Raises TimeoutError when none are."""
        left = (self._end if self._begun() else self._start) - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


def too_late(limits: Limits, begun: Begun) -> str:
    """What did not come in time."""
    if begun() or limits.start_s >= limits.visit_s:
        return _("the visit took too long")
    return _("the login shell did not start the script within {seconds} s").format(
        seconds=round(limits.start_s)
    )
