"""What a brief on a quarter is made from, out of a workspace: trends, nights, findings."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from secaudit import __version__, clock
from secaudit.assess.trends import periods
from secaudit.audit.trending import Wanted, trends
from secaudit.cli.mistyped import refuse_unknown
from secaudit.cli.wiring import Workspace
from secaudit.content import Content
from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.model.register import System
from secaudit.model.text import Language
from secaudit.model.trend import By, Per, Period, Trend
from secaudit.register.organisations import below
from secaudit.register.times import in_zone
from secaudit.report.brief_view import Brief, BriefSystem
from secaudit.report.trend_view import label
from secaudit.schedule.journal import nights_on_record
from secaudit.schedule.nights import missed_nights
from secaudit.store import Store
from secaudit.store.findings import Which

_QUARTER = re.compile(r"([0-9]{4})-?[Qq]([1-4])")


def quarter_of(text: str) -> date:
    """``2026-Q3`` → its first day; raises ValueError."""
    match = _QUARTER.fullmatch(text)
    if match is None or not int(match[1]):
        raise ValueError(_("a quarter like 2026-Q3 expected"))
    return date(int(match[1]), int(match[2]) * 3 - 2, 1)


def brief_of(
    opened: Workspace,
    store: Store,
    content: Content,
    organisation: str | None,
    begin: date,
    number: str,
    language: Language,
) -> Brief:
    """The brief on the quarter that begins that day, as far as it has gone. Raises UsageError."""
    name, systems = _of_organisation(opened, organisation)
    now = clock.now()
    before, quarter = periods(Per.QUARTER, begin, 2)
    day = min(quarter.end - timedelta(days=1), in_zone(now).date())
    weeks = _weeks(quarter, day)
    ids = [system.id for system in systems]
    whole = {"": ids}

    def followed(by: By, spans: Sequence[Period], groups: dict[str, list[str]]) -> list[Trend]:
        wanted = Wanted(by, tuple(spans), groups, set(ids), lambda moment: in_zone(moment).date())
        return trends(store, content.checks, wanted)

    both = (before, quarter)
    of_systems = {one.id: one for one in followed(By.SYSTEM, both, {one: [one] for one in ids})}
    audits = _audits(store, quarter)
    owed = (one for catalogue in content.catalogues.values() for one in catalogue.requirements)
    return Brief(
        number=number or f"{label(quarter)}-{organisation or 'all'}",
        office=opened.settings.office,
        organisation=name,
        quarter=quarter,
        day=day,
        systems=[BriefSystem(one.id, one.name, str(one.grade), audits[one.id]) for one in systems],
        weeks=weeks,
        by_week=next(iter(followed(By.ORGANISATION, weeks, whole)), None),
        by_quarter=next(iter(followed(By.ORGANISATION, both, whole)), None),
        of_systems=of_systems,
        of_items=followed(By.ITEM, both, whole),
        item_names={one.key: one.summary.of(language) for one in owed},
        findings=[one for one in store.findings.all(Which(systems=tuple(ids))) if not one.advisory],
        nights=_nights(opened, quarter, day),
        runs=sorted({point.runs[0] for one in of_systems.values() if (point := one.points[-1])}),
        tool=__version__,
        content_hash=content.content_hash,
        generated_at=now,
    )


def _of_organisation(opened: Workspace, organisation: str | None) -> tuple[str, list[System]]:
    """Its name and its systems, those of organisations below it included; without one the whole office."""
    register = opened.register
    if organisation is None:
        return opened.settings.office, list(register.systems)
    names = {one.id: one.name for one in register.organisations}
    refuse_unknown([organisation], names, _("There is no organisation {name}."))
    own = below(register.organisations, organisation)
    systems = [system for system in register.systems if system.organisation in own]
    if not systems:
        raise UsageError(
            _("Organisation {id} has no system.").format(id=organisation),
            hint=_("See what is registered with: secaudit system list"),
        )
    return names[organisation], systems


def _weeks(quarter: Period, day: date) -> list[Period]:
    """The weeks of a quarter as far as it has gone, from its first day on."""
    count = (day - quarter.begin).days // 7 + 1
    begins = [quarter.begin + timedelta(days=7 * number) for number in range(count)]
    return [Period(Per.WEEK, begin, min(begin + timedelta(days=7), quarter.end)) for begin in begins]


def _audits(store: Store, quarter: Period) -> Counter[str]:
    """System → how often it was audited whole in the quarter."""
    counts: Counter[str] = Counter()
    for outline in store.result_sets().outlines():
        began = in_zone(outline.started_at).date()
        if began < quarter.begin:
            break
        if began < quarter.end:
            counts.update(system.id for system in outline.systems)
    return counts


def _nights(opened: Workspace, quarter: Period, day: date) -> tuple[int, int] | None:
    """How many nights of the quarter were held and how many not, from the first on record until yesterday."""
    held = sorted(nights_on_record(opened.folder))
    if not held:
        return None
    first = max(held[0], quarter.begin) - timedelta(days=1)
    expected = set(missed_nights(opened.settings.nightly, first, day))
    return sum(quarter.begin <= night <= day for night in held), len(expected - set(held))
