"""Whose turn it is: everyone once, in an order that spreads; never more at once than there is room for."""

import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.collect.sharing import Sharing, entered, logged_in, segment_of
from secaudit.collect.turns import Owed, Turn, Turns
from secaudit.model.evidence import Gap, GapReason, Observation, Visit
from secaudit.model.pace import Pace, ZonePace
from secaudit.model.register import Asset, Hop, Reach, Sudo
from secaudit.model.run import AssetPlan

NOW = datetime(2026, 11, 28, tzinfo=UTC)
REFUSED = Gap(GapReason.REFUSED, "web (port 22): connection refused.")
NO_LOGIN = Gap(GapReason.AUTH_FAILED, "login refused")


def owed(name: str, *, zone: str = "", host: str = "", password: str = "", address: str = "") -> Owed:
    """An asset and its plan."""
    reach = Reach("ssh", user="audit", password=password)
    asset = Asset(name, "linux", name, address, zone, reach=reach, hypervisor=host)
    return AssetPlan("s", name, (), (), "2024-1"), asset


def many(count: int, prefix: str, **more: str) -> list[Owed]:
    """That many alike."""
    return [owed(f"{prefix}{number}", **more) for number in range(count)]


def turn(turns: Turns, now_s: float = 0) -> Turn:
    """The next turn, which there must be."""
    drawn = turns.draw(now_s)
    assert isinstance(drawn, Turn), drawn
    return drawn


def end(turns: Turns, drawn: Turn, gap: Gap | None = None) -> None:
    """A visit ends so."""
    turns.learn(drawn, ended(drawn.asset.id, gap))
    turns.free(drawn)


def ended(asset: str, gap: Gap | None, sudo_password: str = "") -> Visit:
    """A visit that ended so."""
    seen = (Observation("a", "", "", Gap(GapReason.SUDO_REFUSED, "Sorry, try again.")),)
    channel = {"sudo_password": sudo_password} if sudo_password else {}
    return Visit(asset, NOW, NOW, None, "", seen if sudo_password == "refused" else (), gap, channel)


def order(assets: list[Owed], pace: Pace) -> list[str]:
    """The order in which one visitor goes."""
    turns, names = Turns(assets, pace), []
    while isinstance(drawn := turns.draw(0), Turn):
        names.append(drawn.asset.id)
        end(turns, drawn)
    return names


@pytest.mark.parametrize(
    ("zone", "address", "segment"),
    [
        ("dmz", "10.0.3.7", "dmz"),
        ("", "10.0.3.7", "10.0.3.0/24"),
        ("", "2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("", "web.example", ""),
        ("", "", ""),
    ],
)
def test_the_segment_of_an_asset(zone: str, address: str, segment: str) -> None:
    assert segment_of(Asset("a", "linux", "a", address, zone)) == segment


def test_hosts_of_one_hypervisor_or_segment_do_not_follow_each_other() -> None:
    assets = [*many(4, "x", zone="office", host="k1"), *many(4, "y", host="k2"), *many(2, "z", zone="dmz")]
    assert order(assets, Pace()) == ["x0", "y0", "z0", "x1", "y1", "x2", "y2", "z1", "x3", "y3"]


def test_the_same_plan_has_the_same_order() -> None:
    assets = [*many(30, "x", zone="office"), *many(7, "y", zone="dmz", host="k1")]
    assert order(assets, Pace()) == order(assets, Pace())


def test_a_full_segment_lets_others_go_first() -> None:
    turns = Turns([*many(3, "x", zone="dmz"), *many(1, "y", zone="office")], Pace(per_segment=1))
    first = turn(turns)
    assert (first.asset.id, turn(turns).asset.id) == ("x0", "y0")
    assert turns.draw(0) == inf
    end(turns, first)
    assert turn(turns).asset.id == "x1"


def test_a_zone_has_limits_of_its_own() -> None:
    pace = Pace(per_segment=1, failures=9, zones={"dmz": ZonePace(jobs=2), "office": ZonePace(failures=1)})
    assert (pace.jobs_in("dmz"), pace.failures_in("dmz")) == (2, 9)
    assert (pace.jobs_in("office"), pace.failures_in("office")) == (1, 1)
    assert (pace.jobs_in("10.0.3.0/24"), pace.failures_in("10.0.3.0/24")) == (1, 9)


def test_nothing_shared_is_no_limit() -> None:
    turns = Turns(many(40, "x", address="web.example"), Pace(per_segment=1, per_hypervisor=1))
    assert len([turn(turns) for _one in range(40)]) == 40
    assert turns.draw(0) is None


def test_delays_are_spread_over_the_jitter_and_keep_the_order() -> None:
    turns = Turns(many(100, "x"), Pace(jitter_s=600), random.Random(7))
    begun, now_s = [], 0.0
    while (drawn := turns.draw(now_s)) is not None:
        if isinstance(drawn, float):
            assert drawn > 0
            now_s += drawn
        else:
            begun.append((drawn.asset.id, now_s))
    assert [name for name, _at in begun] == [f"x{number}" for number in range(100)]
    halves = Counter(at < 300 for _name, at in begun)
    assert min(halves.values()) > 30
    assert 300 < now_s <= 600


def test_a_delay_is_the_same_with_the_same_chance() -> None:
    drawn = [Turns(many(5, "x"), Pace(jitter_s=600), random.Random(3)).draw(0) for _twice in range(2)]
    assert drawn[0] == drawn[1]
    assert isinstance(drawn[0], float)


def test_after_the_end_of_the_run_everything_left_is_told_at_once() -> None:
    turns = Turns(many(4, "x", zone="dmz"), Pace(run_s=3600, per_segment=1))
    first = turn(turns, 3599)
    assert turns.draw(3599) == 1
    late = [turn(turns, 3600) for _one in range(3)]
    assert {t.gap.reason for t in late if t.gap} == {GapReason.RUN_TIMEOUT}
    assert [t.asset.id for t in late] == ["x1", "x2", "x3"]
    assert "60 min" in late[0].gap.detail if late[0].gap else False
    end(turns, first)
    for one in late:
        turns.free(one)
    assert turns.draw(3601) is None


def test_failures_in_a_row_end_the_visits_of_a_zone_and_of_no_other() -> None:
    turns = Turns([*many(5, "x", zone="dmz"), *many(2, "y", zone="office")], Pace(failures=2, jobs=1))
    seen: dict[str, Gap | None] = {}
    while isinstance(drawn := turns.draw(0), Turn):
        seen[drawn.asset.id] = drawn.gap
        if drawn.gap is None:
            end(turns, drawn, REFUSED if drawn.asset.zone == "dmz" else None)
    stopped = {name: gap for name, gap in seen.items() if gap}
    assert sorted(stopped) == ["x2", "x3", "x4"]
    assert {gap.reason for gap in stopped.values()} == {GapReason.ZONE_STOPPED}
    assert stopped["x2"].detail == (
        "dmz: 2 assets in a row could not be entered: web (port 22): connection refused; "
        "web (port 22): connection refused"
    )


def test_what_ends_while_a_zone_is_stopped_does_not_open_it_again() -> None:
    turns = Turns(many(4, "x", zone="dmz"), Pace(failures=2))
    under_way = [turn(turns) for _one in range(3)]
    for drawn, gap in zip(under_way, (REFUSED, REFUSED, None), strict=True):
        end(turns, drawn, gap)
    assert turn(turns).gap is not None


@pytest.mark.parametrize("gap", [None, Gap(GapReason.HOST_KEY_UNKNOWN), Gap(GapReason.FAILED)])
def test_a_host_that_answers_begins_the_count_anew(gap: Gap | None) -> None:
    turns = Turns(many(9, "x", zone="dmz"), Pace(failures=2))
    for end_of_visit in (REFUSED, gap, REFUSED, gap, REFUSED):
        end(turns, turn(turns), end_of_visit)
    assert turn(turns).gap is None


def test_without_a_budget_nothing_is_stopped() -> None:
    pace = Pace(failures=0, logins=0)
    turns = Turns(many(50, "x", zone="dmz", password="env:P"), pace)
    for _one in range(50):
        drawn = turn(turns)
        assert drawn.gap is None
        end(turns, drawn, NO_LOGIN)


@pytest.mark.parametrize(
    ("gap", "is_entered", "is_logged_in"),
    [
        (None, True, True),
        (REFUSED, False, None),
        (NO_LOGIN, False, False),
        (Gap(GapReason.LINK_LOST), False, None),
        (Gap(GapReason.HOST_KEY_MISMATCH), True, None),
        (Gap(GapReason.CREDENTIAL_MISSING), None, None),
        (Gap(GapReason.INTERNAL), None, None),
    ],
)
def test_what_the_end_of_a_visit_says(
    gap: Gap | None, is_entered: bool | None, is_logged_in: bool | None
) -> None:
    visit = ended("web", gap)
    assert (entered(visit), logged_in(visit)) == (is_entered, is_logged_in)


def test_a_password_that_was_not_accepted_yet_cannot_lock_an_account() -> None:
    """Not even by logins that are under way at the same moment."""
    turns = Turns(many(20, "x", password="env:P"), Pace(logins=3))
    under_way = [turn(turns) for _one in range(3)]
    assert turns.draw(0) == inf
    end(turns, under_way[0], NO_LOGIN)
    assert turns.draw(0) == inf
    end(turns, under_way[1], REFUSED)  # no login: nothing was tried
    fourth = turn(turns)
    assert turns.draw(0) == inf
    for drawn in (under_way[2], fourth):
        end(turns, drawn, NO_LOGIN)
    left = [turn(turns) for _one in range(16)]
    assert {t.gap.reason for t in left if t.gap} == {GapReason.CREDENTIAL_STOPPED}
    assert left[0].gap is not None
    assert "the password env:P of audit was refused 3 times in a row" in left[0].gap.detail


def test_a_password_that_opened_a_host_goes_on_at_full_speed() -> None:
    turns = Turns(many(20, "x", password="env:P"), Pace(logins=2))
    end(turns, turn(turns))
    assert all(turn(turns).gap is None for _one in range(19))


@pytest.mark.parametrize("sudo_password", ["", "file:sudo"])
def test_a_password_that_sudo_refused_cannot_lock_an_account(sudo_password: str) -> None:
    """Logins by key go well meanwhile, and say nothing of it."""
    reach = Reach("ssh", user="audit", password="env:P", sudo=Sudo.PASSWORD, sudo_password=sudo_password)
    assets = [(plan, replace(asset, reach=reach)) for plan, asset in many(9, "x")]
    turns = Turns(assets, Pace(logins=3))
    for _one in range(3):
        drawn = turn(turns)
        turns.learn(drawn, ended(drawn.asset.id, None, "refused"))
        turns.free(drawn)
    left = [turn(turns) for _one in range(6)]
    assert [t.gap for t in left] == [None] * 6
    assert {t.no_root.reason for t in left if t.no_root} == {GapReason.CREDENTIAL_STOPPED}
    assert all(t.no_root for t in left)
    assert left[0].no_root is not None
    assert "was refused 3 times in a row: x0: Sorry, try again" in left[0].no_root.detail


def test_a_login_that_is_stopped_stops_the_visit_whatever_sudo_asks() -> None:
    reach = Reach("ssh", user="audit", password="env:P", sudo=Sudo.PASSWORD, sudo_password="file:sudo")
    turns = Turns([(plan, replace(asset, reach=reach)) for plan, asset in many(4, "x")], Pace(logins=1))
    end(turns, turn(turns), NO_LOGIN)
    stopped = turn(turns)
    assert stopped.gap is not None
    assert stopped.gap.reason is GapReason.CREDENTIAL_STOPPED


def test_a_password_that_sudo_accepted_goes_on_at_full_speed() -> None:
    reach = Reach("ssh", user="audit", sudo=Sudo.PASSWORD, sudo_password="file:sudo")
    turns = Turns([(plan, replace(asset, reach=reach)) for plan, asset in many(9, "x")], Pace(logins=2))
    drawn, second = turn(turns), turn(turns)
    assert turns.draw(0) == inf
    turns.learn(drawn, ended(drawn.asset.id, None, "accepted"))
    turns.learn(second, ended(second.asset.id, None))  # it was not asked: nothing is known
    assert all(turn(turns).gap is None for _one in range(7))


def test_the_password_of_a_jump_host_cannot_lock_its_account() -> None:
    gate = Hop("gate", "10.0.0.1", user="jump", password="env:GATE")
    reach = Reach("ssh", user="audit", jump=(gate,), password="env:P")
    turns = Turns([(plan, replace(asset, reach=reach)) for plan, asset in many(9, "x")], Pace(logins=2))
    for _one in range(2):
        drawn = turn(turns)
        end(turns, drawn, Gap(GapReason.AUTH_FAILED, f"{drawn.asset.id} → gate (10.0.0.1 port 22): refused"))
    stopped = turn(turns).gap
    assert stopped is not None
    assert stopped.detail.startswith("the password env:GATE of jump was refused 2 times in a row")


def test_other_users_have_other_passwords() -> None:
    sharing = Sharing(Pace())
    passwords = [
        sharing.of(Asset("a", "linux", "a", reach=Reach("ssh", user=user, password="prompt")))
        for user in ("root", "audit", "root")
    ]
    assert passwords[0] == passwords[2] != passwords[1]


FLEETS = st.lists(
    st.tuples(
        st.sampled_from(["", "dmz", "office"]), st.sampled_from(["", "k1", "k2"]), st.sampled_from(["", "p"])
    ),
    max_size=25,
)


@given(fleet=FLEETS, seed=st.integers(0, 2**32), jobs=st.integers(1, 6), room=st.integers(0, 3))
def test_whatever_happens_everyone_comes_once_and_no_limit_is_passed(
    fleet: list[tuple[str, str, str]], seed: int, jobs: int, room: int
) -> None:
    chance = random.Random(seed)
    pace = Pace(per_segment=room, per_hypervisor=2, failures=3, logins=2, jitter_s=chance.choice([0, 60]))
    assets = [owed(f"x{n}", zone=z, host=h, password=p) for n, (z, h, p) in enumerate(fleet)]
    turns, now_s = Turns(assets, pace, chance), 0.0
    under_way: list[Turn] = []
    seen: list[str] = []
    while len(seen) < len(assets) or under_way:
        drawn = turns.draw(now_s) if len(under_way) < jobs else inf
        if isinstance(drawn, Turn):
            seen.append(drawn.asset.id)
            under_way += [drawn] if drawn.gap is None else []
        elif under_way:
            end(
                turns,
                under_way.pop(chance.randrange(len(under_way))),
                chance.choice([None, REFUSED, NO_LOGIN]),
            )
        else:
            assert drawn is not None
            assert drawn < inf, "nobody is under way, so nobody need be waited for"
            now_s += drawn
        zones = Counter(t.asset.zone for t in under_way if t.asset.zone)
        hosts = Counter(t.asset.hypervisor for t in under_way if t.asset.hypervisor)
        assert not room or max(zones.values(), default=0) <= room
        assert max(hosts.values(), default=0) <= 2
    assert sorted(seen) == sorted(asset.id for _plan, asset in assets)
    assert turns.draw(now_s) is None
