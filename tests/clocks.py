"""The clock of the program, set by hand."""

from datetime import datetime, timedelta

import pytest

from secaudit import clock


class Clock:
    """What the program takes for the time; it stands still until it is set."""

    def __init__(self, now: datetime, patch: pytest.MonkeyPatch) -> None:
        self.now = now
        patch.setattr(clock, "now", lambda: self.now)

    def later(self, **by: float) -> None:
        """Put it on, or back: ``hours=3``, ``minutes=-30``."""
        self.now += timedelta(**by)
