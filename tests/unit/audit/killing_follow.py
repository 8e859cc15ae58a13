"""Follows runs and is killed in a given place: ``killing_follow.py FOLDER`` tries all places.

A process of its own: it forks for each attempt, which a process with threads must not.
"""

import shutil
import sys
from functools import partial
from pathlib import Path
from typing import Any

from secaudit.assess.finding_state import is_as_told
from secaudit.audit.follow import follow
from secaudit.store import open_store
from tests.unit.audit.following import audit, fail, ground, night
from tests.unit.store.killing import killed_at

NIGHTS = (fail("root", "db"), fail("db"), fail("root"))


def prepare(file: Path) -> None:
    """Nights of which the first alone was followed."""
    with open_store(f"sqlite:///{file}") as store:
        for number, shown in enumerate(NIGHTS):
            audit(store, number, {"h1": shown, "h2": shown})
            if number == 0:
                follow(store, ground())


def work(file: Path) -> None:
    """Follow the others, after a host was removed."""
    with open_store(f"sqlite:///{file}") as store:
        follow(store, ground(night(9), hosts=["h1"]))


def held(file: Path) -> tuple[Any, ...]:
    """All that findings say."""
    with open_store(f"sqlite:///{file}") as store:
        found = list(store.findings.all_with_history())
        assert all(map(is_as_told, found))
        digests = [store.findings.digest_of(number) for number, _act in store.findings.changes()]
        return found, digests, store.findings.owed()


def main(folder: Path) -> None:
    """Prints in how many places it was killed; AssertionError where the rest did not lead to the same."""
    fresh = folder / "fresh.db"
    prepare(fresh)
    shutil.copy(fresh, folder / "undisturbed.db")
    work(folder / "undisturbed.db")
    expected = held(folder / "undisturbed.db")
    place = 0
    while True:
        file = folder / f"{place}.db"
        shutil.copy(fresh, file)
        if not killed_at(place, partial(work, file)):
            break
        work(file)
        assert held(file) == expected, f"killed at place {place}"
        place += 1
    sys.stdout.write(f"{place}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
