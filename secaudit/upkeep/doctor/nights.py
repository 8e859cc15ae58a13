"""Whether the nights are started, happen, and whether people hear of them."""

from collections.abc import Iterator
from dataclasses import dataclass

from secaudit.language import _
from secaudit.upkeep.doctor.line import Line, Topic, fail, ok, unknown, warn


@dataclass(frozen=True, slots=True)
class Nights:
    """``schedules``: state of each schedule of the workspace (alive, late, dead, unknown).

    ``last``: how the newest night that is not under way stands, in words, None where none ever was; ``code`` as
    ``nightly --status`` says it (0 fine, 1 findings, 3 a gap or a failed stage, 4 it did not happen).
    """

    schedules: tuple[str, ...] = ()
    last: str | None = None
    code: int = 0
    error: str = ""


@dataclass(frozen=True, slots=True)
class Notices:
    """Messages that were put aside, and that wait for longer than a day; ``configured``: somebody is told at all."""

    configured: bool
    dead: int = 0
    stuck: int = 0
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
        yield ok(Topic.SCHEDULE, told) if facts.code <= 1 else fail(Topic.SCHEDULE, told, status)


def notice_lines(facts: Notices, show: str) -> Iterator[Line]:
    """``show`` is the command that lists the queue."""
    if facts.error:
        yield unknown(Topic.NOTICES, facts.error, show)
        return
    if not facts.configured:
        yield ok(Topic.NOTICES, _("nobody is told of the nights: notices: is not set"))
    if facts.dead:
        told = _("{count} notices could not be delivered and were put aside")
        yield fail(Topic.NOTICES, told.format(count=facts.dead), show)
    if facts.stuck:
        told = _("{count} notices wait for longer than a day")
        yield warn(Topic.NOTICES, told.format(count=facts.stuck), show)
    if facts.configured and not (facts.dead or facts.stuck):
        yield ok(Topic.NOTICES, _("no notice waits or was put aside"))
