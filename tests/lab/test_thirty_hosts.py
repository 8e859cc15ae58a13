"""Thirty hosts, more than ten kinds of trouble among them, one scan: the sound ones whole, every gap named, in time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import pytest
import yaml

from secaudit.model.evidence import GapReason
from secaudit.model.result import Verdict
from secaudit.model.run import RunState
from secaudit.store import open_store
from secaudit.transport.protocol import Limits
from secaudit.transport.scanner import SCAN_S
from tests.lab import truth
from tests.lab.audits import Audit, scan
from tests.lab.hosts import TWELVE, Lab
from tests.lab.levels import other_levels
from tests.lab.workspace import DATABASE, write

THIRTY = tuple(f"h{n}" for n in range(1, 31))
JOBS, VISIT_S, RUN_S = 8, 90, 180

# host → check → verdict
Verdicts = Mapping[str, Mapping[str, Verdict]]

# what keeps us out → how the results name it
KEPT_OUT = {
    "down": GapReason.UNREACHABLE,
    "changedkey": GapReason.HOST_KEY_MISMATCH,
    "unknownkey": GapReason.HOST_KEY_UNKNOWN,
    "nosshd": GapReason.REFUSED,
    "filtered": GapReason.CONNECT_TIMEOUT,
    "wrongkey": GapReason.AUTH_FAILED,
    "stucklogin": GapReason.VISIT_TIMEOUT,
    "flood": GapReason.TRUNCATED,
    "silent": GapReason.CONNECT_TIMEOUT,
    "babble": GapReason.LINK_LOST,
}
# what goes wrong once we are in → the reason that some verdict there has and none of a sound host
WITHIN = {
    "sudorefused": GapReason.SUDO_REFUSED,
    "hang": GapReason.PROBE_TIMEOUT,
    "endless": GapReason.TRUNCATED,
    "lost": GapReason.LINK_LOST,
}
OF_A_BREAK = {GapReason.PROBE_TIMEOUT, GapReason.TRUNCATED, GapReason.LINK_LOST, GapReason.VISIT_TIMEOUT}
SOUND = (*TWELVE, "h23")
HARMLESS = ("slowlogin", "lateclock", "nospace")


@dataclass(frozen=True, slots=True)
class Night:
    """The scan of all thirty, and how long it took from the first visit to the end."""

    audit: Audit
    took: timedelta


@pytest.fixture(scope="module")
def night(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Night:
    """One scan of all thirty."""
    workspace = write(tmp_path_factory.mktemp("thirty") / "workspace", lab, THIRTY, jobs=JOBS)
    settings = yaml.safe_load((workspace / "secaudit.yaml").read_text())
    settings["limits"] |= {"visit_s": VISIT_S, "run_s": RUN_S}
    (workspace / "secaudit.yaml").write_text(yaml.safe_dump(settings, allow_unicode=True))
    audit = scan(workspace)
    with open_store(f"sqlite:///{workspace / DATABASE}") as store:
        run = store.run(audit.run)
        assert run.state is RunState.COMPLETE
        assert run.ended_at is not None
        return Night(audit, run.ended_at - run.started_at)


def reasons(night: Night, host: str) -> set[GapReason]:
    """Why verdicts of a host are unknown."""
    return {r.gap.reason for r in night.audit.records[host].results if r.gap}


@pytest.fixture(scope="module")
def further(night: Night) -> Verdicts:
    """What level 3 does not ask."""
    return other_levels(night.audit)


def test_every_host_is_there_with_every_check_that_it_owes(night: Night) -> None:
    with open_store(f"sqlite:///{night.audit.workspace / DATABASE}") as store:
        plan = store.run(night.audit.run).plan
    owed = {p.asset_id: [(e.check_id, e.object_id) for e in p.expected] for p in plan.assets}
    found = {
        name: [(r.check_id, r.object_id) for r in record.results]
        for name, record in night.audit.records.items()
    }
    assert tuple(found) == THIRTY
    assert found == owed


def test_there_are_more_than_ten_kinds_of_trouble(lab: Lab) -> None:
    kinds = {fault for name in THIRTY for fault in lab.host(name).faults}
    assert {*KEPT_OUT, *WITHIN, *HARMLESS} <= kinds


@pytest.mark.parametrize("host", SOUND)
def test_a_sound_host_is_whole(night: Night, host: str) -> None:
    record = night.audit.records[host]
    assert record.gap is None
    assert reasons(night, host) & OF_A_BREAK == set()


@pytest.mark.parametrize("host", TWELVE)
def test_trouble_next_door_changes_no_verdict(night: Night, further: Verdicts, lab: Lab, host: str) -> None:
    expected = {c: v for (h, c), v in truth.expected(truth.read(), lab.hosts).items() if h == host}
    asked = {r.check_id: r.verdict for r in night.audit.records[host].results}
    assert truth.settled({**further[host], **asked}, lab.hosts[host]) == expected


@pytest.mark.parametrize(("fault", "reason"), KEPT_OUT.items())
def test_what_keeps_us_out_is_named(night: Night, lab: Lab, fault: str, reason: GapReason) -> None:
    host = lab.having(fault).name
    gap = night.audit.records[host].gap
    assert gap is not None
    assert gap.reason is reason
    assert reasons(night, host) == {reason}
    assert gap.detail


@pytest.mark.parametrize(("fault", "reason"), WITHIN.items())
def test_what_breaks_within_is_named(night: Night, lab: Lab, fault: str, reason: GapReason) -> None:
    host = lab.having(fault).name
    assert night.audit.records[host].gap is None
    assert reason in reasons(night, host)


@pytest.mark.parametrize("fault", HARMLESS)
def test_slow_late_or_full_is_no_reason_to_know_less(night: Night, lab: Lab, fault: str) -> None:
    host = lab.having(fault).name
    assert night.audit.records[host].gap is None
    assert reasons(night, host) & OF_A_BREAK == set()


def test_a_clock_that_is_years_behind_is_told_and_held_against_no_other(night: Night, lab: Lab) -> None:
    record = night.audit.records[lab.having("lateclock").name]
    assert record.clock_ahead_s is not None
    years = record.clock_ahead_s / (365.25 * 24 * 3600)
    assert -9.1 < years < -8.9


def test_no_host_was_given_up_and_the_night_ends_in_time(night: Night) -> None:
    given_up = {GapReason.RUN_TIMEOUT, GapReason.ZONE_STOPPED, GapReason.CREDENTIAL_STOPPED}
    assert [name for name in THIRTY if reasons(night, name) & given_up] == []
    usual = Limits()
    longest = 3 * usual.connect_s + usual.login_s + VISIT_S + SCAN_S
    assert night.took <= timedelta(seconds=RUN_S + longest)
