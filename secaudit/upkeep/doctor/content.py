"""Whether checks and profiles can be used, and whether the newest verdicts are of today's."""

from collections.abc import Iterator
from dataclasses import dataclass

from secaudit.language import _
from secaudit.upkeep.doctor.line import Line, Topic, fail, ok, warn


@dataclass(frozen=True, slots=True)
class ContentSeen:
    """``error``: why it cannot be used; ``outdated``: of the ``runs`` looked at those that another content judged."""

    checks: int = 0
    error: str = ""
    broken: tuple[str, ...] = ()
    runs: int = 0
    outdated: tuple[str, ...] = ()


def lines(facts: ContentSeen, judge: str) -> Iterator[Line]:
    """``judge`` is the command that judges a run again, without its id."""
    if facts.error:
        yield fail(Topic.CONTENT, facts.error.splitlines()[0], "secaudit checks test")
        return
    for name in facts.broken:
        yield fail(
            Topic.CONTENT, _("a plug-in cannot be used: {name}").format(name=name), "secaudit plugins list"
        )
    if facts.outdated:
        told = _("the newest verdicts of {count} systems are of other checks than today's")
        yield warn(Topic.CONTENT, told.format(count=len(facts.outdated)), f"{judge} {facts.outdated[0]}")
    elif facts.runs:
        told = _("{checks} checks can be used, and the newest verdicts are of these")
        yield ok(Topic.CONTENT, told.format(checks=facts.checks))
    else:
        yield ok(Topic.CONTENT, _("{checks} checks can be used").format(checks=facts.checks))
