"""Whose turn it is: assets in an order that spreads them, none where there is no room, the rest told why not."""

import random
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import inf

from secaudit.collect.sharing import Shared, Sharing
from secaudit.language import _
from secaudit.model.evidence import Gap, GapReason, Visit
from secaudit.model.pace import Pace
from secaudit.model.register import Asset
from secaudit.model.run import AssetPlan

Owed = tuple[AssetPlan, Asset]


@dataclass(frozen=True, slots=True)
class Turn:
    """An asset whose turn it is; ``gap`` says why it is not contacted at all, ``no_root`` why not asked as root."""

    plan: AssetPlan
    asset: Asset
    gap: Gap | None
    shared: tuple[Shared, ...]
    no_root: Gap | None = None


@dataclass(frozen=True, slots=True)
class _Waiting:
    """``place`` in the order of the run, ``due_s`` after its beginning."""

    place: int
    due_s: float
    plan: AssetPlan
    asset: Asset


@dataclass(slots=True, eq=False)
class _Lane:
    """Assets that share the same things, the next one first."""

    shared: tuple[Shared, ...]
    waiting: deque[_Waiting] = field(default_factory=deque)

    @property
    def stopped(self) -> Gap | None:
        return next((one.stopped for one in self.shared if one.stopped and not one.of_sudo), None)

    @property
    def no_root(self) -> Gap | None:
        return next((one.stopped for one in self.shared if one.stopped and one.of_sudo), None)

    @property
    def is_open(self) -> bool:
        return self.stopped is not None or all(one.has_room for one in self.shared if not one.stopped)


class Turns:
    """Every asset once. Not thread-safe; times are seconds since the run began.

    A draw looks at each lane once: there are as many as there are combinations of segment, hypervisor and
    password, however many assets.
    """

    def __init__(self, owed: Sequence[Owed], pace: Pace, chance: random.Random | None = None) -> None:
        self._run_s = pace.run_s or inf
        self._lanes = _spread(owed, pace, chance or random.SystemRandom())

    def draw(self, now_s: float) -> Turn | float | None:
        """The next asset; or in how many seconds to ask again, infinity: when one has ended; None: all had theirs."""
        if not self._lanes:
            return None
        late = now_s >= self._run_s
        ready = [lane for lane in self._lanes if late or lane.is_open]
        due = [lane for lane in ready if late or lane.stopped or lane.waiting[0].due_s <= now_s]
        if due:
            return self._take(min(due, key=lambda lane: lane.waiting[0].place), late)
        return min([lane.waiting[0].due_s for lane in ready] + [self._run_s]) - now_s

    def free(self, turn: Turn) -> None:
        """What was drawn is under way no longer."""
        if turn.gap is None:
            for one in turn.shared:
                one.under_way -= 1

    def learn(self, turn: Turn, visit: Visit) -> None:
        """How a visit ended."""
        for one in turn.shared:
            one.learn(visit)

    def _take(self, lane: _Lane, late: bool) -> Turn:
        waiting = lane.waiting.popleft()
        if not lane.waiting:
            self._lanes.remove(lane)
        gap = Gap(GapReason.RUN_TIMEOUT, _too_late(self._run_s)) if late else lane.stopped
        if gap is None:
            for one in lane.shared:
                one.under_way += 1
        return Turn(waiting.plan, waiting.asset, gap, lane.shared, lane.no_root)


def _too_late(run_s: float) -> str:
    return _("the run had ended after {minutes} min before its turn came").format(minutes=round(run_s / 60))


def _spread(owed: Sequence[Owed], pace: Pace, chance: random.Random) -> list[_Lane]:
    """The lanes, filled in the order of the run; delays grow with the order, so that its next is also due first."""
    lanes = _lanes(owed, pace)
    delays = sorted(chance.uniform(0, pace.jitter_s) if pace.jitter_s else 0.0 for _one in owed)
    for place, (lane, (plan, asset)) in enumerate(_interleaved(lanes)):
        lane.waiting.append(_Waiting(place, delays[place], plan, asset))
    return [lane for lane, _assets in lanes]


def _lanes(owed: Sequence[Owed], pace: Pace) -> list[tuple[_Lane, list[Owed]]]:
    sharing = Sharing(pace)
    lanes: dict[tuple[Shared, ...], tuple[_Lane, list[Owed]]] = {}
    for plan, asset in owed:
        shared = sharing.of(asset)
        lanes.setdefault(shared, (_Lane(shared), []))[1].append((plan, asset))
    return list(lanes.values())


def _interleaved(lanes: Sequence[tuple[_Lane, list[Owed]]]) -> Iterator[tuple[_Lane, Owed]]:
    """Each lane spread evenly over the whole: what is large begins early and goes on to the end."""
    places = [
        ((index + 0.5) / len(assets), number, lane, owed)
        for number, (lane, assets) in enumerate(lanes)
        for index, owed in enumerate(assets)
    ]
    for _share, _number, lane, owed in sorted(places, key=lambda place: place[:2]):
        yield lane, owed
