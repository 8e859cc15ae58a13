"""What doctor looks at of the nights: what starts them, how the last one ended, what could not be told."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

from secaudit.cli.nightly_words import state_words
from secaudit.cli.schedule_list import schedules_of, state_of
from secaudit.cli.wiring import Workspace, command
from secaudit.errors import SecauditError
from secaudit.notify.queue import DEAD, FOLDER, WAITING, Queue
from secaudit.schedule.standing import State, standings
from secaudit.upkeep.doctor import Line
from secaudit.upkeep.doctor.nights import Nights, Notices, lines, notice_lines

LOOKED_AT = 3
STUCK = timedelta(days=1)


def look_at_nights(opened: Workspace, now: datetime) -> Iterator[Line]:
    """Schedule, last night, notices."""
    told = partial(command, opened.folder)
    yield from lines(_nights(opened, now), told("schedule install"), told("nightly --status"))
    yield from notice_lines(_notices(opened, now), told("notices list"))


def _nights(opened: Workspace, now: datetime) -> Nights:
    try:
        schedules = tuple(state_of(one, now) for one in schedules_of(opened.folder))
        found = standings(opened.folder, opened.settings.nightly, now, LOOKED_AT)
    except (SecauditError, OSError) as error:
        return Nights(error=str(error))
    settled = [one for one in found if one.state is not State.RUNNING]
    if not settled:
        return Nights(schedules)
    last = settled[0]
    return Nights(schedules, f"{last.day} {state_words()[last.state.value]}", last.code)


def _notices(opened: Workspace, now: datetime) -> Notices:
    queue = Queue(opened.folder / FOLDER)
    try:
        dead = len(queue.held(DEAD))
        waiting = [datetime.fromtimestamp(one.file.stat().st_mtime, UTC) for one in queue.held(WAITING)]
    except (SecauditError, OSError) as error:
        return Notices(opened.settings.notices is not None, error=str(error))
    stuck = sum(now - moment > STUCK for moment in waiting)
    return Notices(opened.settings.notices is not None, dead, stuck)
