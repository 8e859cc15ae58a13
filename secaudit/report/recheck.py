"""The recheck of findings (复查) as a view: before and after, side by side, whatever format shows it."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from secaudit.assess.rechecking import Newest, Rechecked, Standing, Why, recheck
from secaudit.facts.fact import decoded
from secaudit.model.evidence import Observation
from secaudit.model.finding import Event, EventKind, Finding, Source
from secaudit.model.result import Result
from secaudit.model.text import Text
from secaudit.report.finding_detail import Detail, with_result
from secaudit.report.problems import both
from secaudit.report.safe import shown, shown_lines, stamp

SCHEMA: Final = "secaudit/recheck"
SCHEMA_VERSION: Final = "1.0"
OUTPUT_CAP: Final = 2_000
COMMAND_CAP: Final = 600
PROBES_SHOWN: Final = 3
TOLD: Final = (
    EventKind.NOTICED,
    EventKind.EXTENDED,
    EventKind.CLAIMED,
    EventKind.REFUTED,
    EventKind.NOT_FIXED,
    EventKind.MOVED,
)

Data = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Lookup:
    """What evidence is looked up with: newest visit of an asset, results and answers of a run, where it is kept."""

    newest: Callable[[Finding], Newest | None]
    result: Callable[[str, Finding], Result | None]
    visited_at: Callable[[str, str], datetime | None]
    observations: Callable[[str, str], Sequence[Observation]]
    detail: Callable[[Finding], Detail]


@dataclass(frozen=True, slots=True)
class Subject:
    """What is rechecked: the findings of a notice, or of a system or an organisation (``notice`` is "" then)."""

    office: str
    organisation: str
    notice: str
    notice_day: date | None
    person: str
    day: date
    generated_at: datetime
    version: str


@dataclass(frozen=True, slots=True)
class _Checked:
    finding: Finding
    detail: Detail
    said: Rechecked


def recheck_view(findings: Iterable[Finding], subject: Subject, lookup: Lookup) -> Data:
    """The view. ``findings`` have their histories; those of a check on an asset stand together."""
    checked = [_checked(one, subject, lookup) for one in findings]
    return {
        "schema": SCHEMA,
        "schema_version": SCHEMA_VERSION,
        "self_assessment": True,
        "office": shown(subject.office),
        "organisation": shown(subject.organisation),
        "notice": shown(subject.notice),
        "notice_date": subject.notice_day.isoformat() if subject.notice_day else "",
        "person": shown(subject.person),
        "date": subject.day.isoformat(),
        "generated_at": stamp(subject.generated_at),
        "tool": subject.version,
        "counts": _counts(checked, subject.day),
        "groups": [_group(group, subject, lookup) for group in _alike(checked)],
    }


def _checked(finding: Finding, subject: Subject, lookup: Lookup) -> _Checked:
    since = _since(finding, subject.notice)
    return _Checked(finding, lookup.detail(finding), recheck(finding, since, lookup.newest(finding)))


def _since(finding: Finding, notice: str) -> datetime:
    """When the notice was written; without one when it was found."""
    written = (event.at for event in finding.history if notice and event.notice == notice)
    return next(written, finding.opened)


def _counts(checked: Sequence[_Checked], day: date) -> Data:
    standings = Counter(one.said.standing for one in checked)
    severities = Counter((one.finding.severity.value, one.said.standing) for one in checked)
    return {
        "findings": len(checked),
        **{standing.value: standings[standing] for standing in Standing},
        "overdue": sum(one.finding.is_overdue(day) for one in checked),
        "by_severity": {
            severity: {standing.value: severities[severity, standing] for standing in Standing}
            for severity in ("high", "medium", "low")
        },
    }


def _alike(checked: Iterable[_Checked]) -> list[list[_Checked]]:
    """Findings that rest on the same evidence before and after; what is not rectified comes first."""
    groups: dict[tuple[object, ...], list[_Checked]] = {}
    for one in checked:
        finding = one.finding
        own = () if finding.source is Source.SCAN else (finding.number,)
        place = (finding.system, finding.asset, finding.object_id, finding.check, *own)
        groups.setdefault((*place, finding.opened_in, one.said), []).append(one)
    return sorted(groups.values(), key=lambda group: _rank(group[0]))


def _rank(one: _Checked) -> tuple[int, int, int]:
    standing = (Standing.NOT_RECTIFIED, Standing.UNVERIFIED, Standing.RECTIFIED).index(one.said.standing)
    return standing, ("high", "medium", "low").index(one.finding.severity), one.finding.number


def _group(group: Sequence[_Checked], subject: Subject, lookup: Lookup) -> Data:
    first = group[0]
    finding, detail, said = first.finding, first.detail, first.said
    before = lookup.result(finding.opened_in, finding)
    after = lookup.result(said.run, finding) if said.run else None
    return {
        "system": finding.system,
        "system_name": shown(detail.system),
        "asset": finding.asset,
        "asset_name": shown(detail.asset),
        "check": finding.check,
        "source": finding.source.value,
        "document": shown(finding.document),
        "title": both(Text(shown(finding.title.zh), shown(finding.title.en))),
        "description": shown_lines(detail.description, OUTPUT_CAP),
        "item": detail.item,
        "severity": finding.severity.value,
        "standing": said.standing.value,
        "why": said.why.value,
        "gap": after.gap.reason.value if after and after.gap else "",
        "findings": [_row(one, before, after, subject.day) for one in group],
        "before": _evidence(finding.opened_in, finding, before, lookup),
        "after": _evidence(said.run, finding, after, lookup) if said.run else None,
        "people": _people(finding),
    }


def _row(one: _Checked, before: Result | None, after: Result | None, day: date) -> Data:
    finding = one.finding
    seen, expected = _said(finding, one.detail, before)
    still, _expected = (
        _said(finding, one.detail, after) if one.said.why is Why.FAILS else (Text("", ""), None)
    )
    return {
        "number": str(finding),
        "offender": shown(finding.offender),
        "seen": both(seen),
        "expected": both(expected),
        "after": both(still),
        "opened": stamp(finding.opened),
        "deadline": finding.deadline.isoformat() if finding.deadline else "",
        "overdue": finding.is_overdue(day),
        "owner": shown(finding.owner),
        "measure": shown_lines(finding.measure, OUTPUT_CAP),
        "claimed": stamp(finding.claimed.at) if finding.claimed else "",
        "closed": stamp(finding.closed.at) if finding.closed else "",
        "reopened": finding.reopened,
    }


def _said(finding: Finding, detail: Detail, result: Result | None) -> tuple[Text, Text]:
    if result is None:
        return Text("", ""), Text("", "")
    told = with_result(detail, finding, result)
    return told.seen, told.expected


def _evidence(run: str, finding: Finding, result: Result | None, lookup: Lookup) -> Data | None:
    """What the asset answered; None where nothing of it is kept."""
    visits = ((asset, lookup.visited_at(run, asset)) for asset in finding.asset_ids) if run else iter(())
    asset, at = next(((asset, at) for asset, at in visits if at), ("", None))
    if at is None:
        return None
    wanted = set(result.probes) if result else set()
    answers = [seen for seen in lookup.observations(run, asset) if seen.probe_id in wanted]
    return {
        "run": run,
        "at": stamp(at),
        "verdict": result.verdict.value if result else "",
        "answers": [_answer(seen) for seen in answers[:PROBES_SHOWN]],
        "more": max(len(answers) - PROBES_SHOWN, 0),
    }


def _answer(seen: Observation) -> Data:
    return {
        "probe": seen.probe_id,
        "command": shown_lines(seen.command, COMMAND_CAP),
        "output": shown_lines(decoded(seen.output[: OUTPUT_CAP * 4]), OUTPUT_CAP),
        "exit_status": seen.exit_status,
        "gap": seen.gap.reason.value if seen.gap else "",
    }


def _people(finding: Finding) -> list[Data]:
    """What people did, in order: notice, extension, claim, review, an asset that the register moved."""
    closed = finding.closed
    told = [event for event in finding.history if event.kind in TOLD]
    told += [event for event in finding.history if event.kind is EventKind.CLOSED and closed and event.person]
    return [_act(event) for event in told]


def _moved(event: Event) -> Data | None:
    move = event.moved
    if move is None:
        return None
    return {
        "from": f"{shown(move.from_system)} / {shown(move.from_asset)}",
        "to": f"{shown(move.to_system)} / {shown(move.to_asset)}",
    }


def _act(event: Event) -> Data:
    return {
        "kind": event.kind.value,
        "at": stamp(event.at),
        "person": shown(event.person),
        "text": shown_lines(event.text, OUTPUT_CAP),
        "notice": shown(event.notice),
        "deadline": event.deadline.isoformat() if event.deadline else "",
        "moved": _moved(event),
        "files": [{"name": shown(file.name), "sha256": file.sha256} for file in event.files],
    }
