"""Many visits at once: none is lost, none comes twice, no limit is passed, Ctrl-C stops all."""

import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from datetime import UTC, datetime

import pytest

from secaudit.collect import Allow, Means, Turns, visit_all
from secaudit.model.evidence import Gap, GapReason, Probe, Visit
from secaudit.model.pace import Pace
from secaudit.model.register import Asset, Reach
from secaudit.model.run import AssetPlan
from secaudit.transport.protocol import Dialogue, Limits, Transport

PROBE = Probe("a", "echo a")


class Door:
    """A transport that nobody uses; it knows whether it was closed."""

    name = "door"
    channel: Mapping[str, str] = {}

    def __init__(self) -> None:
        self.closed = threading.Event()

    def run(self, command: str, dialogue: Dialogue, limits: Limits) -> int | None:
        raise AssertionError("nobody goes through")

    def close(self) -> None:
        self.closed.set()


def assets(number: int, *, zone: str = "", hypervisor: str = "") -> list[tuple[AssetPlan, Asset]]:
    """That many assets."""
    return [
        (
            AssetPlan("s", f"a{index}", (PROBE,), (), "2024-1"),
            Asset(f"a{index}", "linux", "a", zone=zone, hypervisor=hypervisor, reach=Reach("ssh")),
        )
        for index in range(number)
    ]


def ended(plan: AssetPlan, gap: Gap | None = None) -> Visit:
    """A visit without anything."""
    now = datetime.now(UTC)
    return Visit(plan.asset_id, now, now, now, plan.authorisation, (), gap)


def always(plan: AssetPlan) -> AssetPlan:
    """Everything is allowed."""
    return plan


def at_once(plan: AssetPlan, _asset: Asset, _transport: Transport, _no_root: Gap | None) -> Visit:
    """A visit that takes no time."""
    return ended(plan)


def means(
    visit: Callable[[AssetPlan, Asset, Transport, Gap | None], Visit] = at_once,
    allow: Allow = always,
    opened: Callable[[Asset], Transport] = lambda _asset: Door(),
) -> Means:
    """How the assets of a test are visited."""
    return Means(lambda _asset: nullcontext(), allow, opened, visit)


@pytest.mark.parametrize("jobs", [0, 1, 3, 50])
def test_every_asset_is_visited_once(jobs: int) -> None:
    visits = visit_all(Turns(assets(20), Pace()), means(), jobs)
    assert sorted(visit.asset_id for visit in visits) == sorted(f"a{index}" for index in range(20))


def test_no_more_than_the_jobs_at_once_and_nothing_piles_up() -> None:
    begun: list[str] = []

    def visit(plan: AssetPlan, _asset: Asset, _transport: Transport, _no_root: Gap | None) -> Visit:
        begun.append(plan.asset_id)
        return ended(plan)

    visits = visit_all(Turns(assets(1000), Pace()), means(visit), 2)
    next(visits)
    assert len(begun) <= 6
    visits.close()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("owed", "pace"),
    [
        (assets(30, hypervisor="kvm-1"), Pace(per_hypervisor=2)),
        (assets(30, zone="dmz"), Pace(per_segment=2)),
    ],
)
def test_no_more_at_once_than_a_hypervisor_or_a_segment_takes(
    owed: Sequence[tuple[AssetPlan, Asset]], pace: Pace
) -> None:
    """The third visit waits for the end of one of the first two, which end only when both are there."""
    there, most, lock = Counter[str](), [0], threading.Lock()
    both = threading.Barrier(2, timeout=20)

    def visit(plan: AssetPlan, _asset: Asset, _transport: Transport, _no_root: Gap | None) -> Visit:
        with lock:
            there["now"] += 1
            most[0] = max(most[0], there["now"])
        both.wait()
        with lock:
            there["now"] -= 1
        return ended(plan)

    assert len(list(visit_all(Turns(owed, pace), means(visit), 8))) == 30
    assert most == [2]


def test_a_slow_asset_does_not_hold_up_the_others() -> None:
    others_done = threading.Event()

    def visit(plan: AssetPlan, _asset: Asset, _transport: Transport, _no_root: Gap | None) -> Visit:
        if plan.asset_id == "a0":
            assert others_done.wait(10)
        return ended(plan)

    seen = []
    for done in visit_all(Turns(assets(5), Pace()), means(visit), 2):
        seen.append(done.asset_id)
        if len(seen) == 4:
            others_done.set()
    assert seen[-1] == "a0"


def test_who_waits_for_a_turn_is_woken_by_the_first_success_of_a_password() -> None:
    owed = [
        (plan, Asset(asset.id, "linux", "a", reach=Reach("ssh", user="u", password="env:P")))
        for plan, asset in assets(12)
    ]
    visits = visit_all(Turns(owed, Pace(logins=1)), means(), 6)
    assert len(list(visits)) == 12


def test_a_zone_that_was_stopped_is_contacted_no_more_and_stays_in_the_results() -> None:
    contacted: list[str] = []

    def visit(plan: AssetPlan, _asset: Asset, _transport: Transport, _no_root: Gap | None) -> Visit:
        contacted.append(plan.asset_id)
        return ended(plan, Gap(GapReason.CONNECT_TIMEOUT, "no answer"))

    visits = list(visit_all(Turns(assets(9, zone="dmz"), Pace(failures=3)), means(visit), 1))
    assert contacted == ["a0", "a1", "a2"]
    assert [v.gap and v.gap.reason for v in visits[3:]] == [GapReason.ZONE_STOPPED] * 6
    assert {v.authorisation for v in visits[3:]} == {""}
    assert [o.gap for v in visits[3:] for o in v.observations] == [v.gap for v in visits[3:]]


def test_an_asset_that_is_not_allowed_is_not_opened_and_the_others_are() -> None:
    refusal = Gap(GapReason.NOT_COLLECTED, "not this one")

    def allow(plan: AssetPlan) -> AssetPlan | Gap:
        return refusal if plan.asset_id == "a1" else plan

    def opened(asset: Asset) -> Transport:
        assert asset.id != "a1"
        return Door()

    visits = {
        v.asset_id: v for v in visit_all(Turns(assets(4), Pace()), means(allow=allow, opened=opened), 2)
    }
    assert [visits[name].gap for name in ("a0", "a1", "a2", "a3")] == [None, refusal, None, None]


def test_when_permission_ends_what_is_under_way_ends_and_nothing_begins() -> None:
    asked = iter([True, True])

    def allow(plan: AssetPlan) -> AssetPlan | None:
        return plan if next(asked, False) else None

    assert len(list(visit_all(Turns(assets(9), Pace()), means(allow=allow), 1))) == 2


def test_what_is_left_for_later_holds_up_nobody() -> None:
    def allow(plan: AssetPlan) -> AssetPlan | None:
        return None if plan.asset_id == "a1" else plan

    begun = {v.asset_id for v in visit_all(Turns(assets(4), Pace()), means(allow=allow), 2)}
    assert begun == {"a0", "a2", "a3"}


def test_ctrl_c_breaks_off_what_runs_and_begins_nothing() -> None:
    opened: list[Door] = []

    def open_transport(_asset: Asset) -> Transport:
        opened.append(Door())
        return opened[-1]

    def visit(plan: AssetPlan, _asset: Asset, transport: Transport, _no_root: Gap | None) -> Visit:
        if plan.asset_id != "a0":
            assert isinstance(transport, Door)
            assert transport.closed.wait(10)
        return ended(plan)

    visits = visit_all(Turns(assets(100), Pace()), means(visit, opened=open_transport), 2)
    assert next(visits).asset_id == "a0"
    with pytest.raises(KeyboardInterrupt):
        visits.throw(KeyboardInterrupt)  # type: ignore[attr-defined]
    assert len(opened) <= 4
    assert all(transport.closed.is_set() for transport in opened[1:])


def test_ctrl_c_wakes_those_that_wait_for_their_turn() -> None:
    before = threading.active_count()

    def visit(plan: AssetPlan, _asset: Asset, transport: Transport, _no_root: Gap | None) -> Visit:
        if plan.asset_id != "a0":
            assert isinstance(transport, Door)
            assert transport.closed.wait(10)
        return ended(plan)

    visits = visit_all(Turns(assets(8, zone="dmz"), Pace(per_segment=1)), means(visit), 4)
    next(visits)
    with pytest.raises(KeyboardInterrupt):
        visits.throw(KeyboardInterrupt)  # type: ignore[attr-defined]
    assert threading.active_count() == before


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_bug_in_a_thread_shows() -> None:
    def visit(_plan: AssetPlan, _asset: Asset, _transport: Transport, _no_root: Gap | None) -> Visit:
        raise RuntimeError("ours")

    with pytest.raises(RuntimeError, match="ours"):
        list(visit_all(Turns(assets(3), Pace()), means(visit), 1))
