"""What an authorisation and a blackout period are about, and the pace of a zone."""

from datetime import UTC, datetime

import pytest

from secaudit.model.pace import Pace, ZonePace
from secaudit.model.register import Asset, Authorisation, Blackout

START, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
WEB = Asset("web", "linux", "web", zone="dmz")


@pytest.mark.parametrize(
    ("systems", "zones", "kinds", "covered"),
    [
        (("oa",), (), (), True),
        (("erp",), (), (), False),
        (("oa",), ("dmz",), ("linux",), True),
        (("oa",), ("office",), (), False),
        (("oa",), ("dmz",), ("windows",), False),
    ],
)
def test_an_asset_is_inside_systems_zones_and_kinds(
    systems: tuple[str, ...], zones: tuple[str, ...], kinds: tuple[str, ...], covered: bool
) -> None:
    allowed = Authorisation("a", systems, "office", "2026-1", START, END, zones=zones, kinds=kinds)
    assert allowed.covers("oa", WEB) is covered


@pytest.mark.parametrize(
    ("systems", "zones", "covered"),
    [
        ((), (), True),
        (("oa",), ("dmz",), True),
        (("erp",), (), False),
        ((), ("office",), False),
    ],
)
def test_a_blackout_names_whom_it_is_about(
    systems: tuple[str, ...], zones: tuple[str, ...], covered: bool
) -> None:
    assert Blackout(START, END, "exercise", systems, zones).covers("oa", WEB) is covered


def test_a_zone_has_its_own_pace_as_far_as_it_says() -> None:
    pace = Pace(per_segment=4, failures=9, zones={"dmz": ZonePace(jobs=2), "ot": ZonePace(failures=0)})
    assert (pace.jobs_in("dmz"), pace.failures_in("dmz")) == (2, 9)
    assert (pace.jobs_in("ot"), pace.failures_in("ot")) == (4, 0)
    assert (pace.jobs_in("office"), pace.failures_in("office")) == (4, 9)
