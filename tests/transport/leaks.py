"""Whether a visit leaves anything behind on our side."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PATIENCE_S = 30


def _sockets() -> set[str]:
    found = set()
    for name in Path("/proc/self/fd").iterdir():
        try:
            found.add(str(name.readlink()))
        except FileNotFoundError:  # the one by which the folder is read
            continue
    return {target for target in found if target.startswith(("socket:", "pipe:"))}


@contextmanager
def nothing_left() -> Iterator[None]:
    """No thread and no socket more afterwards than before."""
    threads, sockets = set(threading.enumerate()), _sockets()
    yield
    for thread in set(threading.enumerate()) - threads:
        thread.join(PATIENCE_S)
        assert not thread.is_alive(), f"{thread} is left"
    assert _sockets() - sockets == set()
