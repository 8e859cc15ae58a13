"""A schedule that does not fit the nights is refused, and what no night can do is told."""

import pytest

from secaudit.errors import UsageError
from secaudit.model.nightly import Nightly
from secaudit.model.register import Asset, Hop, Reach, Window
from secaudit.schedule.calendar import calendar_from
from secaudit.schedule.fitting import local_assets, refuse_unfit, unattended_gaps
from tests.unit.audit.samples import system

WORKING = (0, 1, 2, 3, 4)
LATE = Nightly(window=Window(WORKING, 23 * 60, 5 * 60), last_start_min=4 * 60 + 30)


@pytest.mark.parametrize(
    ("at", "jitter_s"),
    [("mon-fri 23:00", 0), ("daily 23:10", 900), ("tue-sat 00:30", 0), ("tue-sat 04:19", 600)],
)
def test_within_the_window(at: str, jitter_s: int) -> None:
    refuse_unfit(LATE, calendar_from(at), jitter_s)


@pytest.mark.parametrize(
    ("at", "jitter_s", "told"),
    [
        ("22:59", 0, "would not begin within 23:00 and 04:30"),
        ("04:30", 0, "would not begin within"),
        ("tue-sat 04:25", 301, "would not begin within"),
        ("mon-thu 23:10", 0, "The nights of fri are expected"),
        ("mon-fri 00:30", 0, "The nights of fri are expected"),
    ],
)
def test_what_does_not_fit_is_refused(at: str, jitter_s: int, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        refuse_unfit(LATE, calendar_from(at), jitter_s)


def test_without_a_window_every_time_fits() -> None:
    for clock in ("00:00", "11:59", "12:00", "23:10"):
        refuse_unfit(Nightly(), calendar_from(clock), 0)


def asset(name: str, transport: str = "ssh", **reach: object) -> Asset:
    return Asset(name, "linux", name, reach=Reach(transport, **reach))  # type: ignore[arg-type]


def test_credentials_that_nobody_can_give_at_night_are_named() -> None:
    gate = Hop(id="gate", address="192.0.2.1", port=22, user="a", password="prompt")
    one = system(
        "oa",
        asset("h1", key="file:~/.ssh/id"),
        asset("h2", password="env:PASS", jump=(gate,)),
        asset("h3", agent=True),
        asset("h4", transport="none", password="prompt"),
        asset("h5", sudo_password="prompt"),
        asset("this", transport="local"),
    )
    told = list(unattended_gaps((one,), in_crontab=False))
    assert [line.split(":")[0] for line in told] == ["h3", "h2", "h2, h5"]
    assert "systemd knows no variable env:PASS" in told[1]
    assert "cron knows no variable env:PASS" in list(unattended_gaps((one,), in_crontab=True))[1]
    assert local_assets((one,)) == ["this"]
