"""What a recheck (复查) says of a finding: rectified, not rectified, or not to be verified, and why."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from secaudit.model.finding import CUT, CloseReason, EventKind, Finding, Source
from secaudit.model.result import Result, Verdict


class Standing(StrEnum):
    """已整改, 未整改, 无法核实: what is not known is never rectified."""

    RECTIFIED = "rectified"
    NOT_RECTIFIED = "not_rectified"
    UNVERIFIED = "unverified"


class Why(StrEnum):
    """What a standing rests on. UNDECIDED: the check ran and said nothing that counts of this finding."""

    PASSED = "passed"
    REVIEWED = "reviewed"
    FAILS = "fails"
    NOT_FIXED = "not_fixed"
    ANSWERED = "answered"
    GAP = "gap"
    UNDECIDED = "undecided"
    NOT_RETESTED = "not_retested"
    NOT_REVIEWED = "not_reviewed"
    ASSET_REMOVED = "asset_removed"


CLOSED: Final = {
    CloseReason.PASSED: (Standing.RECTIFIED, Why.PASSED),
    CloseReason.REVIEWED: (Standing.RECTIFIED, Why.REVIEWED),
    CloseReason.ASSET_REMOVED: (Standing.UNVERIFIED, Why.ASSET_REMOVED),
}


@dataclass(frozen=True, slots=True)
class Newest:
    """What the check said of the object when it was last asked, and in which run."""

    run: str
    at: datetime
    result: Result


@dataclass(frozen=True, slots=True)
class Rechecked:
    """``run`` is the run that it rests on, "" where none does."""

    standing: Standing
    why: Why
    run: str = ""


def recheck(finding: Finding, since: datetime, newest: Newest | None) -> Rechecked:
    """``finding`` with its history; evidence counts that was collected after ``since`` and after the claim."""
    if finding.closed:
        return Rechecked(*CLOSED[finding.closed.reason], finding.closed.run)
    if finding.source is Source.ANSWER or not finding.check:
        return _by_people(finding, since)
    claimed = finding.claimed.at if finding.claimed else since
    if newest is None or newest.at <= max(since, claimed):
        return Rechecked(Standing.UNVERIFIED, Why.NOT_RETESTED)
    return _by_check(finding, newest)


def _by_people(finding: Finding, since: datetime) -> Rechecked:
    """The last word since the notice: a reviewer says that it is not fixed, or a new answer that it still fails."""
    words = {EventKind.NOT_FIXED: Why.NOT_FIXED, EventKind.REFUTED: Why.ANSWERED}
    said = [words[event.kind] for event in finding.history if event.kind in words and event.at > since]
    if said and not finding.claimed:
        return Rechecked(Standing.NOT_RECTIFIED, said[-1])
    return Rechecked(Standing.UNVERIFIED, Why.NOT_REVIEWED)


def _by_check(finding: Finding, newest: Newest) -> Rechecked:
    match newest.result.verdict:
        case Verdict.FAIL | Verdict.PARTIAL if _still_named(finding, newest.result):
            return Rechecked(Standing.NOT_RECTIFIED, Why.FAILS, newest.run)
        case Verdict.UNKNOWN:
            return Rechecked(Standing.UNVERIFIED, Why.GAP, newest.run)
        case _:
            return Rechecked(Standing.UNVERIFIED, Why.UNDECIDED, newest.run)


def _still_named(finding: Finding, result: Result) -> bool:
    """Whether a failure is that of the finding; where a list was cut nobody knows."""
    named = {offender.id for offender in result.offenders}
    return not finding.offender or finding.offender in named - {CUT}
