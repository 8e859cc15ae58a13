"""Which findings a command is about: by their numbers, or by what they have in common."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar

import click

from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.model.content import Severity
from secaudit.model.finding import Finding, Source, Stage
from secaudit.store import Store
from secaudit.store.findings import UNSETTLED, Which

C = TypeVar("C", bound=Callable[..., Any])


def finding_number(text: str) -> int:
    """``F000123`` or ``123`` → 123; raises ValueError."""
    match = re.fullmatch(r"[Ff]?0*([1-9][0-9]{0,8})", text)
    if match is None:
        raise ValueError(_("the number of a finding like F000123 expected"))
    return int(match[1])


def _numbers(_context: click.Context, _parameter: click.Parameter, texts: tuple[str, ...]) -> tuple[int, ...]:
    try:
        return tuple(dict.fromkeys(finding_number(text) for text in texts))
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def numbers_argument(command: C) -> C:
    """NUMBER… as ``numbers``, each once."""
    return click.argument("numbers", nargs=-1, metavar=_("[NUMBER]…"), callback=_numbers)(command)


@dataclass(frozen=True, slots=True)
class Filter:
    """What findings have in common; "" and () mean anything. ``due`` is the last day of a deadline."""

    systems: tuple[str, ...] = ()
    assets: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    stages: tuple[Stage, ...] = UNSETTLED
    sources: tuple[Source, ...] = ()
    severities: tuple[Severity, ...] = ()
    owner: str = ""
    due: date | None = None

    def found(self, store: Store) -> Iterator[Finding]:
        """In the order of their numbers."""
        for finding in store.findings.all(Which(self.systems, self.stages, self.sources)):
            if self._matches(finding):
                yield finding

    def _matches(self, finding: Finding) -> bool:
        return (
            (not self.assets or finding.asset in self.assets)
            and (not self.checks or finding.check in self.checks)
            and (not self.severities or finding.severity in self.severities)
            and self.owner in ("", finding.owner)
            and (self.due is None or (finding.deadline is not None and finding.deadline <= self.due))
        )

    @property
    def is_named(self) -> bool:
        """Whether anything is asked for beyond the stage."""
        return self != Filter(stages=self.stages)


def filter_options(command: C) -> C:
    """The options of a filter, passed on as in ``Asked``."""
    sources = [source.value for source in Source]
    for option in (
        click.option("--overdue", is_flag=True, help=_("Only those whose deadline has passed.")),
        click.option(
            "--within",
            type=click.IntRange(0, 3660),
            metavar=_("DAYS"),
            help=_("Only those that are due within so many days, or overdue."),
        ),
        click.option(
            "--severity",
            "severities",
            multiple=True,
            type=click.Choice([severity.value for severity in Severity]),
            help=_("Only of this severity (repeatable)."),
        ),
        click.option(
            "--source",
            "sources",
            multiple=True,
            type=click.Choice(sources),
            help=_("Only what came from there (repeatable)."),
        ),
        click.option("--check", "checks", multiple=True, help=_("Only of this check or step (repeatable).")),
        click.option("--asset", "assets", multiple=True, help=_("Only of this asset (repeatable).")),
        click.option("--system", "systems", multiple=True, help=_("Only of this system (repeatable).")),
    ):
        command = option(command)
    return command


def filter_of(today: date, stages: Sequence[Stage], options: dict[str, Any]) -> Filter:
    """The filter that was asked for; ``options`` as ``filter_options`` passes them on."""
    due = today - timedelta(days=1) if options["overdue"] else None
    if options["within"] is not None and due is None:
        due = today + timedelta(days=options["within"])
    return Filter(
        systems=options["systems"],
        assets=options["assets"],
        checks=options["checks"],
        stages=tuple(stages),
        sources=tuple(map(Source, options["sources"])),
        severities=tuple(map(Severity, options["severities"])),
        owner=options.get("of_owner", ""),
        due=due,
    )


def chosen(store: Store, numbers: Sequence[int], wanted: Filter) -> list[int]:
    """The numbers that an act is about; raises UsageError where none are named and nothing is asked for, or found."""
    if numbers and wanted.is_named:
        raise UsageError(_("Name findings by their numbers or by options, not by both."))
    if numbers:
        return list(numbers)
    if not wanted.is_named:
        raise UsageError(
            _("Which findings? Name their numbers, or what they have in common (--system, --check …)."),
            hint=_("See them with: secaudit finding list"),
        )
    found = [finding.number for finding in wanted.found(store)]
    if not found:
        raise UsageError(
            _("No finding that this could be done with is like that."),
            hint=_("See them with: secaudit finding list"),
        )
    return found
