"""Findings brought up to date, for every command that stores results or answers."""

from collections import Counter
from pathlib import Path

import click

from secaudit import clock
from secaudit.assess import catalogue_for
from secaudit.assess.finding_answers import failed_answers, proving
from secaudit.assess.findings import FailedAnswer, Rulebook
from secaudit.audit.follow import Ground, Happened, follow
from secaudit.cli.attest_system import owed_by
from secaudit.cli.escaping import printable
from secaudit.cli.typed import typed_for
from secaudit.cli.wiring import OnRecord, Workspace, on_record, open_workspace
from secaudit.content import Content
from secaudit.errors import SecauditError
from secaudit.language import _
from secaudit.model.finding import CloseReason, EventKind
from secaudit.model.register import System
from secaudit.register.times import beginning
from secaudit.store import Store, file_of, is_absent


def tell_answered(workspace: Path, content: Content) -> None:
    """Findings hear of answers that were put on record, where there is a database; else the first scan tells them."""
    opened = open_workspace(workspace)
    if not is_absent(opened.settings.database):
        with opened.open_store() as store:
            tell_followed(opened, store, content)


def follow_all(opened: Workspace, store: Store, content: Content) -> Counter[Happened]:
    """Findings hear of every run that they have not heard of yet; returns how many of what happened."""
    recorded = on_record(opened)
    ground = Ground(
        registered={system.id: {asset.id for asset in system.assets} for system in opened.register.systems},
        rules=Rulebook(content.checks, proving(content.catalogues.values(), content.checks.values())),
        answers=[one for system in opened.register.systems for one in _failed(system, recorded, content)],
        now=clock.now(),
        formerly={
            former: asset.id
            for system in opened.register.systems
            for asset in system.assets
            for former in asset.formerly
        },
        whole=file_of(opened.settings.database) is not None,
    )
    return follow(store, ground)


def _failed(system: System, recorded: OnRecord, content: Content) -> list[FailedAnswer]:
    """Not those to steps that the register decides, or about objects that are gone: no assessment counts them."""
    owed = owed_by(content, system)
    catalogue = catalogue_for(content.catalogues, system.grade, system.extensions)
    answers = recorded.answers(system, catalogue)
    conditions = content.high_risks.values()
    found = failed_answers(system, catalogue, answers, conditions, lambda day: beginning(day.isoformat()))
    return [one for one in found if not owed.by_register(one.step, one.object_id or one.asset, recorded.day)]


def tell_followed(opened: Workspace, store: Store, content: Content) -> None:
    """Bring findings up to date, and say on standard error what changed.

    What was stored stands even if findings cannot hear of it now: the next command tells them.
    """
    try:
        if line := followed_line(follow_all(opened, store, content)):
            click.echo(line, err=True)
    except SecauditError as error:
        click.echo(f"secaudit: {printable(str(error))}", err=True)
        if error.hint:
            click.echo(f"  → {printable(typed_for(opened.folder, error.hint))}", err=True)


def followed_line(happened: Counter[Happened]) -> str:
    """``findings: 12 new, 3 closed, 1 again``; "" where nothing changed."""
    words: dict[Happened, str] = {
        EventKind.OPENED: _("{count} new"),
        EventKind.REOPENED: _("{count} open again"),
        EventKind.REFUTED: _("{count} claimed and not fixed"),
        EventKind.CLOSED: _("{count} closed"),
        EventKind.MOVED: _("{count} moved with their assets"),
        CloseReason.ASSET_REMOVED: _("{count} of the closed are no longer registered"),
    }
    parts = [word.format(count=happened[kind]) for kind, word in words.items() if happened[kind]]
    return _("findings: {parts}").format(parts=_("; ").join(parts)) if parts else ""
