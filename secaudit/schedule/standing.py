"""How the nights of a workspace stand: the last ones, and those that did not happen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from secaudit.model.nightly import Nightly
from secaudit.schedule.journal import End, Journal, Mode, NightRecord, nights_on_record
from secaudit.schedule.lock import holder_of, is_at_work
from secaudit.schedule.nights import missed_nights, night_of
from secaudit.schedule.stages import FINDINGS, FINE

MISSED = 4
# an office whose nights come late (jitter, a night before that takes long) is not late at once
GRACE = timedelta(hours=1)


class State(StrEnum):
    """RUNNING: somebody is at work. BROKEN_OFF: nobody is, and it was not ended."""

    RUNNING = "running"
    BROKEN_OFF = "broken off"
    FINE = "fine"
    FINDINGS = "findings"
    GAP = "gap"
    FAILED = "failed"
    MISSED = "missed"


_CODES = {
    State.FINE: FINE,
    State.FINDINGS: FINDINGS,
    State.GAP: 3,
    State.FAILED: 3,
    State.BROKEN_OFF: 3,
    State.MISSED: MISSED,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """One night; ``record`` is None where it did not happen."""

    day: date
    state: State
    record: NightRecord | None

    @property
    def code(self) -> int:
        """What a monitor is told of it: 0 fine, 1 findings, 3 a gap or a stage that failed, 4 it did not happen.

        Of one that goes on nothing is known yet: whoever asks goes by the one before.
        """
        return _CODES.get(self.state, FINE)


def standings(
    workspace: Path, settings: Nightly, now: datetime, count: int, mode: Mode = Mode.AUDIT
) -> list[Standing]:
    """The newest nights, the newest first, those that did not happen among them; none where none ever began."""
    on_record = nights_on_record(workspace, mode)
    if not on_record:
        return []
    tonight = night_of(settings, now)
    late = now >= min(tonight.opens + GRACE, tonight.closes)
    until = tonight.day + timedelta(days=1 if late else 0)
    missed = {*missed_nights(settings, on_record[0], until)} - {*on_record}
    # what a clock that ran ahead left on record says nothing of the nights until then
    begun = [day for day in on_record if day <= tonight.day]
    days = sorted({*missed, *begun}, reverse=True)[:count]
    return [_standing(workspace, day, now, mode) for day in days]


def code_for_monitor(found: Sequence[Standing]) -> int:
    """That of the newest night that is not under way; 4 where there is none."""
    settled = [one for one in found if one.state is not State.RUNNING]
    if not settled:
        return FINE if found else MISSED
    return settled[0].code


def state_of(record: NightRecord, workspace: Path, now: datetime) -> State:
    """How a night that began stands."""
    if record.code is None:
        holder = holder_of(workspace)
        at_work = holder is not None and holder.process == record.process and is_at_work(holder, now)
        return State.RUNNING if at_work else State.BROKEN_OFF
    if any(stage.end is End.FAILED for stage in record.stages.values()):
        return State.FAILED
    return {FINE: State.FINE, FINDINGS: State.FINDINGS}.get(record.code, State.GAP)


def _standing(workspace: Path, day: date, now: datetime, mode: Mode) -> Standing:
    record = Journal(workspace, day, mode).read()
    if record is None:
        return Standing(day, State.MISSED, None)
    return Standing(day, state_of(record, workspace, now), record)
