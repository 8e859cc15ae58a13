"""``secaudit finding list``: what failed and is not closed, the most pressing first."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click

from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.finding_selecting import filter_of, filter_options
from secaudit.cli.finding_words import named, stage_words
from secaudit.cli.show import Column, format_option, show_rows
from secaudit.cli.wiring import open_workspace
from secaudit.cli.words import severity_words, spoken
from secaudit.language import _
from secaudit.model.content import Severity
from secaudit.model.finding import Finding, Stage
from secaudit.model.register import Register
from secaudit.register.registered import system_of
from secaudit.register.times import office_day
from secaudit.store import Store
from secaudit.store.findings import UNSETTLED, Which

SEVERITIES = (Severity.HIGH, Severity.MEDIUM, Severity.LOW)
SOON_DAYS = 30


@click.command(
    "list",
    help=_("What failed and is not closed yet: overdue first, then by severity."),
    epilog=_("Exit code 1: something of it is overdue."),
)
@filter_options
@click.option(
    "--stage",
    "stages",
    multiple=True,
    type=click.Choice([stage.value for stage in Stage]),
    help=_("Only in this stage (repeatable; default: all but closed)."),
)
@click.option("--owner", "of_owner", default="", help=_("Only those that this one puts right."))
@click.option("--advisory", is_flag=True, help=_("Also what moves no item: good practice beyond them."))
@format_option
@click.pass_obj
def list_findings(
    workspace: Path, /, stages: tuple[str, ...], advisory: bool, output_format: str, **options: Any
) -> int:
    """The command."""
    opened = open_workspace(workspace)
    today = office_day()
    wanted = filter_of(today, [Stage(stage) for stage in stages] or UNSETTLED, options)
    with opened.open_scanned() as store:
        _refuse_unknown(opened.register, store, wanted.systems)
        found = list(wanted.found(store))
    shown = [one for one in found if advisory or not one.advisory]
    shown.sort(key=lambda one: _order(one, today))
    columns = _short_columns() if output_format == "table" else _columns()
    show_rows(columns, (_row(one, today) for one in shown), output_format)
    click.echo(_counts(shown, len(found) - len(shown), today), err=True)
    return ExitCode.FINDINGS if any(one.is_overdue(today) for one in shown) else ExitCode.CLEAN


def _refuse_unknown(register: Register, store: Store, systems: Iterable[str]) -> None:
    """A system that is registered no more may have findings; one that nobody knows has none, and that is no news."""
    registered = {system.id for system in register.systems}
    for name in systems:
        if name not in registered and next(store.findings.all(Which((name,))), None) is None:
            system_of(register, name)


def _order(one: Finding, today: date) -> tuple[Any, ...]:
    """What is late first, the longest first; then what is graver, what is due sooner, what is older."""
    late = one.deadline if one.is_overdue(today) else None
    return (
        late is None,
        late or date.max,
        one.stage is Stage.CLOSED,
        SEVERITIES.index(one.severity),
        one.advisory,
        one.deadline or date.max,
        one.number,
    )


def _counts(shown: Sequence[Finding], left_out: int, today: date) -> str:
    stages = Counter(one.stage for one in shown)
    left = [(one.deadline - today).days for one in shown if one.deadline and one.stage is not Stage.CLOSED]
    counts = (
        (_("{count} findings"), len(shown)),
        *((word + " {count}", stages[Stage(stage)]) for stage, word in stage_words().items()),
        (_("overdue {count}"), sum(days < 0 for days in left)),
        (_("due within 30 days {count}"), sum(0 <= days <= SOON_DAYS for days in left)),
        (_("advisory, not shown (--advisory) {count}"), left_out),
    )
    return _("; ").join(_told(counts))


def _told(counts: Iterable[tuple[str, int]]) -> Iterable[str]:
    for place, (word, count) in enumerate(counts):
        if count or place == 0:
            yield word.format(count=count)


def _row(one: Finding, today: date) -> dict[str, Any]:
    closed, claimed = one.closed, one.claimed
    late = " !" if one.is_overdue(today) else ""
    return {
        "number": str(one),
        "stage": one.stage.value,
        "severity": one.severity.value,
        "advisory": one.advisory,
        "source": one.source.value,
        "system": one.system,
        "asset": one.asset,
        "object": one.object_id,
        "place": one.object_id or one.asset or one.system,
        "check": one.check,
        "title": spoken(one.title),
        "offender": one.offender,
        "what": named(one),
        "owner": one.owner,
        "measure": one.measure,
        "deadline": one.deadline.isoformat() if one.deadline else "",
        "days": (one.deadline - today).days if one.deadline and one.stage is not Stage.CLOSED else None,
        "until": one.deadline.isoformat() + late if one.deadline else "",
        "notice": one.notice,
        "document": one.document,
        "reference": one.reference,
        "opened": one.opened,
        "opened_in": one.opened_in,
        "failed_at": one.failed_at,
        "reopened": one.reopened,
        "claimed_by": claimed.person if claimed else "",
        "claimed_at": claimed.at if claimed else None,
        "closed_at": closed.at if closed else None,
        "closed_by": closed.reason.value if closed else "",
        "closed_in": closed.run if closed else "",
        "reviewer": closed.reviewer if closed else "",
    }


def _short_columns() -> tuple[Column, ...]:
    """What fits a terminal; JSON and CSV have all of it."""
    severities = {str(severity): word for severity, word in severity_words().items()}
    return (
        Column("number", _("No.")),
        Column("stage", _("Stage"), words=stage_words()),
        Column("severity", _("How grave"), words=severities),
        Column("place", _("Object")),
        Column("what", _("Finding"), fold=True),
        Column("owner", _("Owner of it"), fold=True),
        Column("until", _("Until")),
    )


def _columns() -> tuple[Column, ...]:
    keys = (
        *("number", "stage", "severity", "advisory", "source", "system", "asset", "object", "check"),
        *("title", "offender", "owner", "measure", "deadline", "days", "notice", "document", "reference"),
        *("opened", "opened_in", "failed_at", "reopened", "claimed_by", "claimed_at"),
        *("closed_at", "closed_by", "closed_in", "reviewer"),
    )
    return tuple(Column(key, key) for key in keys)
