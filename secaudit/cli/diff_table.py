"""Differences for a person: grouped by kind and check, a few of each named, all of them counted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import click

from secaudit.audit.comparing import Comparison
from secaudit.audit.sides import Side
from secaudit.cli.diff_rows import Checks, Only, chosen
from secaudit.cli.diff_words import cause_words, kind_words, reason_text
from secaudit.cli.escaping import printable
from secaudit.cli.show import Column, show_rows
from secaudit.cli.words import severity_word, spoken, state_word
from secaudit.language import _
from secaudit.model.content import Check, Severity
from secaudit.model.difference import Cause, Difference, Kind
from secaudit.model.run import RunState
from secaudit.register.times import shown

SHOWN: Final = 3
_ORDER: Final = list(Kind)
_GRAVITY: Final = [Severity.HIGH, Severity.MEDIUM, Severity.LOW]


@dataclass(slots=True)
class _Group:
    """Differences of one kind, check, cause and reason. ``objects`` is counted as they come, object by object."""

    kind: Kind
    check: Check | None
    cause: Cause | None
    what: str
    reason: str
    count: int = 0
    objects: int = 0
    named: list[str] = field(default_factory=list)
    last: tuple[str, str] = ("", "")

    def add(self, one: Difference) -> None:
        """Count one more."""
        self.count += one.verdicts
        place = (one.asset_id, one.object_id)
        if place != self.last:
            self.objects, self.last = self.objects + 1, place
        if len(self.named) < SHOWN:
            self.named.append(_named(one))


def _named(one: Difference) -> str:
    where = one.object_id or one.asset_id
    return f"{where}: {one.offender.id}" if one.offender else where


def print_table(compared: Sequence[Comparison], checks: Checks, only: Only) -> None:
    """Each pair of runs with its differences and their counts."""
    for one in compared:
        for line in _heading(one).splitlines():
            click.echo(printable(line))
        groups = _grouped(chosen(one, only), checks)
        if groups:
            show_rows(_columns(), map(_row, groups), "table")
        for line in _closing(one):
            click.echo(line)


def _grouped(found: Iterable[Difference], checks: Checks) -> list[_Group]:
    groups: dict[tuple[Any, ...], _Group] = {}
    for one in found:
        reason = reason_text(one)
        key = (one.kind, one.check_id, one.cause, reason)
        if key not in groups:
            check = checks.get(one.check_id)
            groups[key] = _Group(one.kind, check, one.cause, one.check_id, reason)
        groups[key].add(one)
    return sorted(groups.values(), key=_urgency)


def _urgency(group: _Group) -> tuple[Any, ...]:
    gravity = _GRAVITY.index(group.check.severity) if group.check else -1
    return _ORDER.index(group.kind), gravity, -group.count, group.what


def _columns() -> list[Column]:
    return [
        Column("kind", _("change"), words=kind_words()),
        Column("severity", _("severity")),
        Column("what", _("check"), fold=True),
        Column("cause", _("cause"), words=cause_words()),
        Column("objects", _("objects"), right=True),
        Column("count", _("count"), right=True),
        Column("named", _("among them"), fold=True),
    ]


def _row(group: _Group) -> Mapping[str, Any]:
    title = spoken(group.check.title) if group.check else group.what
    more = group.count - len(group.named) if group.what else group.objects - len(group.named)
    named = "; ".join(group.named) + (_(" and {count} more").format(count=more) if more else "")
    return {
        "kind": group.kind.value,
        "severity": severity_word(group.check.severity) if group.check else "",
        "what": ": ".join(part for part in (title, group.reason) if part),
        "cause": group.cause.value if group.cause else "",
        "objects": group.objects,
        "count": group.count,
        "named": named,
    }


def _heading(one: Comparison) -> str:
    return f"{', '.join(one.systems)}\n  {_told(one.before)}\n→ {_told(one.after)}"


def _told(side: Side) -> str:
    state = "" if side.run.state is RunState.COMPLETE else f", {state_word(side.run.state)}"
    again = (
        _(", judged again {at}").format(at=shown(side.judgement.judged_at)) if side.judgement.number else ""
    )
    return f"{side.run.id} ({shown(side.run.started_at)}{state}{again})"


def _closing(one: Comparison) -> Iterable[str]:
    words = kind_words()
    counts = ", ".join(f"{words[kind]} {one.counts[kind]}" for kind in Kind if one.counts[kind])
    yield _("{compared} verdicts compared: {counts}").format(
        compared=one.compared, counts=counts or _("no difference")
    )
    if not one.ruled_alike:
        yield _(
            "Other rules judged the older run: its evidence was judged with today's to tell the cause: the asset, our "
            "rules (checks, parameters, register), or both."
        )
