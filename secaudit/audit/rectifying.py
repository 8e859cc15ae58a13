"""Findings changed by what people outside a scan say: papers, the answers of departments, notices."""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime

from secaudit.assess.answering import FindingAnswer, after_answer
from secaudit.assess.finding_state import applied
from secaudit.assess.reporting import Paper, Told, deadline_event, matched, opened_by
from secaudit.errors import ContentError, Problem
from secaudit.language import _
from secaudit.model.finding import Event, EventKind, Finding, Stage
from secaudit.model.rectification import RectificationNotice
from secaudit.model.reported import Reported
from secaudit.register.times import in_zone
from secaudit.report.rectification_workbook import identity_of, revision_of
from secaudit.store import Store
from secaudit.store.findings import Changing, Which, history_of


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer as it stands in a workbook. ``places``: column → its cell, for a person.

    ``identity``: of the finding that the workbook was written of (``identity_of``).
    """

    number: int
    answer: FindingAnswer
    revision: str
    identity: str
    places: Mapping[str, str]


@dataclass(slots=True)
class Taken:
    """How many answers did what; ``closed`` are findings that were closed meanwhile and take none."""

    planned: int = 0
    claimed: int = 0
    same: int = 0
    closed: list[Finding] = field(default_factory=list)

    def note(self, finding: Finding, events: Sequence[Event]) -> None:
        """Count what an answer did."""
        kinds = {event.kind for event in events}
        self.planned += EventKind.PLANNED in kinds
        self.claimed += EventKind.CLAIMED in kinds
        if finding.stage is Stage.CLOSED:
            self.closed.append(finding)
        elif not kinds:
            self.same += 1


def compare_reported(store: Store, told: Iterable[tuple[Reported, datetime]], paper: Paper) -> list[Told]:
    """Each problem with the finding of it that is on record; only looks."""
    return matched(told, store.findings.all(Which(sources=(paper.source,))))


def put_reported(
    store: Store, told: Iterable[tuple[Reported, datetime]], paper: Paper
) -> tuple[list[Finding], list[Finding]]:
    """Opens what is not on record yet; returns the new findings, and those that were known."""
    with store.findings.changing("import", paper.now) as changing:
        found = matched(told, changing.from_source(paper.source))
        new = [one for one in found if one.known is None]
        opened = changing.change.write(opened_by(new, paper))
        _happen(changing, zip(opened, (deadline_event(one.said, paper.now) for one in new), strict=True))
    return opened, [one.known for one in found if one.known]


def put_answers(
    store: Store,
    file: str,
    answers: Sequence[Answered],
    systems: Set[str],
    now: datetime,
    keep: Callable[[], None],
) -> Taken:
    """Plans and claims of a workbook, all or nothing; ``keep`` puts the evidence aside once all can be taken.

    ``systems`` are those of whom the workbook is. Raises ContentError with every answer that cannot be taken.
    """
    taken, problems = Taken(), []
    with store.findings.changing("workbook", now) as changing:
        found = changing.numbered([one.number for one in answers])
        for finding, answered in zip(found, answers, strict=True):
            try:
                _refuse_others(finding, answered, systems)
                events = after_answer(*_held_against(changing, finding, answered), now)
            except ValueError as error:
                place = answered.places["planned" if answered.answer.planned else "owner"]
                problems.append(Problem(file, 0, place, str(finding), str(error)))
                continue
            _follow(changing, finding, events)
            taken.note(finding, events)
        if problems:
            raise ContentError(tuple(problems), hint=_("Nothing was imported."))
        keep()
    return taken


def _refuse_others(finding: Finding, answered: Answered, systems: Set[str]) -> None:
    """Raises ValueError: the number is that of another finding here, or of a system of somebody else."""
    if identity_of(finding) != answered.identity:
        told = _("the workbook is of another database, in which this number is of another finding")
        raise ValueError(told)
    if finding.stage is not Stage.CLOSED and finding.system not in systems:
        told = _("its system {system} is no longer theirs of whom the workbook is")
        raise ValueError(told.format(system=finding.system))


def _held_against(changing: Changing, finding: Finding, answered: Answered) -> tuple[Finding, FindingAnswer]:
    """The finding with its history, and the answer that knows whether it is stale."""
    whole = replace(finding, history=history_of(changing.connection, finding))
    return whole, replace(answered.answer, stale=revision_of(finding) != answered.revision)


def _follow(changing: Changing, finding: Finding, events: Iterable[Event]) -> None:
    for event in events:
        finding = applied(finding, event)
        changing.change.write((), [(finding, event)])


def put_notice(store: Store, notice: RectificationNotice, now: datetime) -> int:
    """Puts on record that a notice demands its findings, each by its deadline; returns of how many that was new.

    What was found after the notice is none of its findings: the database is another one. Raises UsageError where one
    is not there.
    """
    with store.findings.changing("notice", now) as changing:
        new = _untold(changing, notice)
        _happen(changing, ((one, _noticed(notice, one, now)) for one in new))
    return len(new)


def untold(store: Store, notice: RectificationNotice, now: datetime) -> set[int]:
    """The findings that ``put_notice`` would tell; only looks. Raises UsageError as that does."""
    with store.findings.changing("notice", now) as changing:
        return {one.number for one in _untold(changing, notice)}


def _untold(changing: Changing, notice: RectificationNotice) -> list[Finding]:
    return [
        one
        for one in changing.numbered(list(notice.findings))
        if in_zone(one.opened).date() <= notice.day and not _is_demanded(changing, one, notice.number)
    ]


def _is_demanded(changing: Changing, finding: Finding, number: str) -> bool:
    return any(event.notice == number for event in history_of(changing.connection, finding))


def _noticed(notice: RectificationNotice, finding: Finding, now: datetime) -> Event:
    deadline = notice.findings[finding.number]
    return Event(now, EventKind.NOTICED, person=notice.person, notice=notice.number, deadline=deadline)


def _happen(changing: Changing, happened: Iterable[tuple[Finding, Event | None]]) -> None:
    changing.change.write((), [(applied(finding, event), event) for finding, event in happened if event])
