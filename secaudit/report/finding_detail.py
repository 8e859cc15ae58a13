"""What there is to say of a finding beside its state: what was seen and expected, how to mend it, of which item."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from secaudit.errors import UsageError
from secaudit.model.content import Catalogue, Check, Requirement
from secaudit.model.finding import OURS, Finding, Source
from secaudit.model.register import System
from secaudit.model.reported import Report, Reported
from secaudit.model.result import Offender, Result
from secaudit.model.text import Text
from secaudit.report.safe import shown
from secaudit.report.texts import Words
from secaudit.store import Store, UnreadableRun

NOTHING: Final = Text("", "")
OFFENDERS_SHOWN: Final = 5
SEEN_CAP: Final = 300


@dataclass(frozen=True, slots=True)
class Detail:
    """``seen`` and ``expected`` are of the newest failure on record, empty where its evidence is no more.

    ``item`` is the unit and clause that it is about, "" where none is known. ``probes`` are those that it rests on.
    """

    system: str
    asset: str
    seen: Text = NOTHING
    expected: Text = NOTHING
    description: str = ""
    remedy: Text = NOTHING
    item: str = ""
    probes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """What details are drawn from. ``catalogue_of``: what a system owes."""

    systems: Mapping[str, System]
    checks: Mapping[str, Check]
    catalogue_of: Callable[[System], Catalogue]
    reports: Sequence[Report]


class Details:
    """The details of findings; each asset of a run is read once."""

    def __init__(self, store: Store, known: Known) -> None:
        self._known = known
        self._reported = {(r.source, *one.identity): one for r in known.reports for one in r.problems}
        self._results = lru_cache(maxsize=64)(lambda run, asset: results_in(store, run, asset))
        self._items = lru_cache(maxsize=64)(self._items_of)

    def of(self, finding: Finding) -> Detail:
        """The detail of a finding."""
        if finding.source in OURS:
            return self._ours(finding)
        first = next(iter(finding.moves), None)
        place = (first.from_system, first.from_asset) if first else (finding.system, finding.asset)
        return self._outside(
            finding, self._reported.get((finding.source, finding.document, *place, finding.reference))
        )

    def _ours(self, finding: Finding) -> Detail:
        check = self._known.checks.get(finding.check)
        step = (finding.check,) if finding.source is Source.ANSWER else ()
        detail = Detail(
            *self._place(finding),
            remedy=check.remedy if check else NOTHING,
            item=self._item(finding.system, check.proves if check else step),
        )
        result = self._failed(finding)
        return with_result(detail, finding, result) if result else detail

    def _outside(self, finding: Finding, reported: Reported | None) -> Detail:
        if reported is None:
            return Detail(*self._place(finding))
        item = self._item(finding.system, (reported.item,)) if reported.item else ""
        description = "" if reported.description == finding.title.zh else reported.description
        remedy = Text(reported.remedy, reported.remedy)
        return Detail(*self._place(finding), description=description, remedy=remedy, item=item)

    def _place(self, finding: Finding) -> tuple[str, str]:
        """The names of system and asset, their ids where they are registered no more."""
        system = self._known.systems.get(finding.system)
        if system is None:
            return finding.system, finding.asset
        asset = next((one.name for one in system.assets if one.id == finding.asset), finding.asset)
        return system.name, asset

    def _failed(self, finding: Finding) -> Result | None:
        if finding.source is not Source.SCAN:
            return None
        for asset in finding.asset_ids:
            if results := self._results(finding.failed_in, asset):
                where = finding.check, finding.object_id or asset
                return next((r for r in results if (r.check_id, r.object_id) == where), None)
        return None

    def _item(self, system: str, steps: Sequence[str]) -> str:
        """``L3-CES1-01 8.1.4.1 a)`` of the first step or requirement that the system owes."""
        items = self._items(system)
        found = (items.get(step.partition("#")[0]) for step in steps)
        return next((_named(one) for one in found if one), "")

    def _items_of(self, system: str) -> Mapping[str, Requirement]:
        registered = self._known.systems.get(system)
        owed = self._known.catalogue_of(registered).requirements if registered else ()
        return {one.key: one for one in owed}


def problem_title(finding: Finding, words: Words) -> str:
    """What is wrong: the titles of checks and steps say what is required."""
    title = finding.title.of(words.language)
    return words("unmet", title=title) if finding.source in OURS else title


def results_in(store: Store, run_id: str, asset_id: str) -> Sequence[Result]:
    """What a run found on an asset; nothing where the run is kept no more or cannot be read."""
    try:
        return store.results_of(run_id, asset_id)
    except (UsageError, UnreadableRun):
        return ()


def _named(requirement: Requirement) -> str:
    return f"{requirement.unit} {requirement.clause} {requirement.item}".strip()


def with_result(detail: Detail, finding: Finding, result: Result) -> Detail:
    """With what a run saw of the finding."""
    named = [one for one in result.offenders if finding.offender in ("", one.id)]
    return Detail(
        detail.system,
        detail.asset,
        _joined(named, lambda one: one.seen, by_id=not finding.offender),
        _joined(named, lambda one: one.expected, by_id=False),
        detail.description,
        detail.remedy,
        detail.item,
        result.probes,
    )


def _joined(named: Sequence[Offender], told: Callable[[Offender], Text], *, by_id: bool) -> Text:
    """A line for each of the first; the same text once."""

    def lines(language: str) -> str:
        texts = (
            f"{shown(one.id, SEEN_CAP)}: {shown(getattr(told(one), language), SEEN_CAP)}"
            if by_id
            else shown(getattr(told(one), language), SEEN_CAP)
            for one in named
        )
        unique = list(dict.fromkeys(texts))
        return "\n".join((*unique[:OFFENDERS_SHOWN], *(["…"] if len(unique) > OFFENDERS_SHOWN else [])))

    return Text(lines("zh"), lines("en"))
