"""What doctor looks at of the nights: what starts them, and how the last one ended."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.nightly_words import state_words
from secaudit.cli.schedule_list import schedules_of, state_of
from secaudit.cli.schedule_words import installing
from secaudit.cli.wiring import Workspace, command
from secaudit.errors import SecauditError
from secaudit.schedule.journal import Mode
from secaudit.schedule.standing import Standing, State, standings
from secaudit.upkeep.doctor import Line
from secaudit.upkeep.doctor.nights import Nights, lines

LOOKED_AT = 3


def look_at_nights(opened: Workspace, now: datetime) -> Iterator[Line]:
    """Schedule and last night."""
    told = partial(command, opened.folder)
    yield from lines(
        _nights(opened, now), told(installing(opened.settings.nightly)), told("nightly --status")
    )


def _nights(opened: Workspace, now: datetime) -> Nights:
    try:
        schedules = tuple(state_of(one, now) for one in schedules_of(opened.folder) if one.mode is Mode.AUDIT)
        found = standings(opened.folder, opened.settings.nightly, now, LOOKED_AT)
    except (SecauditError, OSError) as error:
        return Nights(error=str(error))
    settled = [one for one in found if one.state is not State.RUNNING]
    if not settled:
        return Nights(schedules)
    last = settled[0]
    return Nights(schedules, f"{last.day} {state_words()[last.state.value]}", last.code, gap=_is_gap(last))


def _is_gap(last: Standing) -> bool:
    """Every stage went through, and something of what was reached or owed is not known."""
    return last.state is State.GAP and last.record is not None and last.record.code == ExitCode.NOT_JUDGED
