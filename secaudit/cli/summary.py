"""The summary at the end of a scan: every asset, every problem, every gap, and what to do next."""

from collections import Counter
from collections.abc import Iterable

from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from secaudit.cli.escaping import printable
from secaudit.cli.tally import AssetTally, Problem, Tally
from secaudit.cli.unreached import why
from secaudit.cli.words import gap_word, gap_words, severity_word, spoken, verdict_words
from secaudit.language import _
from secaudit.model.content import Severity
from secaudit.model.result import Verdict

SHOWN_OBJECTS = 6
COLOURS = {
    Verdict.PASS: "green",
    Verdict.PARTIAL: "yellow",
    Verdict.FAIL: "red",
    Verdict.UNKNOWN: "magenta",
    Verdict.MANUAL: "cyan",
    Verdict.NOT_APPLICABLE: "dim",
}
SEVERITY_COLOURS = {Severity.HIGH: "bold red", Severity.MEDIUM: "yellow", Severity.LOW: "dim"}


def show_summary(
    console: Console, run_id: str, tally: Tally, planned: int, next_steps: Iterable[str]
) -> None:
    """Print it. ``planned`` is what the plan owed: the verdicts must add up to it."""
    assert planned == tally.verdicts.total(), "planned = sum of verdicts"
    console.print(Group(*_parts(tally)))
    console.print(_sum_line(run_id, tally.verdicts, planned))
    console.print()
    for step in next_steps:
        console.print(Text(f"  → {step}"), soft_wrap=True)  # a command that is to be copied stays on one line


def _parts(tally: Tally) -> list[RenderableType]:
    parts: list[RenderableType] = [_assets(tally)]
    if tally.problems:
        parts += [_heading(_("Problems")), _problems(tally.by_severity())]
    if tally.accepted:
        parts.append(Text(_accepted(tally), "cyan"))
    if tally.gaps:
        parts += [_heading(_("Not judged, by reason")), _gaps(tally)]
    unreached = [asset for asset in tally.assets if asset.gap is not None]
    if unreached:
        parts.append(_heading(_("Not reached")))
        for asset in unreached:
            assert asset.gap is not None
            parts.append(Text(f"  ✗ {why(asset.asset_id, asset.gap)}", "red"))
    if weak := [asset for asset in tally.assets if asset.weak]:
        parts.append(_heading(_("Visited by weak SSH algorithms, which whoever listens may break")))
        parts += [Text(printable(f"  ! {asset.asset_id}: {asset.weak}"), "yellow") for asset in weak]
    if tally.broken:
        parts.append(_heading(_("Broken plug-ins")))
        parts += [Text(printable(f"  ✗ {plugin}: {plugin.reason}"), "red") for plugin in tally.broken]
    return [*parts, Text("")]


def _heading(text: str) -> Text:
    return Text(f"\n{text}", "bold")


def _assets(tally: Tally) -> Table:
    table = _table(_("asset"), _("reached"))
    for verdict in Verdict:
        heading = _("N/A") if verdict is Verdict.NOT_APPLICABLE else verdict_words()[verdict]
        table.add_column(heading, justify="right", style=COLOURS[verdict], no_wrap=True)
    for asset in tally.assets:
        reached = Text(_how(asset), "green") if asset.gap is None else Text(f"✗ {gap_word(asset.gap)}", "red")
        counts = [str(asset.verdicts[verdict] or "·") for verdict in Verdict]
        table.add_row(printable(asset.asset_id), reached, *counts)
    return table


def _how(asset: AssetTally) -> str:
    if asset.bundle_age is None:
        return "✓"
    return "✓ " + _("bundle, {days} days old").format(days=max(asset.bundle_age.days, 0))


def _problems(problems: Iterable[Problem]) -> Table:
    table = _table(_("severity"), _("problem"), _("where"), _("seen"))
    for problem in problems:
        severity = problem.check.severity
        mark = "◐" if problem.partial else "✗"
        table.add_row(
            Text(f"{mark} {severity_word(severity)}", SEVERITY_COLOURS[severity]),
            _title(problem),
            _few(problem.objects, SHOWN_OBJECTS),
            _offenders(problem),
        )
    return table


def _accepted(tally: Tally) -> str:
    """How much is accepted or deferred, and that it counts as failed all the same."""
    told = _("{count} accepted or deferred, the first until {day}; they stay failures (secaudit accept list)")
    return "  " + told.format(count=tally.accepted, day=tally.accepted_until)


def _title(problem: Problem) -> Text:
    check = problem.check
    advisory = _(" (good practice)") if check.advisory else ""
    title = Text(spoken(check.title) + advisory).append(f"\n{check.id}", "dim")
    if problem.accepted:
        told = _("{count} of {all} accepted or deferred, until {day}")
        counted = told.format(count=problem.accepted, all=len(problem.objects), day=problem.accepted_until)
        title.append(f"\n{counted}", "cyan")
    return title


def _offenders(problem: Problem) -> Text:
    several = len(set(problem.objects)) > 1
    lines = [
        printable(f"{place}: {o.id}: {spoken(o.seen)}" if several else f"{o.id}: {spoken(o.seen)}")
        for place, o in problem.shown
    ]
    left = problem.offenders - len(lines)
    if left:
        lines.append(_("… and {count} more").format(count=left))
    return Text("\n".join(lines))


def _gaps(tally: Tally) -> Table:
    table = _table(_("reason"), _("verdicts"), _("where"))
    words = gap_words()
    for reason, assets in sorted(tally.gaps.items(), key=lambda item: -item[1].total()):
        table.add_row(words[reason], str(assets.total()), _few(sorted(assets), SHOWN_OBJECTS))
    return table


def _few(names: list[str], most: int) -> Text:
    shown = ", ".join(printable(name) for name in names[:most])
    left = len(names) - most
    return Text(shown if left <= 0 else _("{names} and {count} more").format(names=shown, count=left))


def _sum_line(run_id: str, verdicts: Counter[Verdict], planned: int) -> Text:
    line = Text(_("Run {id}: {count} verdicts planned =").format(id=run_id, count=planned))
    for place, verdict in enumerate(Verdict):
        line.append(" + " if place else " ")
        line.append(f"{verdicts[verdict]} {verdict_words()[verdict]}", COLOURS[verdict])
    return line


def _table(*headings: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    return table
