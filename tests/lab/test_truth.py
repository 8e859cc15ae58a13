"""Every verdict on every host is the one that was decided beforehand, and the visit left nothing behind."""

from collections.abc import Mapping

import pytest

from secaudit.model.result import Verdict
from secaudit.store import open_store
from tests.content import inventory
from tests.lab import truth
from tests.lab.audits import SCANNED, Watched, key_of, secaudit
from tests.lab.hosts import TRUTH_HOSTS, Lab
from tests.lab.server_log import Seen
from tests.lab.workspace import DATABASE
from tests.left_out import reasons


def test_the_truth_speaks_of_every_check_and_of_no_other() -> None:
    assert sorted(truth.read()) == sorted(inventory.of_linux())


def test_every_check_fails_on_a_host_or_there_is_a_reason() -> None:
    """A new check gets a fault in faults/, or its place in tests/left_out/never_failed.yaml."""
    expected = truth.expected(truth.read(), truth.planned())
    failed = {check for (_host, check), verdict in expected.items() if verdict is Verdict.FAIL}
    assert reasons.read("never_failed").undecided(inventory.of_linux(), failed) == {}


@pytest.mark.parametrize("host", TRUTH_HOSTS)
def test_verdicts_are_the_truth(found: Mapping[str, Mapping[str, Verdict]], lab: Lab, host: str) -> None:
    expected = {c: v for (h, c), v in truth.expected(truth.read(), lab.hosts).items() if h == host}
    seen = truth.settled(found[host], lab.hosts[host])
    differ = {
        check: f"truth {expected.get(check)}, secaudit {seen.get(check)}"
        for check in sorted(expected.keys() | seen.keys())
        if expected.get(check) != seen.get(check)
    }
    assert differ == {}


def test_each_check_is_judged_once_a_host(audited: Watched) -> None:
    pairs = [(r.asset_id, r.check_id) for r in audited.audit.results.values()]
    owed = {check for _host, check in pairs}
    assert len(pairs) == len(set(pairs)) == len(TRUTH_HOSTS) * len(owed)


def test_no_verdict_is_missing_for_an_error_of_ours(audited: Watched) -> None:
    internal = [r for r in audited.audit.results.values() if r.gap and r.gap.reason == "internal"]
    assert internal == []


@pytest.mark.parametrize("host", TRUTH_HOSTS)
def test_nothing_is_written_on_a_target(audited: Watched, host: str) -> None:
    assert audited.changes[host] == []


@pytest.mark.parametrize("host", TRUTH_HOSTS)
def test_one_connection_and_one_command_a_host(audited: Watched, host: str) -> None:
    assert audited.seen[host] == Seen(logins=1, commands=1, sessions=1)


def test_judging_again_with_the_hosts_down_changes_nothing(audited: Watched, lab: Lab) -> None:
    lab.cut()
    try:
        secaudit(audited.audit.workspace, "judge", audited.audit.run, codes=SCANNED)
    finally:
        lab.join()
    with open_store(f"sqlite:///{audited.audit.workspace / DATABASE}") as store:
        again = [result for record in store.records(audited.audit.run, 1) for result in record.results]
    first = audited.audit.results
    assert [(r, first[key_of(r)]) for r in again if r != first[key_of(r)]] == []
    assert len(again) == len(first)
