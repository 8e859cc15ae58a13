"""What an event makes of a finding: its state is nothing but what its events have led to."""

from dataclasses import replace
from functools import reduce

from secaudit.model.finding import Claim, Closing, Event, EventKind, Finding, Stage


def applied(finding: Finding, event: Event) -> Finding:
    """The finding after an event. What the event leaves empty stays; ``history`` is left alone."""
    match event.kind:
        case EventKind.OPENED:
            return finding
        case EventKind.PLANNED | EventKind.EXTENDED | EventKind.NOTICED:
            return _planned(finding, event)
        case EventKind.CLAIMED:
            claim = Claim(event.at, event.person, event.text, event.files)
            return replace(finding, stage=Stage.CLAIMED, claimed=claim)
        case EventKind.REFUTED | EventKind.NOT_FIXED:
            return _failed(replace(finding, claimed=None, stage=_unclaimed(finding)), event)
        case EventKind.CLOSED:
            assert event.reason is not None, "nothing closes without a reason"
            closing = Closing(event.at, event.reason, event.run, event.person, event.text, event.files)
            return replace(finding, stage=Stage.CLOSED, closed=closing)
        case EventKind.MOVED:
            assert event.moved is not None, "nothing moves without a place"
            return replace(finding, system=event.moved.to_system, asset=event.moved.to_asset)
        case _:
            again = replace(finding, claimed=None, closed=None, reopened=finding.reopened + 1)
            return _failed(_unplanned(again), event) if event.failed_in else _planned_still(again)


def is_as_told(finding: Finding) -> bool:
    """Whether its state is what its ``history`` leads to: nobody changed it past its events."""
    first = next(iter(finding.moves), None)
    opened = replace(
        finding,
        system=first.from_system if first else finding.system,
        asset=first.from_asset if first else finding.asset,
        failed_at=finding.opened,
        failed_in=finding.opened_in,
        stage=Stage.OPEN,
        owner="",
        measure="",
        deadline=None,
        notice="",
        claimed=None,
        closed=None,
        reopened=0,
    )
    return reduce(applied, finding.history, opened) == finding


def _planned(finding: Finding, event: Event) -> Finding:
    return replace(
        finding,
        stage=Stage.PLANNED if finding.stage is Stage.OPEN and event.deadline else finding.stage,
        owner=event.owner or finding.owner,
        measure=event.measure or finding.measure,
        deadline=event.deadline or finding.deadline,
        notice=event.notice or finding.notice,
    )


def _unclaimed(finding: Finding) -> Stage:
    return Stage.PLANNED if finding.deadline else Stage.OPEN


def _failed(finding: Finding, event: Event) -> Finding:
    """With the newest failure on record, where the event brought one."""
    if not event.failed_in:
        return finding
    return replace(finding, failed_at=event.at, failed_in=event.failed_in)


def _unplanned(finding: Finding) -> Finding:
    """Its plan was carried out or has lapsed: a new one is needed. Who owned it may still know."""
    return replace(finding, stage=Stage.OPEN, measure="", deadline=None, notice="")


def _planned_still(finding: Finding) -> Finding:
    """An asset that is registered again takes its deadlines back: leaving the register for a while puts nothing off."""
    return replace(finding, stage=_unclaimed(finding))
