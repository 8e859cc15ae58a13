"""Whether an asset may be scanned now."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from secaudit.errors import NotAuthorised, UsageError
from secaudit.model.register import Asset, Authorisation, Blackout, Grade, Register, System
from secaudit.register import authorisation_for
from secaudit.register.authorising import opens_next, overlapping, refuse_blackout, state_of
from secaudit.register.windows import window_from

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
WEB = Asset("web1", "linux", "Web", zone="dmz")
DB = Asset("db1", "database", "DB", zone="core")
PORTAL = System("portal", "门户", "office", Grade(3, 3), assets=(WEB, DB))


def _allowed(name: str = "a1", **fields: object) -> Authorisation:
    values: dict[str, object] = {"valid_from": NOW - DAY, "valid_until": NOW + DAY, **fields}
    return Authorisation(name, ("portal",), "甲", "1号", **values)  # type: ignore[arg-type]


def _register(*authorisations: Authorisation, blackouts: tuple[Blackout, ...] = ()) -> Register:
    return Register((), (PORTAL,), authorisations, blackouts)


def test_a_valid_authorisation_is_found() -> None:
    assert authorisation_for(_register(_allowed()), "portal", WEB, NOW).id == "a1"


def test_one_with_a_port_scan_is_preferred_then_the_longest() -> None:
    longest = _allowed("a2", valid_until=NOW + 3 * DAY)
    assert authorisation_for(_register(_allowed(), longest), "portal", WEB, NOW).id == "a2"
    assert authorisation_for(_register(_allowed(port_scan=True), longest), "portal", WEB, NOW).id == "a1"


@pytest.mark.parametrize(
    ("authorisations", "said"),
    [
        ((), "on record"),
        ((_allowed(valid_until=NOW),), "a1 ended at"),
        ((_allowed(valid_from=NOW + timedelta(minutes=1)),), "a1 opens at 2026-03-01 20:01"),
        ((_allowed(revoked_at=NOW),), "a1 was revoked"),
    ],
)
def test_without_one_the_command_is_named(authorisations: tuple[Authorisation, ...], said: str) -> None:
    with pytest.raises(UsageError, match=said) as caught:
        authorisation_for(_register(*authorisations), "portal", WEB, NOW)
    assert caught.value.hint is not None
    assert "secaudit authorise add --system portal --until" in caught.value.hint


def test_the_one_that_ended_last_and_the_next_are_named() -> None:
    revoked = _allowed("a1", valid_until=NOW + 9 * DAY, revoked_at=NOW - 3 * DAY)
    ended = _allowed("a2", valid_until=NOW - DAY)
    later = _allowed("a3", valid_from=NOW + DAY, valid_until=NOW + 2 * DAY)
    with pytest.raises(UsageError) as caught:
        authorisation_for(_register(ended, revoked), "portal", WEB, NOW)
    assert "a2 ended at" in str(caught.value)
    assert "a1" not in str(caught.value)
    with pytest.raises(UsageError, match=r"a2 ended at .*; a3 opens at"):
        authorisation_for(_register(later, revoked, ended), "portal", WEB, NOW)


def test_one_for_another_system_does_not_count() -> None:
    other = Authorisation("a1", ("oa",), "甲", "1号", NOW - DAY, NOW + DAY)
    with pytest.raises(UsageError, match="on record"):
        authorisation_for(_register(other), "portal", WEB, NOW)


def test_nothing_is_scanned_in_a_blackout() -> None:
    period = Blackout(NOW, NOW + DAY, "春节保障")
    register = _register(_allowed(valid_until=NOW + 3 * DAY), blackouts=(period,))
    with pytest.raises(UsageError, match="春节保障"):
        authorisation_for(register, "portal", WEB, NOW)
    assert authorisation_for(register, "portal", WEB, NOW + DAY).id == "a1"


def test_an_unknown_system_is_named() -> None:
    with pytest.raises(UsageError, match="oa is not registered"):
        authorisation_for(_register(_allowed()), "oa", WEB, NOW)


def test_a_revocation_counts_from_its_moment() -> None:
    revoked = _allowed(revoked_at=NOW)
    register = _register(revoked)
    assert state_of(register, revoked, NOW - timedelta(seconds=1)) == "valid"
    assert state_of(register, revoked, NOW) == "revoked"


def _refusal(register: Register, asset: Asset = WEB, now: datetime = NOW) -> NotAuthorised:
    with pytest.raises(NotAuthorised) as caught:
        authorisation_for(register, "portal", asset, now)
    return caught.value


def test_an_asset_must_be_inside_of_systems_zones_and_kinds() -> None:
    register = _register(_allowed("a1", zones=("dmz", "office")), _allowed("a2", kinds=("database",)))
    assert authorisation_for(register, "portal", WEB, NOW).id == "a1"
    assert authorisation_for(register, "portal", DB, NOW).id == "a2"
    both = _register(_allowed(zones=("dmz",), kinds=("database",)))
    for asset in (WEB, DB):
        assert f"asset {asset.id} of system portal is on record: a1 cover others" in str(
            _refusal(both, asset)
        )


# NOW is Sunday, 1 March 2026, 20:00 of the office
CLOSED = (window_from("mon-fri 22:00-05:00"),)
OPEN = (window_from("sun 19:00-21:00"), *CLOSED)


def test_a_closed_window_allows_nothing_and_is_told_with_its_opening() -> None:
    refusal = _refusal(_register(_allowed(windows=CLOSED, valid_until=NOW + 9 * DAY)))
    assert "a1 opens at 2026-03-02 22:00+08:00" in str(refusal)
    assert "authorise list" in str(refusal.hint)
    assert authorisation_for(_register(_allowed(windows=OPEN)), "portal", WEB, NOW).id == "a1"
    assert "a1 opens no more" in str(_refusal(_register(_allowed(windows=CLOSED, valid_until=NOW + DAY / 2))))


def test_the_first_of_several_openings_is_told() -> None:
    later = _allowed("a1", windows=(window_from("wed 01:00-02:00"),), valid_until=NOW + 9 * DAY)
    sooner = _allowed("a2", windows=CLOSED, valid_until=NOW + 9 * DAY)
    assert str(_refusal(_register(later, sooner))).endswith("now: a2 opens at 2026-03-02 22:00+08:00.")


def test_no_opening_is_promised_in_a_blackout() -> None:
    nights = _allowed(windows=CLOSED, valid_until=NOW + 9 * DAY)
    held = Blackout(NOW, NOW + 2 * DAY, "重保", zones=("dmz",))  # until Tuesday, 20:00
    register = _register(nights, blackouts=(held, Blackout(NOW + 2 * DAY, NOW + 3 * DAY, "又一次")))
    assert "a1 opens at 2026-03-04 22:00" in str(_refusal(register))
    assert opens_next(register, nights, NOW, ()) == NOW + timedelta(hours=26)
    endless = tuple(Blackout(NOW + n * DAY, NOW + (n + 1) * DAY, "无休") for n in range(99))
    assert opens_next(register, replace(nights, valid_until=NOW + 98 * DAY), NOW, endless) is None


def test_a_blackout_of_a_zone_or_a_system_leaves_the_others_alone() -> None:
    register = _register(_allowed(), blackouts=(Blackout(NOW, NOW + DAY, "封网", zones=("dmz",)),))
    assert "封网" in str(_refusal(register))
    assert authorisation_for(register, "portal", DB, NOW).id == "a1"
    with pytest.raises(NotAuthorised, match="封网"):
        refuse_blackout(register, (DB, WEB), NOW)
    refuse_blackout(register, (DB,), NOW)
    of_another = replace(register, blackouts=(Blackout(NOW, NOW + DAY, "封网", systems=("oa",)),))
    refuse_blackout(of_another, (DB, WEB), NOW)


def test_an_approval_that_was_changed_allows_nothing() -> None:
    register = replace(_register(_allowed()), altered=("a1",))
    assert state_of(register, _allowed(), NOW) == "altered"
    assert "the file of a1 was changed or is missing" in str(_refusal(register))


def test_others_that_allow_the_same_are_found() -> None:
    one, other = _allowed("a1", zones=("dmz",)), _allowed("a2")
    later = _allowed("a3", valid_from=NOW + DAY, valid_until=NOW + 2 * DAY)
    elsewhere, gone = _allowed("a4", zones=("core",)), _allowed("a5", revoked_at=NOW)
    register = _register(one, other, later, elsewhere, gone)
    assert overlapping(register, one) == [other]
    assert overlapping(register, later) == []
