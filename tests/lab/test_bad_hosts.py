"""Whatever goes wrong with a host becomes a gap with its reason, and every other host is judged."""

import pytest

from secaudit.model.evidence import GapReason
from secaudit.model.result import Verdict
from tests.lab.audits import Watched, watched_scan
from tests.lab.hosts import Lab
from tests.lab.server_log import Seen

DECIDED = {Verdict.PASS, Verdict.PARTIAL, Verdict.FAIL}
SOUND = "h2"
REASONS = {
    "down": GapReason.UNREACHABLE,
    "changedkey": GapReason.HOST_KEY_MISMATCH,
    "unknownkey": GapReason.HOST_KEY_UNKNOWN,
    "nosshd": GapReason.REFUSED,
    "filtered": GapReason.CONNECT_TIMEOUT,
    "wrongkey": GapReason.AUTH_FAILED,
}
VISITED = ("sudorefused", "hang", "endless", "lost")


@pytest.fixture(scope="module")
def bad(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Watched:
    """One scan of a sound host among all the bad ones."""
    names = (SOUND, *(lab.having(fault).name for fault in (*REASONS, *VISITED)))
    return watched_scan(lab, tmp_path_factory.mktemp("bad") / "workspace", names)


def reasons(bad: Watched, host: str) -> dict[str, str]:
    """Check → reason, for what is unknown on a host."""
    return {r.check_id: str(r.gap.reason) for r in bad.audit.records[host].results if r.gap}


def decided(bad: Watched, host: str) -> set[str]:
    return {r.check_id for r in bad.audit.records[host].results if r.verdict in DECIDED}


def test_every_host_owes_the_same_checks_and_has_them(bad: Watched) -> None:
    sound = {r.check_id for r in bad.audit.records[SOUND].results}
    assert {
        name: {r.check_id for r in record.results} ^ sound for name, record in bad.audit.records.items()
    } == {name: set() for name in bad.audit.records}


def test_the_sound_host_is_judged(bad: Watched, audited: Watched) -> None:
    verdicts = {r.check_id: r.verdict for r in bad.audit.records[SOUND].results}
    assert verdicts == {r.check_id: r.verdict for r in audited.audit.records[SOUND].results}


@pytest.mark.parametrize(("fault", "reason"), REASONS.items())
def test_a_host_that_was_not_reached_is_a_gap_with_the_reason(
    bad: Watched, lab: Lab, fault: str, reason: GapReason
) -> None:
    host = lab.having(fault).name
    gap = bad.audit.records[host].gap
    assert gap is not None
    assert gap.reason is reason
    assert decided(bad, host) == set()
    assert set(reasons(bad, host).values()) == {reason}


def test_nobody_logs_in_where_the_host_key_is_wrong(bad: Watched, lab: Lab) -> None:
    for fault in ("changedkey", "unknownkey", "wrongkey"):
        assert bad.seen[lab.having(fault).name] == Seen(0, 0, 0)


def test_refused_sudo_leaves_what_needs_no_root(bad: Watched, lab: Lab) -> None:
    host = lab.having("sudorefused").name
    assert GapReason.SUDO_REFUSED in reasons(bad, host).values()
    assert decided(bad, host)
    assert decided(bad, host) < decided(bad, SOUND)


def test_a_hanging_probe_costs_what_rests_on_it_only(bad: Watched, lab: Lab) -> None:
    host = lab.having("hang").name
    lost = reasons(bad, host).keys() - reasons(bad, SOUND).keys()
    assert "linux.access.ssh_root_login" in lost  # sshd -T reads the pipe
    assert {reasons(bad, host)[check] for check in lost} == {GapReason.PROBE_TIMEOUT}
    assert "linux.backup.job_active" in decided(bad, host)  # cron passes over a pipe, and so do we


def test_endless_output_is_cut_and_costs_what_rests_on_it_only(bad: Watched, lab: Lab) -> None:
    host = lab.having("endless").name
    lost = {c: reasons(bad, host)[c] for c in reasons(bad, host).keys() - reasons(bad, SOUND).keys()}
    assert lost["linux.backup.job_active"] == GapReason.TRUNCATED  # a crontab of 64 MB
    assert "linux.backup.fresh" in decided(bad, host)  # the backups themselves were seen
    assert lost["linux.audit.log_forwarding"] == GapReason.UNPARSABLE  # a device among rsyslog's files
    assert "linux.access.ssh_root_login" in decided(bad, host)


def test_a_link_that_breaks_half_way_is_told(bad: Watched, lab: Lab) -> None:
    host = lab.having("lost").name
    assert GapReason.LINK_LOST in reasons(bad, host).values()
    assert bad.seen[host] == Seen(1, 1, 1)


@pytest.mark.parametrize("fault", [*VISITED, "changedkey", "unknownkey", "wrongkey", "filtered"])
def test_nothing_is_written_there_either(bad: Watched, lab: Lab, fault: str) -> None:
    assert bad.changes[lab.having(fault).name] == []


def test_no_process_of_ours_stays_behind(bad: Watched, lab: Lab) -> None:
    for fault in VISITED:
        processes = lab.exec(lab.having(fault).name, "ps", "ax", "-o", "user=,args=").splitlines()
        assert [line for line in processes if line.startswith(b"audit ")] == []
