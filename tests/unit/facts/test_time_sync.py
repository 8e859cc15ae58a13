"""Time daemons and whether they are in step."""

from pathlib import Path

import pytest

from secaudit.facts.fact import GapFound
from secaudit.facts.processes import Processes
from secaudit.facts.time_sync import SOURCES, TimeSynchronised, parse_state, parse_time_sync
from tests.unit.facts.answers import in_root
from tests.unit.facts.recordings import public, recorded


def running(*names: str) -> Processes:
    return Processes("systemd", (), names)


def test_recorded_chrony() -> None:
    fact = parse_time_sync(recorded("debian-12", "time_sources.txt"), running("chronyd"))
    assert (fact.service, fact.sources) == ("chronyd", ("10.77.0.14",))


def test_no_daemon_is_explicit() -> None:
    fact = parse_time_sync("@@ end\n", running("bash"))
    assert (fact.service, fact.running, fact.sources) == ("none", False, ())
    assert parse_state("@@ end\n", "none") == TimeSynchronised(False, "none")


def test_timesyncd_falls_back_to_what_was_built_in() -> None:
    text = "@@ systemd-timesyncd\n@@ end\n"
    assert parse_time_sync(text, running("systemd-timesyn")).sources == ("built-in",)


def test_openntpd_goes_by_the_name_of_ntpd() -> None:
    text = "@@ openntpd\npool.example\n@@ end\n"
    assert parse_time_sync(text, running("ntpd")).sources == ("pool.example",)


def test_recorded_chrony_before_its_first_measurement() -> None:
    state = parse_state(recorded("debian-12", "time_state_starting.txt"), "chronyd")
    assert state == TimeSynchronised(False, "chronyc")


@pytest.mark.parametrize(
    ("reference", "leap", "synchronised"),
    [
        ("0A4D000E", "Normal", True),
        ("7F7F0101", "Normal", False),
        ("0A4D000E", "Not synchronised", False),
        # before chrony 3.0
        ("10.77.0.14", "Normal", True),
        ("127.127.1.1", "Normal", False),
        ("0.0.0.0", "Normal", False),
    ],
)
def test_chrony(reference: str, leap: str, synchronised: bool) -> None:
    text = f"@@ chronyd\nReference ID    : {reference} (x)\nLeap status     : {leap}\n@@ end\n"
    assert parse_state(text, "chronyd").synchronised is synchronised


def test_public_recordings_of_ntpq_and_timedatectl() -> None:
    peers = public("recorded/centos-7.7/ntpq-pn.out")
    assert parse_state(f"@@ ntpd\n{peers}\n@@ end\n", "ntpd").synchronised
    assert not parse_state(f"@@ ntpd\n{peers.replace('*', ' ')}\n@@ end\n", "ntpd").synchronised
    shown = public("recorded/ubuntu-18.04/timedatectl.out")
    assert parse_state(f"@@ systemd\n{shown}\n@@ end\n", "systemd-timesyncd").told_by == "timedatectl"


def test_a_daemon_that_nothing_asks_is_a_gap() -> None:
    with pytest.raises(GapFound):
        parse_state("@@ end\n", "chronyd")


def test_a_list_that_is_cut_off_is_a_gap() -> None:
    with pytest.raises(GapFound):
        parse_time_sync("@@ chronyd\n10.0.0.1\n", running("chronyd"))


@pytest.mark.parametrize(
    ("line", "sources", "authenticated"),
    [
        ("server 10.0.0.1 iburst key 5", ("10.0.0.1",), ("10.0.0.1",)),
        ("SERVER\t10.0.0.1\tNTS", ("10.0.0.1",), ("10.0.0.1",)),
        ("server 10.0.0.1 iburst # key 5", ("10.0.0.1",), ()),
        ("server monkey.corp", ("monkey.corp",), ()),
        ("#server 10.0.0.1 key 5", (), ()),
    ],
)
def test_whose_answers_are_verified(
    tmp_path: Path, line: str, sources: tuple[str, ...], authenticated: tuple[str, ...]
) -> None:
    (tmp_path / "etc/chrony").mkdir(parents=True)
    (tmp_path / "etc/chrony/chrony.conf").write_text(line + "\n")
    fact = parse_time_sync(in_root(tmp_path, SOURCES), running("chronyd"))
    assert (fact.sources, fact.authenticated) == (sources, authenticated)


def test_all_daemons_that_run_are_named() -> None:
    fact = parse_time_sync("@@ end\n", running("chronyd", "systemd-timesyn", "bash"))
    assert (fact.service, fact.daemons) == ("chronyd", ("chronyd", "systemd-timesyncd"))


@pytest.mark.parametrize(
    ("main", "drop_in", "sources"),
    [
        ("NTP=10.0.0.1 10.0.0.2", "", ("10.0.0.1", "10.0.0.2")),
        ("NTP=10.0.0.1", "NTP=10.0.0.3", ("10.0.0.1", "10.0.0.3")),
        ("NTP=10.0.0.1", "NTP=\nNTP=10.0.0.3", ("10.0.0.3",)),
        ("NTP=10.0.0.1", "NTP=", ("built-in",)),
        ("#NTP=10.0.0.1", "", ("built-in",)),
        ("FallbackNTP=10.0.0.4", "", ("10.0.0.4",)),
        ("FallbackNTP=10.0.0.4", "NTP=10.0.0.1", ("10.0.0.1",)),
        ("FallbackNTP=10.0.0.4", "FallbackNTP=", ("built-in",)),
    ],
)
def test_what_timesyncd_asks(tmp_path: Path, main: str, drop_in: str, sources: tuple[str, ...]) -> None:
    folder = tmp_path / "etc/systemd"
    (folder / "timesyncd.conf.d").mkdir(parents=True)
    (folder / "timesyncd.conf").write_text(f"[Time]\n{main}\n")
    (folder / "timesyncd.conf.d/a.conf").write_text(f"[Time]\n{drop_in}\n")
    fact = parse_time_sync(in_root(tmp_path, SOURCES), running("systemd-timesyn"))
    assert fact.sources == sources


@pytest.mark.parametrize(
    ("line", "sources"),
    [
        ("include {}/a.conf", ("10.0.0.1",)),
        ("confdir /nowhere {}", ("10.0.0.1",)),
        ("sourcedir {}", ("10.0.0.2",)),
        ("# sourcedir {}", ()),
    ],
)
def test_what_chrony_takes_in_counts_and_nothing_else(
    tmp_path: Path, line: str, sources: tuple[str, ...]
) -> None:
    folder = tmp_path / "etc/chrony/conf.d"
    folder.mkdir(parents=True)
    (folder / "a.conf").write_text("server 10.0.0.1\n")
    (folder / "b.sources").write_text("server 10.0.0.2\n")
    (tmp_path / "etc/chrony/chrony.conf").write_text(line.format(folder) + "\n")
    assert parse_time_sync(in_root(tmp_path, SOURCES), running("chronyd")).sources == sources
