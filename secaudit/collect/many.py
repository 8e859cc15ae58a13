"""Many visits at once: a fixed number of threads, results as they come, nothing piles up."""

import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from math import inf

from secaudit.collect.turns import Turn, Turns
from secaudit.collect.visit import unvisited
from secaudit.model.evidence import Gap, Visit
from secaudit.model.register import Asset
from secaudit.model.run import AssetPlan
from secaudit.transport.protocol import Transport

# how long visits that were broken off may take to end
FAREWELL_S = 5.0

# The plan under the permission of the moment; a gap: this asset is not to be contacted; None: it is left for later.
Allow = Callable[[AssetPlan], AssetPlan | Gap | None]


@dataclass(frozen=True, slots=True)
class Means:
    """How an asset is visited: who keeps others away, who allows it, what opens a way there, what is done on it.

    The last is also told why root is not to be asked for there, if it is not.
    """

    alone: Callable[[Asset], AbstractContextManager[None]]
    allow: Allow
    open_transport: Callable[[Asset], Transport]
    visit: Callable[[AssetPlan, Asset, Transport, Gap | None], Visit]


def visit_all(turns: Turns, means: Means, jobs: int) -> Iterator[Visit]:
    """The visits in the order in which they end; no more than ``2 * jobs`` of them are in memory.

    On KeyboardInterrupt no visit begins, those under way are broken off and dropped, those that had ended are
    still yielded, then KeyboardInterrupt is raised. Leaving the iterator early does the same.
    """
    crew = _Crew(turns, means, max(jobs, 1))
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

    def __init__(self, turns: Turns, means: Means, jobs: int) -> None:
        self._turns = turns
        self._means = means
        self._begun_at = time.monotonic()
        self._changed = threading.Condition()  # guards all that follows, and the turns
        self._closed = False
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
        with self._changed:
            self._closed = self._stopped = True
            under_way = tuple(self._under_way)
            self._changed.notify_all()
        for transport in under_way:
            transport.close()
        until = time.monotonic() + FAREWELL_S
        while any(thread.is_alive() for thread in self._threads) and time.monotonic() < until:
            with suppress(queue.Empty):  # makes room for those that wait to hand over a visit
                self._left.append(self._results.get(timeout=0.05))

    def _work(self) -> None:
        try:
            while (turn := self._next()) is not None:
                self._one(turn)
        except BaseException as error:
            self._results.put(error)  # neither opening nor visiting may raise: it is our bug, and shows
            raise
        self._results.put(None)

    def _next(self) -> Turn | None:
        """Waits until it is somebody's turn; None when there is no more to do."""
        with self._changed:
            while not self._closed:
                drawn = self._turns.draw(time.monotonic() - self._begun_at)
                if not isinstance(drawn, float):
                    return drawn
                self._changed.wait(None if drawn == inf else drawn)
            return None

    def _one(self, turn: Turn) -> None:
        visit = self._visited(turn)
        with self._changed:
            self._turns.free(turn)
            self._changed.notify_all()
            if self._stopped:
                return
        if visit is not None:
            self._results.put(visit)

    def _visited(self, turn: Turn) -> Visit | None:
        """The visit, or why there was none; None when it is left for later, or the crew is to end."""
        if turn.gap is not None:
            return unvisited(turn.plan, turn.gap)
        with self._means.alone(turn.asset):
            return self._allowed(turn)

    def _allowed(self, turn: Turn) -> Visit | None:
        allowed = self._means.allow(turn.plan)
        if isinstance(allowed, Gap):
            return unvisited(turn.plan, allowed)
        return self._stay(turn, allowed) if allowed is not None else None

    def _stay(self, turn: Turn, plan: AssetPlan) -> Visit | None:
        transport = self._means.open_transport(turn.asset)
        with self._changed:
            if self._stopped:
                return None
            self._under_way.add(transport)
        visit = self._means.visit(plan, turn.asset, transport, turn.no_root)
        with self._changed:
            self._under_way.discard(transport)
            self._turns.learn(turn, visit)
        return visit
