"""What doctor says of notices: whether people can be told, and whether they are."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from secaudit.errors import SecauditError
from secaudit.language import _
from secaudit.model.register import Register
from secaudit.notify.receivers import without_address
from secaudit.notify.settings import load_notices
from secaudit.notify.standing import Standing, standing
from secaudit.upkeep.doctor import Line, Topic
from secaudit.upkeep.doctor.line import fail, ok, unknown, warn


@dataclass(frozen=True, slots=True)
class Told:
    """``queue`` is None where nobody is to be told; ``nobody``: system and role of a rule that reaches no address."""

    queue: Standing | None = None
    nobody: tuple[tuple[str, str], ...] = ()
    error: str = ""


def gather(workspace: Path, register: Register) -> Told:
    """How the queue and the rules stand."""
    try:
        settings = load_notices(workspace)
        if settings is None:
            return Told()
        return Told(standing(workspace), tuple(without_address(settings, register)))
    except SecauditError as error:
        return Told(error=str(error).splitlines()[0])


def lines(facts: Told, now: datetime, list_: str, send: str, retry: str) -> Iterator[Line]:
    """``list_``, ``send`` and ``retry`` are commands."""
    if facts.error:
        yield unknown(Topic.NOTICES, facts.error, list_)
    elif facts.queue is None:
        fix = _("set notices: in secaudit.yaml, as docs/notices.md shows")
        yield warn(Topic.NOTICES, _("nobody is told what a night came to"), fix)
    else:
        found = [*_of_queue(facts.queue, now, list_, send, retry), *_of_rules(facts)]
        told = _("{count} notices wait; none was given up").format(count=facts.queue.waiting)
        yield from found or [ok(Topic.NOTICES, told)]


def _of_queue(queue: Standing, now: datetime, list_: str, send: str, retry: str) -> Iterator[Line]:
    if queue.dead:
        told = _("{count} notices were not delivered: numbers {numbers}")
        shown = ", ".join(map(str, queue.dead[:10])) + ("…" if len(queue.dead) > 10 else "")
        yield fail(Topic.NOTICES, told.format(count=len(queue.dead), numbers=shown), f"{list_}; {retry}")
    for name in queue.broken:
        yield fail(
            Topic.NOTICES, _("{file} is no message").format(file=name), _("look at the file, remove it")
        )
    if queue.is_full:
        told = _("{count} notices wait already; no more are taken in.").format(count=queue.waiting)
        yield fail(Topic.NOTICES, told, list_)
    elif queue.is_late(now):
        told = _("a notice waits for more than a day: {reason}")
        yield fail(Topic.NOTICES, told.format(reason=queue.reason or _("nobody sends what waits")), send)


def _of_rules(facts: Told) -> Iterator[Line]:
    for system, role in facts.nobody:
        told = _("{system}: a notice for {role} reaches nobody, as no such person has an e-mail address")
        fix = _("add the person to contacts: of the system or of its organisation")
        yield warn(Topic.NOTICES, told.format(system=system, role=role), fix)
