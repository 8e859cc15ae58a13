"""Many visits at once: a fixed number of threads, results as they come, nothing piles up."""

import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

from secaudit.model.evidence import Visit
from secaudit.model.register import Asset
from secaudit.model.run import AssetPlan
from secaudit.transport.protocol import Transport

# how long visits that were broken off may take to end
FAREWELL_S = 5.0

Owed = tuple[AssetPlan, Asset]
Open = Callable[[Asset], Transport]
VisitOne = Callable[[AssetPlan, Asset, Transport], Visit]


def visit_all(owed: Iterable[Owed], open_transport: Open, visit: VisitOne, jobs: int) -> Iterator[Visit]:
    """The visits in the order in which they end; no more than ``2 * jobs`` of them are in memory.

    On KeyboardInterrupt no visit begins, those under way are broken off and dropped, those that had ended are
    still yielded, then KeyboardInterrupt is raised. Leaving the iterator early does the same.
    """
    crew = _Crew(owed, open_transport, visit, max(jobs, 1))
    crew.start()
    try:
        yield from crew.ended()
    except KeyboardInterrupt:
        crew.stop()
        yield from crew.left_over()
        raise
    finally:
        crew.stop()


class _Crew:
    """The threads of ``visit_all`` and what they share."""

    def __init__(self, owed: Iterable[Owed], open_transport: Open, visit: VisitOne, jobs: int) -> None:
        self._owed = iter(owed)
        self._open = open_transport
        self._visit = visit
        self._lock = threading.Lock()
        self._stopped = False
        self._under_way: set[Transport] = set()
        self._results: queue.Queue[Visit | BaseException | None] = queue.Queue(jobs)
        self._left: list[Visit | BaseException | None] = []
        # Daemons: a connection attempt that nobody can break off must not hold up the end of the program.
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(jobs)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def ended(self) -> Iterator[Visit]:
        """Each visit as it ends, until all have. Raises what a thread raised: that is our bug."""
        working = len(self._threads)
        while working:
            result = self._results.get()
            if result is None:
                working -= 1
            elif isinstance(result, BaseException):
                raise result
            else:
                yield result

    def left_over(self) -> Iterator[Visit]:
        """The visits that had ended before the crew was stopped."""
        with suppress(queue.Empty):
            while True:
                self._left.append(self._results.get_nowait())
        yield from (result for result in self._left if isinstance(result, Visit))

    def stop(self) -> None:
        """Let no visit begin, break off those under way."""
        with self._lock:
            self._stopped = True
            under_way = tuple(self._under_way)
        for transport in under_way:
            transport.close()
        until = time.monotonic() + FAREWELL_S
        while any(thread.is_alive() for thread in self._threads) and time.monotonic() < until:
            with suppress(queue.Empty):  # makes room for those that wait to hand over a visit
                self._left.append(self._results.get(timeout=0.05))

    def _work(self) -> None:
        try:
            while (owed := self._next()) is not None:
                self._one(*owed)
        except BaseException as error:
            self._results.put(error)  # neither opening nor visiting may raise: it is our bug, and shows
            raise
        self._results.put(None)

    def _next(self) -> Owed | None:
        with self._lock:
            return None if self._stopped else next(self._owed, None)

    def _one(self, plan: AssetPlan, asset: Asset) -> None:
        transport = self._open(asset)
        with self._lock:
            if self._stopped:
                return
            self._under_way.add(transport)
        visit = self._visit(plan, asset, transport)
        with self._lock:
            self._under_way.discard(transport)
            if self._stopped:
                return
        self._results.put(visit)
