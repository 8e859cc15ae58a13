"""Runs secaudit and fills the disk of its workspace to the brim just before a step of its code.

``filling.py MODULE:NAME CALL FOLDER ARGUMENT…``: before that call of the function or method of that name.
"""

import os
import sys
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any

BALLAST = "ballast"


def fill(folder: Path) -> None:
    """Leave no byte on the disk of a folder."""
    handle = os.open(folder / BALLAST, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for size_bytes in (65_536, 4_096, 1):
        try:
            while os.write(handle, b"\0" * size_bytes):
                pass
        except OSError:  # there is no room for that many any more
            continue
    os.close(handle)


def fill_before(step: str, call: int, folder: Path) -> None:
    """From here on that call of the function finds a full disk."""
    module, _separator, path = step.partition(":")
    owner: Any = import_module(module)
    *parents, name = path.split(".")
    for parent in parents:
        owner = getattr(owner, parent)
    real, calls = getattr(owner, name), count(1)

    def filled(*arguments: Any, **named: Any) -> Any:
        if next(calls) == call:
            fill(folder)
        return real(*arguments, **named)

    setattr(owner, name, filled)


if __name__ == "__main__":
    from secaudit.cli import main

    fill_before(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
    main(sys.argv[4:])
