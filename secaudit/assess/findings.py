"""What evidence, answers and the register make of findings: pure, and a gap never closes one."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import chain

from secaudit.model.content import Check, Severity
from secaudit.model.finding import CUT, CloseReason, Event, EventKind, Finding, Move, Seen, Source, Stage
from secaudit.model.result import Verdict
from secaudit.model.text import Text

FAILED = frozenset({Verdict.FAIL, Verdict.PARTIAL})
DECISIVE = FAILED | {Verdict.PASS}
"""The verdicts that say whether something fails; every other one is a gap to a finding."""
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a visit showed of an asset. ``at``: when it was collected.

    ``again``: this evidence was judged before (by ``judge``, or as the newest bundle that a scan took over); it may
    show more with today's content, and closes nothing. ``newer``: the (check, object) that newer evidence has decided.
    """

    system: str
    asset: str
    run: str
    at: datetime
    seen: Sequence[Seen]
    again: bool = False
    newer: Set[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The checks of today, and the steps that they prove wholly: step → checks."""

    checks: Mapping[str, Check]
    proving: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Changes:
    """What is to be written: new findings (their numbers are still 0), and what happened to known ones."""

    opened: Sequence[Finding] = ()
    happened: Sequence[tuple[Finding, Event]] = ()


def after_evidence(known: Sequence[Finding], evidence: Evidence, rules: Rulebook) -> Changes:
    """What a visit changes. ``known``: all findings of the asset, whatever their stage."""
    by_check: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in known:
        by_check[finding.check, finding.object_id].append(finding)
    opened: list[Finding] = []
    happened: list[tuple[Finding, Event]] = []
    for seen in evidence.seen:
        if seen.verdict in DECISIVE and (seen.check, seen.object_id) not in evidence.newer:
            here = by_check.get((seen.check, seen.object_id), [])
            happened += _happened(here, seen, evidence)
            opened += _opened(here, seen, evidence, rules)
    happened += _proved(known, evidence, rules)
    return Changes(opened, happened)


def _opened(here: Iterable[Finding], seen: Seen, evidence: Evidence, rules: Rulebook) -> Iterator[Finding]:
    """Failures that have no finding yet. A check that today's content does not have opens none."""
    check = rules.checks.get(seen.check)
    if seen.verdict not in FAILED or check is None:
        return
    known = {finding.offender for finding in here if finding.source is Source.SCAN}
    for offender in dict.fromkeys(seen.offenders or ("",)):
        if offender not in known:
            yield Finding(
                number=0,
                source=Source.SCAN,
                system=evidence.system,
                asset=evidence.asset,
                check=seen.check,
                offender=offender,
                title=check.title,
                severity=check.severity,
                advisory=check.advisory,
                opened=evidence.at,
                opened_in=evidence.run,
                failed_at=evidence.at,
                failed_in=evidence.run,
                object_id=seen.object_id,
            )


def _happened(here: Iterable[Finding], seen: Seen, evidence: Evidence) -> Iterator[tuple[Finding, Event]]:
    for finding in here:
        fails = _fails(finding, seen)
        if fails and _reappeared(finding, seen, evidence):
            yield finding, _failure(EventKind.REOPENED, evidence)
        elif fails and finding.claimed and _open(finding) and evidence.at > finding.claimed.at:
            yield finding, _failure(EventKind.REFUTED, evidence)
        elif fails is False and _open(finding) and _is_fresh(finding, evidence):
            yield finding, _passed(evidence)


def _fails(finding: Finding, seen: Seen) -> bool | None:
    """Whether that result says that the finding still fails; None where it says nothing of it.

    The whole fails while anything fails. An offender that a failing list does not name passes, if the list is there
    and complete.
    """
    if seen.verdict is Verdict.PASS:
        return False
    if not finding.offender or finding.offender in seen.offenders:
        return True
    return None if not seen.offenders or CUT in seen.offenders else False


def _open(finding: Finding) -> bool:
    return finding.stage is not Stage.CLOSED


def _is_fresh(finding: Finding, evidence: Evidence) -> bool:
    """Whether the evidence was collected after the last failure and after the claim."""
    claimed = finding.claimed is None or evidence.at > finding.claimed.at
    return not evidence.again and evidence.at > finding.failed_at and claimed


def _reappeared(finding: Finding, seen: Seen, evidence: Evidence) -> bool:
    """Whether a failure reopens it. What a reviewer closed of an outside paper, a scan does not reopen: it has its own.

    Evidence that closed a finding may fail when it is judged again.
    """
    if finding.closed is None or (finding.source is Source.SCAN and not finding.offender and seen.offenders):
        return False
    if finding.closed.reason is CloseReason.REVIEWED and finding.source is not Source.SCAN:
        return False
    passed = finding.closed.reason is CloseReason.PASSED
    same = passed and evidence.again and evidence.at == finding.closed.at
    return same or evidence.at > finding.closed.at


def _failure(kind: EventKind, evidence: Evidence) -> Event:
    return Event(evidence.at, kind, run=evidence.run, failed_in=evidence.run)


def _passed(evidence: Evidence) -> Event:
    return Event(evidence.at, EventKind.CLOSED, run=evidence.run, reason=CloseReason.PASSED)


def _proved(known: Iterable[Finding], evidence: Evidence, rules: Rulebook) -> Iterator[tuple[Finding, Event]]:
    """Answers to steps that checks prove wholly: passed where all of these that apply pass on the asset, and on the
    object of it that the answer is about.
    """
    verdicts: dict[tuple[str, str], set[Verdict]] = defaultdict(set)
    for seen in evidence.seen:
        newer = (seen.check, seen.object_id) in evidence.newer
        for place in {"", seen.object_id}:
            verdicts[seen.check, place].add(Verdict.UNKNOWN if newer else seen.verdict)
    for finding in known:
        if finding.source is Source.ANSWER and _open(finding) and _is_fresh(finding, evidence):
            places = [(check, finding.object_id) for check in rules.proving.get(finding.check, ())]
            said = [verdicts.get(place, {Verdict.UNKNOWN}) for place in places]
            found = set(chain.from_iterable(said))
            if Verdict.PASS in found and found <= {Verdict.PASS, Verdict.NOT_APPLICABLE}:
                yield finding, _passed(evidence)


@dataclass(frozen=True, slots=True)
class FailedAnswer:
    """A person's answer in force that a step is not met, or met in part. ``at``: the beginning of its day.

    ``asset`` and ``object_id`` as in a finding; ``digest`` tells this answer from every other.
    """

    system: str
    asset: str
    object_id: str
    step: str
    title: Text
    severity: Severity
    at: datetime
    person: str
    digest: str


def after_answers(known: Iterable[Finding], failed: Iterable[FailedAnswer]) -> Changes:
    """What answers in force change: they open, reopen and refute; none closes (that takes a review or a check)."""
    places = {
        (finding.system, finding.asset, finding.object_id, finding.check): finding
        for finding in known
        if finding.source is Source.ANSWER
    }
    opened: list[Finding] = []
    happened: list[tuple[Finding, Event]] = []
    for answer in failed:
        finding = places.get((answer.system, answer.asset, answer.object_id, answer.step))
        if finding is None:
            opened.append(_opened_by(answer))
        elif kind := _kind_of(finding, answer):
            event = Event(answer.at, kind, person=answer.person, failed_in=answer.digest)
            happened.append((finding, event))
    return Changes(opened, happened)


def _kind_of(finding: Finding, answer: FailedAnswer) -> EventKind | None:
    """What a failing answer does to a known finding: only one that it has not seen, given since, does anything."""
    if answer.digest == finding.failed_in:
        return None
    since = finding.closed or finding.claimed
    if since is None or answer.at + A_DAY <= since.at:
        return None
    return EventKind.REOPENED if finding.closed else EventKind.REFUTED


def _opened_by(answer: FailedAnswer) -> Finding:
    return Finding(
        number=0,
        source=Source.ANSWER,
        system=answer.system,
        asset=answer.asset,
        check=answer.step,
        offender="",
        title=answer.title,
        severity=answer.severity,
        advisory=False,
        opened=answer.at,
        opened_in=answer.digest,
        failed_at=answer.at,
        failed_in=answer.digest,
        object_id=answer.object_id,
    )


def moved_to(
    place: tuple[str, str], registered: Mapping[str, Set[str]], formerly: Mapping[str, str], *, whole: bool
) -> tuple[str, str] | None:
    """Where the register has an asset that it had at ``place`` (system, asset) before; None where it is there or gone.

    ``formerly``: id that an asset had → the id that it has. ``whole`` as in ``after_register``.
    """
    system, asset = place
    if not asset or asset in registered.get(system, ()) or (system not in registered and not whole):
        return None
    now = asset
    for _step in formerly:  # renamed more than once; a ring of names ends too
        now = formerly.get(now, now)
    return next(((one, now) for one, assets in registered.items() if now in assets), None)


def after_move(
    known: Iterable[Finding], there: Iterable[Finding], to: tuple[str, str], now: datetime
) -> Changes:
    """Findings follow their asset to (system, asset), closed ones too: what fails there again is the same.

    ``there``: the findings of that place; what it has already under a number of its own stays two.
    """
    taken = {finding.identity for finding in there}
    happened = []
    for finding in known:
        move = Move(finding.system, finding.asset, *to)
        if replace(finding, system=move.to_system, asset=move.to_asset).identity not in taken:
            happened.append((finding, Event(now, EventKind.MOVED, moved=move)))
    return Changes((), happened)


def after_register(
    known: Iterable[Finding], registered: Mapping[str, Set[str]], now: datetime, *, whole: bool
) -> Changes:
    """What the register changes: removal closes, and what is registered again is open again.

    ``registered``: system → its assets. ``whole``: a system that is not there was removed (and is not another
    office's, in a database that offices share).
    """
    happened: list[tuple[Finding, Event]] = []
    for finding in known:
        if finding.system not in registered and not whole:
            continue
        there = finding.system in registered and finding.asset in (registered[finding.system] | {""})
        if not there and _open(finding):
            removed = Event(now, EventKind.CLOSED, reason=CloseReason.ASSET_REMOVED)
            happened.append((finding, removed))
        elif there and finding.closed and finding.closed.reason is CloseReason.ASSET_REMOVED:
            happened.append((finding, Event(now, EventKind.REOPENED)))
    return Changes((), happened)
