"""Takes runs away from a database and is killed there: ``killing_forgetting.py FOLDER`` tries every fifth place."""

import shutil
import sys
from functools import partial
from pathlib import Path

from secaudit.store import open_store
from tests.unit.store import test_forgetting as nights
from tests.unit.store.killing import killed_at

# each place costs a third of a second
STRIDE = 5


def forget(file: Path) -> None:
    """Take two runs away, as a prune does."""
    with open_store(f"sqlite:///{file}") as store:
        store.forget_runs(["r0", "r1"])
        store.sweep()
        store.give_back()


def main(folder: Path) -> None:
    """Prints in how many places it was killed; AssertionError where a run was lost or the rest does not go."""
    with open_store(f"sqlite:///{folder}/full.db") as store:
        nights.fill(store)
    shutil.copy(folder / "full.db", folder / "undisturbed.db")
    forget(folder / "undisturbed.db")
    with open_store(f"sqlite:///{folder}/undisturbed.db") as store:
        expected = nights.contents(store)
    place, tried, killed = 0, 0, True
    while killed:
        file = folder / f"{place}.db"
        shutil.copy(folder / "full.db", file)
        killed = killed_at(place, partial(forget, file))
        with open_store(f"sqlite:///{file}") as store:
            there = {run.id for run in store.runs()}
            assert {"r2", "r3", "r4"} <= there, f"killed at place {place}"
            assert all(nights.is_whole(store, int(name[1:])) for name in there), f"killed at place {place}"
        forget(file)
        with open_store(f"sqlite:///{file}") as store:
            assert nights.contents(store) == expected, f"killed at place {place}"
        place, tried = place + STRIDE, tried + 1
    sys.stdout.write(f"{tried - 1}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
