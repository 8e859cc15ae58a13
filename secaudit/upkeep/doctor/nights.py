"""Whether the nights are started, and happen."""

from collections.abc import Iterator
from dataclasses import dataclass

from secaudit.language import _
from secaudit.upkeep.doctor.line import Line, Topic, fail, ok, unknown, warn


@dataclass(frozen=True, slots=True)
class Nights:
    """``schedules``: state of each schedule of the workspace (alive, late, dead, unknown).

    ``last``: how the newest night that is not under way stands, in words, None where none ever was; ``code`` as
    ``nightly --status`` says it (0 fine, 1 findings, 3 a gap or a failed stage, 4 it did not happen); ``gap``: every
    stage was carried out, and something could not be judged or reached.
    """

    schedules: tuple[str, ...] = ()
    last: str | None = None
    code: int = 0
    gap: bool = False
    error: str = ""


def lines(facts: Nights, install: str, status: str) -> Iterator[Line]:
    """``install`` and ``status`` are commands."""
    if facts.error:
        yield unknown(Topic.SCHEDULE, facts.error, status)
    elif not facts.schedules:
        yield warn(Topic.SCHEDULE, _("nothing starts the nights of this workspace"), install)
    elif "alive" in facts.schedules:
        yield ok(Topic.SCHEDULE, _("a schedule starts the nights, and it is alive"))
    elif "late" in facts.schedules:
        yield fail(Topic.SCHEDULE, _("the schedule is alive and has not started the last night"), status)
    elif "dead" in facts.schedules:
        yield fail(Topic.SCHEDULE, _("the schedule that starts the nights is dead"), install)
    else:
        yield unknown(Topic.SCHEDULE, _("nobody can tell whether the schedule is alive"), install)
    if facts.last is not None:
        told = _("the last night: {state}").format(state=facts.last)
        if facts.gap:  # an asset's doing, or a check's: the night itself went through
            yield warn(Topic.SCHEDULE, told, status)
        else:
            yield ok(Topic.SCHEDULE, told) if facts.code <= 1 else fail(Topic.SCHEDULE, told, status)
