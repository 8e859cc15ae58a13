"""Whether a system may be scanned now."""

from datetime import UTC, datetime, timedelta

import pytest

from secaudit.errors import UsageError
from secaudit.model.register import Authorisation, Blackout, Grade, Register, System
from secaudit.register import authorisation_for
from secaudit.register.authorising import state_of

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
PORTAL = System("portal", "门户", "office", Grade(3, 3))


def _allowed(name: str = "a1", **fields: object) -> Authorisation:
    values: dict[str, object] = {"valid_from": NOW - DAY, "valid_until": NOW + DAY, **fields}
    return Authorisation(name, ("portal",), "甲", "1号", **values)  # type: ignore[arg-type]


def _register(*authorisations: Authorisation, blackouts: tuple[Blackout, ...] = ()) -> Register:
    return Register((), (PORTAL,), authorisations, blackouts)


def test_a_valid_authorisation_is_found() -> None:
    assert authorisation_for(_register(_allowed()), "portal", NOW).id == "a1"


def test_one_with_a_port_scan_is_preferred_then_the_longest() -> None:
    longest = _allowed("a2", valid_until=NOW + 3 * DAY)
    assert authorisation_for(_register(_allowed(), longest), "portal", NOW).id == "a2"
    assert authorisation_for(_register(_allowed(port_scan=True), longest), "portal", NOW).id == "a1"


@pytest.mark.parametrize(
    ("authorisations", "said"),
    [
        ((), "on record"),
        ((_allowed(valid_until=NOW),), "a1 ended at"),
        ((_allowed(valid_from=NOW + timedelta(seconds=1)),), "a1 begins at"),
        ((_allowed(revoked_at=NOW),), "a1 was revoked"),
    ],
)
def test_without_one_the_command_is_named(authorisations: tuple[Authorisation, ...], said: str) -> None:
    with pytest.raises(UsageError, match=said) as caught:
        authorisation_for(_register(*authorisations), "portal", NOW)
    assert caught.value.hint is not None
    assert "secaudit authorise add --system portal --until" in caught.value.hint


def test_the_one_that_ended_last_and_the_next_are_named() -> None:
    revoked = _allowed("a1", valid_until=NOW + 9 * DAY, revoked_at=NOW - 3 * DAY)
    ended = _allowed("a2", valid_until=NOW - DAY)
    later = _allowed("a3", valid_from=NOW + DAY, valid_until=NOW + 2 * DAY)
    with pytest.raises(UsageError) as caught:
        authorisation_for(_register(ended, revoked), "portal", NOW)
    assert "a2 ended at" in str(caught.value)
    assert "a1" not in str(caught.value)
    with pytest.raises(UsageError, match=r"a2 ended at .*; a3 begins at"):
        authorisation_for(_register(later, revoked, ended), "portal", NOW)


def test_one_for_another_system_does_not_count() -> None:
    other = Authorisation("a1", ("oa",), "甲", "1号", NOW - DAY, NOW + DAY)
    with pytest.raises(UsageError, match="on record"):
        authorisation_for(_register(other), "portal", NOW)


def test_nothing_is_scanned_in_a_blackout() -> None:
    period = Blackout(NOW, NOW + DAY, "春节保障")
    register = _register(_allowed(valid_until=NOW + 3 * DAY), blackouts=(period,))
    with pytest.raises(UsageError, match="春节保障"):
        authorisation_for(register, "portal", NOW)
    assert authorisation_for(register, "portal", NOW + DAY).id == "a1"


def test_an_unknown_system_is_named() -> None:
    with pytest.raises(UsageError, match="oa is not registered"):
        authorisation_for(_register(_allowed()), "oa", NOW)


def test_a_revocation_counts_from_its_moment() -> None:
    revoked = _allowed(revoked_at=NOW)
    assert (state_of(revoked, NOW - timedelta(seconds=1)), state_of(revoked, NOW)) == ("valid", "revoked")
