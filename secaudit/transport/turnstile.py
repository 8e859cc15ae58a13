"""Lets few at a time log in to a jump host that serves many assets."""

import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

# sshd drops connections at random when ten have not logged in yet (MaxStartups 10:30:100).
AT_ONCE = 4


class Turnstile:
    """One for all visits of a run."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._doors: defaultdict[str, threading.Semaphore] = defaultdict(lambda: threading.Semaphore(AT_ONCE))

    @contextmanager
    def passing(self, jump_host: str) -> Iterator[float]:
        """Held while one logs in; gives how many seconds it waited."""
        with self._lock:
            door = self._doors[jump_host]
        began = time.monotonic()
        with door:
            yield time.monotonic() - began
