"""What is accepted today, for commands that show failures or count them."""

from collections.abc import Callable, Iterable

from secaudit.assess import catalogue_for
from secaudit.assess.acceptances import Acceptances, Cover, Ground, weigh
from secaudit.assess.selection import levels_of_steps
from secaudit.cli.wiring import Workspace
from secaudit.content import Content
from secaudit.language import _
from secaudit.model.acceptance import AcceptanceKind
from secaudit.model.register import System
from secaudit.model.result import Result
from secaudit.register.acceptances import load_acceptances
from secaudit.register.times import office_day

# result → what covers it wholly, if anything does
Covers = Callable[[Result], Cover | None]


def accepted_on_record(opened: Workspace, content: Content) -> Acceptances:
    """What the acceptances of a workspace are worth today; raises ContentError with every mistake of their files."""
    ground = Ground(
        day=office_day(),
        systems=opened.register.systems,
        checks=content.checks,
        steps=lambda system: levels_of_steps(
            catalogue_for(content.catalogues, system.grade, system.extensions)
        ).keys(),
        longest_days=opened.settings.acceptance_days,
    )
    return weigh(load_acceptances(opened.folder), ground)


def covers_in(accepted: Acceptances, systems: Iterable[System]) -> Covers:
    """What covers the results of a run of these systems."""
    owners = {asset.id: system.id for system in systems for asset in system.assets}
    return lambda result: accepted.cover(owners.get(result.asset_id, ""), result)


def nothing_covers(_result: Result) -> Cover | None:
    """Where nothing is accepted."""
    return None


def accepted_text(cover: Cover) -> str:
    """``accepted until 2027-03-01``."""
    deferred = cover.kind is AcceptanceKind.DEFERRAL
    told = _("deferred until {day}") if deferred else _("accepted until {day}")
    return told.format(day=cover.until)
