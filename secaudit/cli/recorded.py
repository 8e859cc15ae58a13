"""Commands that change what a workspace holds bring its ledger up to date when they are done."""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

import click

from secaudit import clock
from secaudit.cli.escaping import printable
from secaudit.cli.typed import typed_for
from secaudit.errors import SecauditError
from secaudit.handover.ledger import FILE, Ledger, Subject
from secaudit.handover.subjects import subjects_of
from secaudit.register import load_settings
from secaudit.store import is_absent, open_store

P = ParamSpec("P")
R = TypeVar("R")


def recorded(act: Callable[Concatenate[Path, P], R]) -> Callable[Concatenate[Path, P], R]:
    """Decorates a command whose first argument is the workspace; what it did stands even if its ledger does not."""

    @functools.wraps(act)
    def act_and_enter(workspace: Path, /, *args: P.args, **kwargs: P.kwargs) -> R:
        done = act(workspace, *args, **kwargs)
        try:
            bring_up_to_date(workspace, clock.now())
        except SecauditError as error:
            click.echo(f"secaudit: {printable(str(error))}", err=True)
            if error.hint:
                click.echo(f"  → {printable(typed_for(workspace, error.hint))}", err=True)
        return done

    return act_and_enter


def ledger_of(workspace: Path) -> Ledger:
    """The ledger of a workspace."""
    return Ledger(workspace / FILE)


def bring_up_to_date(workspace: Path, now: datetime) -> int:
    """Enter what the workspace holds by now; how many entries that took. Raises UsageError or StoreError."""
    with subjects_in(workspace) as subjects:
        return len(ledger_of(workspace).enter(subjects, now))


@contextmanager
def subjects_in(workspace: Path) -> Iterator[Iterator[Subject]]:
    """What the workspace holds; its database is open meanwhile, where it has one. Raises UsageError or StoreError."""
    database = load_settings(workspace).database
    if is_absent(database):
        yield subjects_of(workspace, None)
        return
    with open_store(database) as store:
        yield subjects_of(workspace, store)
