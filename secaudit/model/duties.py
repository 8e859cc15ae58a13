"""What is on record of a system's duties through the year: filing, evaluations, drills."""

from dataclasses import dataclass
from datetime import date

from secaudit.model.grading import Grading


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyRecord:
    """What was done last, by whom and with what result; "" and None where nothing is on record.

    ``filing_state`` is ``filed``, ``not-filed`` or ``exempt`` (then with ``filing_reason``); the certificate's
    number is ``filing_certificate`` where it is another one than ``filing_number``. Scores are texts as the
    report prints them, ``85.32`` or ``92.5%``. The dates of drills are those of the last one.
    """

    graded_on: date | None = None
    in_operation_on: date | None = None
    filing_state: str = ""
    filing_number: str = ""
    filed_on: date | None = None
    filing_organ: str = ""
    filing_certificate: str = ""
    filing_valid_until: date | None = None
    filing_reason: str = ""
    evaluated_on: date | None = None
    evaluation_institution: str = ""
    evaluation_conclusion: str = ""
    evaluation_score: str = ""
    evaluation_report: str = ""
    self_assessed_on: date | None = None
    self_assessment_conclusion: str = ""
    self_assessment_score: str = ""
    cryptography_assessed_on: date | None = None
    cryptography_institution: str = ""
    cryptography_conclusion: str = ""
    cryptography_score: str = ""
    emergency_drilled_on: date | None = None
    recovery_drilled_on: date | None = None
    grading: Grading | None = None

    @property
    def is_filed(self) -> bool:
        """Whether a filing is on record."""
        return self.filing_state == "filed" or (not self.filing_state and bool(self.filing_number))
