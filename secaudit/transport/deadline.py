"""How long a visit may still wait: for the beginning of its script, then for its end."""

import time

from secaudit.language import _
from secaudit.transport.protocol import Dialogue, Limits


class Deadline:
    """Runs from its making to ``visit_s``; whenever something is to begin, no longer than ``start_s`` for that."""

    def __init__(self, limits: Limits, dialogue: Dialogue) -> None:
        self._dialogue = dialogue
        self._start_s = limits.start_s
        self._end = time.monotonic() + limits.visit_s
        self._start: float | None = None

    def left_s(self) -> float:
        """Seconds that are left. Raises TimeoutError when none are."""
        now = time.monotonic()
        if self._dialogue.begun:
            self._start = None
        elif self._start is None:
            self._start = now + self._start_s
        left = (self._end if self._start is None else min(self._start, self._end)) - now
        if left <= 0:
            raise TimeoutError
        return left


def too_late(limits: Limits, dialogue: Dialogue) -> str:
    """What did not come in time."""
    if dialogue.begun or limits.start_s >= limits.visit_s:
        return _("the visit took too long")
    return _("the login shell did not start the script within {seconds} s").format(
        seconds=round(limits.start_s)
    )
