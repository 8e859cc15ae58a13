"""How long what a workspace holds is kept, by kind."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Kind(StrEnum):
    """What is kept for a time: runs with their evidence, reports, files of acts, notices that went out, logs."""

    RUNS = "runs"
    REPORTS = "reports"
    EVIDENCE = "evidence"
    NOTICES = "notices"
    LOGS = "logs"


# Cybersecurity Law as amended on 2025-10-28, article 23 (21 before): logs are kept for six months at least
LEAST_MONTHS: Final = 6
MONTHS: Final[Mapping[Kind, int]] = MappingProxyType(
    {Kind.RUNS: 36, Kind.REPORTS: 36, Kind.EVIDENCE: 36, Kind.NOTICES: LEAST_MONTHS, Kind.LOGS: LEAST_MONTHS}
)
