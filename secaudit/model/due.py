"""What has to be done by when."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Duty(StrEnum):
    """What is done again and again, or expires."""

    FILING = "filing"
    CERTIFICATE = "certificate"
    EVALUATION = "evaluation"
    SELF_ASSESSMENT = "self-assessment"
    CRYPTOGRAPHY = "cryptography"
    EMERGENCY_DRILL = "emergency-drill"
    RECOVERY_DRILL = "recovery-drill"
    ANSWERS = "answers"
    ACCEPTANCES = "acceptances"
    RISKS = "risks"


class DueState(StrEnum):
    """UNRECORDED: nothing shows that it was ever done, or when it ends; that is no better than overdue."""

    OVERDUE = "overdue"
    UNRECORDED = "unrecorded"
    DUE = "due"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Due:
    """A duty of a system or an organisation.

    ``last`` is when it was done last; ``due_on`` the last day on which it is in time, None where the record does not
    tell; ``opens_on`` when it can be done at the earliest, for what is not done sooner. ``rule`` says why that day,
    ``source`` who demands it. ``count`` is how many things expire on that day.
    """

    owner: str
    duty: Duty
    last: date | None
    due_on: date | None
    rule: str
    source: str
    opens_on: date | None = None
    count: int = 1

    def state(self, today: date, within_days: int) -> DueState:
        """As of today; what opens or ends within so many days is due."""
        if self.due_on is None:
            return DueState.UNRECORDED
        if self.due_on < today:
            return DueState.OVERDUE
        opened = self.opens_on is not None and self.opens_on <= today
        return DueState.DUE if opened or (self.due_on - today).days <= within_days else DueState.LATER
