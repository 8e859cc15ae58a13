"""Writes a run into a database and is killed in a given place: ``killing.py FOLDER`` tries all places.

A process of its own: it forks for each attempt, which a process with threads must not.
"""

import os
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from secaudit.errors import UsageError
from secaudit.model.run import RunState
from secaudit.store import Store, open_store
from tests.unit.store import samples

HOSTS = ("h1", "h2")


def write(file: Path) -> None:
    """What a scan writes, or what of it is still missing: database, run, visits, end, another judgement."""
    with open_store(f"sqlite:///{file}") as store:
        done = _visited(store)
        if done is None:
            store.create_run(samples.run())
        for name in HOSTS:
            if name not in (done or ()):
                store.save_visit("r1", samples.visit(name), samples.results(name))
        if store.runs()[0].state is not RunState.COMPLETE:
            store.finish_run("r1", RunState.COMPLETE, samples.START)
        if store.latest_judgement("r1").number == 0:
            judged = ((name, samples.results(name)) for name in HOSTS)
            store.save_judgement("r1", judged, samples.VERSIONS, samples.START)


def held(file: Path) -> tuple[Any, ...]:
    """All that can be read from a database that is whole."""
    with open_store(f"sqlite:///{file}") as store:
        evidence = tuple(store.observations("r1", name) for name in HOSTS)
        return store.runs(), store.run("r1"), tuple(store.records("r1")), evidence


def _visited(store: Store) -> tuple[str, ...] | None:
    try:
        store.run("r1")
    except UsageError:
        return None
    return store.visited("r1")


def killed_at(place: int, work: Callable[[], None]) -> bool:
    """Do the work in a child that kills itself at that place; whether it came so far."""
    child = os.fork()
    if child == 0:
        _die_at(place)
        work()
        os._exit(0)
    return os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL


def _die_at(place: int) -> None:
    """Places are the statements that change something, and the ends of transactions."""
    left = iter(range(place))

    def pass_by() -> None:
        if next(left, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)

    def execute(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.lstrip().upper().startswith(("SELECT", "PRAGMA")):
            pass_by()

    event.listen(Engine, "before_cursor_execute", execute)
    event.listen(Engine, "commit", lambda _connection: pass_by())


def main(folder: Path) -> None:
    """Prints in how many places it was killed; AssertionError where the rest did not lead to the same."""
    write(folder / "undisturbed.db")
    expected = held(folder / "undisturbed.db")
    place = 0
    while killed_at(place, partial(write, folder / f"{place}.db")):
        file = folder / f"{place}.db"
        write(file)
        assert held(file) == expected, f"killed at place {place}"
        place += 1
    sys.stdout.write(f"{place}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
