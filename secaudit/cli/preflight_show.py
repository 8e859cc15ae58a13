"""What preflight has seen, printed: the workspace, then each asset with what mends it."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import click
from rich.console import Console
from rich.text import Text

from secaudit.audit.findings import Finding, Fix, Topic, Weight, Where, gravest
from secaudit.audit.preflight import AssetReport
from secaudit.cli.escaping import printable
from secaudit.cli.show import Column, console, show_rows
from secaudit.cli.wrapping import wrapped
from secaudit.language import _
from secaudit.model.run import Plan

SHOWN_CHECKS: Final = 3
MARKS: Final = {
    None: ("✓", "green"),
    Weight.NOTE: ("✓", "green"),
    Weight.LACKS: ("◐", "yellow"),
    Weight.BLOCKS: ("✗", "red"),
}
WORKSPACE: Final = ""


@dataclass(frozen=True, slots=True)
class Sight:
    """All that was seen: of the workspace, of each asset, and how long the last visits took (asset → seconds)."""

    plan: Plan
    workspace: list[Finding]
    assets: list[AssetReport]
    last_visits: dict[str, float]

    @property
    def in_order(self) -> list[AssetReport]:
        """The reports in the order of the plan."""
        places = {planned.asset_id: place for place, planned in enumerate(self.plan.assets)}
        return sorted(self.assets, key=lambda report: places[report.asset_id])


def told_of(report: AssetReport) -> str:
    """One line about an asset."""
    return printable(_("{asset}: {state}").format(asset=report.asset_id, state=_state(report)))


def show(sight: Sight, output_format: str, command: Callable[[str], str]) -> None:
    """Print it."""
    match output_format:
        case "json":
            click.echo(json.dumps(_as_data(sight), ensure_ascii=False, indent=2))
        case "csv":
            show_rows([Column(key, key) for key in _COLUMNS], list(_rows(sight)), "csv")
        case _:
            _print(sight, command)


def _state(report: AssetReport) -> str:
    match report.weight:
        case Weight.BLOCKS:
            topics = _topic_words()
            return _("would not be visited: {topics}").format(
                topics=", ".join(topics[f.topic] for f in report.findings if f.weight is Weight.BLOCKS)
            )
        case Weight.LACKS:
            return _("would be visited in part")
        case _:
            return _("would be visited whole")


def _print(sight: Sight, command: Callable[[str], str]) -> None:
    screen = console()
    screen.print(Text(_("Workspace"), "bold"))
    if not sight.workspace:
        screen.print(Text("✓ ", "green").append(_("nothing is wrong on this side")))
    for finding in sight.workspace:
        _print_finding(screen, finding, WORKSPACE, MARKS[finding.weight][0])
    screen.print()
    screen.print(Text(_("Assets"), "bold"))
    for report in sight.in_order:
        mark, colour = MARKS[report.weight]
        line = Text(f"{mark} {printable(report.asset_id)}", colour).append(f"  {_state(report)}", "default")
        screen.print(line.append(_last(sight, report.asset_id), "dim"))
        for finding in report.findings:
            _print_finding(screen, finding, report.asset_id, " ")
    screen.print()
    screen.print(_sum(sight))
    for step in _next(sight, command):
        screen.print(Text(f"  → {printable(step)}"), soft_wrap=True)


def _last(sight: Sight, asset_id: str) -> str:
    seconds = sight.last_visits.get(asset_id)
    return _("; its last visit took {seconds:.0f} s").format(seconds=seconds) if seconds is not None else ""


def _print_finding(screen: Console, finding: Finding, asset_id: str, mark: str) -> None:
    colour = "dim" if finding.weight is Weight.NOTE else MARKS[finding.weight][1]
    said = _("{topic}: {problem}").format(
        topic=_topic_words()[finding.topic], problem=printable(finding.problem)
    )
    told = said + _unknown(finding.checks)
    for place, line in enumerate(wrapped(told, max(screen.width - 4, 20))):
        screen.print(Text(f"{'    ' if place else f'{mark}   '}{line}", colour))
    for fix in finding.fixes:
        _print_fix(screen, fix, asset_id)


def _unknown(checks: tuple[str, ...]) -> str:
    if not checks:
        return ""
    shown = ", ".join(checks[:SHOWN_CHECKS])
    left = len(checks) - SHOWN_CHECKS
    told = _(" (up to {count} checks UNKNOWN: {names})")
    return told.format(count=len(checks), names=shown if left <= 0 else f"{shown} …")


def _print_fix(screen: Console, fix: Fix, asset_id: str) -> None:
    """A command stays on one line, so that it can be copied."""
    if fix.where is Where.PERSON:
        for place, line in enumerate(wrapped(printable(fix.text), max(screen.width - 8, 20))):
            screen.print(Text(f"      {' ' if place else '→'} {line}"))
        return
    where = (
        _("on {asset}, as root: ").format(asset=asset_id) if fix.where is Where.ASSET_ROOT else _("here: ")
    )
    screen.print(Text(f"      → {printable(where)}").append(printable(fix.text), "bold"), soft_wrap=True)


def _sum(sight: Sight) -> str:
    counts = Counter(report.weight for report in sight.assets)
    whole = counts[None] + counts[Weight.NOTE]
    left = len(sight.plan.assets) - len(sight.assets)
    told = _(
        "Assets: {all}. Would be visited whole: {whole}, in part: {part}, not: {none}; not looked at: {left}."
    )
    return told.format(
        all=len(sight.plan.assets),
        whole=whole,
        part=counts[Weight.LACKS],
        none=counts[Weight.BLOCKS],
        left=left,
    )


def _next(sight: Sight, command: Callable[[str], str]) -> Iterator[str]:
    if gravest(sight.workspace) is Weight.BLOCKS:
        yield _("mend the workspace, then look again: {command}").format(command=command("preflight"))
        return
    bad = [report.asset_id for report in sight.in_order if report.weight in (Weight.BLOCKS, Weight.LACKS)]
    if bad:
        again = command("preflight " + " ".join(f"--asset {name}" for name in bad))
        yield _("mend these and look again: {command}").format(command=again)
    else:
        yield _("scan them: {command}").format(command=command("scan"))


def _as_data(sight: Sight) -> dict[str, Any]:
    return {
        "workspace": [_finding_data(finding) for finding in sight.workspace],
        "assets": [
            {
                "system": report.system_id,
                "asset": report.asset_id,
                "state": _state_key(report.weight),
                "reached": report.reached,
                "last_visit_s": sight.last_visits.get(report.asset_id),
                "findings": [_finding_data(finding) for finding in report.findings],
            }
            for report in sight.in_order
        ],
    }


def _state_key(weight: Weight | None) -> str:
    return "whole" if weight in (None, Weight.NOTE) else "part" if weight is Weight.LACKS else "not"


def _finding_data(finding: Finding) -> dict[str, Any]:
    return {
        "weight": finding.weight.value,
        "topic": finding.topic.value,
        "problem": finding.problem,
        "fixes": [{"where": fix.where.value, "text": fix.text} for fix in finding.fixes],
        "checks": list(finding.checks),
    }


_COLUMNS: Final = ("system", "asset", "state", "weight", "topic", "problem", "fixes", "checks")


def _rows(sight: Sight) -> Iterator[dict[str, Any]]:
    """A row for each finding, and one for each asset without any."""
    yield from (_row(WORKSPACE, WORKSPACE, "", finding) for finding in sight.workspace)
    for report in sight.in_order:
        state = _state_key(report.weight)
        if not report.findings:
            yield {"system": report.system_id, "asset": report.asset_id, "state": state}
        yield from (_row(report.system_id, report.asset_id, state, finding) for finding in report.findings)


def _row(system: str, asset: str, state: str, finding: Finding) -> dict[str, Any]:
    data = _finding_data(finding)
    fixes = " | ".join(fix.text for fix in finding.fixes)
    return {**data, "system": system, "asset": asset, "state": state, "fixes": fixes}


def _topic_words() -> dict[Topic, str]:
    return {
        Topic.AUTHORISATION: _("authorisation"),
        Topic.CREDENTIAL: _("credential"),
        Topic.DATABASE: _("database"),
        Topic.DISK: _("disk"),
        Topic.FOLDER: _("folder"),
        Topic.NMAP: _("nmap"),
        Topic.OWN_CLOCK: _("own clock"),
        Topic.REACH: _("reach"),
        Topic.HOST_KEY: _("host key"),
        Topic.LOGIN: _("login"),
        Topic.SHELL: _("login shell"),
        Topic.LINK: _("link"),
        Topic.SUDO: _("sudo"),
        Topic.PROGRAMS: _("programs"),
        Topic.FILES: _("files"),
        Topic.CLOCK: _("clock"),
    }
