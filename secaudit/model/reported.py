"""What somebody outside reports: a row of an evaluation report, a circular, a scanner's list."""

from dataclasses import dataclass
from datetime import date

from secaudit.model.attestation import EvidenceFile
from secaudit.model.content import Severity
from secaudit.model.finding import Source


@dataclass(frozen=True, slots=True)
class Reported:
    """A problem as it was reported. ``asset`` is "" for the system itself.

    ``check`` is the check whose PASS closes it, "" where a person reviews it; ``item`` the requirement that it is
    about. ``document`` is the number of the paper, ``key`` what its issuer calls the problem (number, else title).
    """

    system: str
    asset: str
    title: str
    severity: Severity
    document: str
    key: str
    description: str = ""
    remedy: str = ""
    item: str = ""
    check: str = ""
    issued_by: str = ""
    day: date | None = None
    deadline: date | None = None

    @property
    def identity(self) -> tuple[str, str, str, str]:
        """What makes it the same problem when the document comes again, or grown."""
        return self.document, self.system, self.asset, self.key


@dataclass(frozen=True, slots=True)
class Report:
    """Problems that were taken over at once, on that day, and the file they stand in."""

    source: Source
    day: date
    file: EvidenceFile
    problems: tuple[Reported, ...]
