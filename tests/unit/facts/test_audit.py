"""The audit system: daemon, kernel, rules, areas; and samples of records."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.facts.audit import areas, daemon_of, kernel_of, loaded_rules, parse_audit
from secaudit.facts.fact import GapFound
from secaudit.facts.log_records import LOG_RECORDS, parse_samples
from secaudit.model.evidence import GapReason
from tests.unit.facts.answers import in_root

RUNNING = """#daemon
auditd
auditctl
/proc/412/comm
start /etc/systemd/system/multi-user.target.wants/auditd.service
#written
-D
-b 8192
-w /etc/passwd -p wa -k identity
#config
log_file = /var/log/audit/audit.log
max_log_file_action = KEEP_LOGS
num_logs = 5
max_log_file = 8
#status
enabled 2
pid 412
lost 3
#loaded
-w /etc/passwd -p wa -k identity
-w /etc/shadow -p wa -k identity
-w /etc/group -p wa -k identity
-w /etc/sudoers.d -p wa -k scope
-a always,exit -F arch=b64 -S adjtimex,settimeofday -F auid>=1000 -F key=time
-a always,exit -F dir=/var/log/faillog -F perm=wa -F key=logins
-a never,exit -F auid=1001
#end
"""
ABSENT = "#daemon\n#written\n#config\n#end\n"


def covered(text: str) -> set[str]:
    return set(areas(loaded_rules(parse_audit(text))).recorded)


def test_a_running_daemon_with_immutable_rules() -> None:
    parts = parse_audit(RUNNING)
    daemon, kernel = daemon_of(parts), kernel_of(parts)
    assert (daemon.installed, daemon.running, daemon.starts_at_boot, daemon.written_rules) == (
        True,
        True,
        True,
        1,
    )
    assert (daemon.full_action, daemon.log_files) == ("keep_logs", 5)
    assert (kernel.enabled, kernel.immutable, kernel.loaded_rules, kernel.lost) == (True, True, 7, 3)


def test_rules_are_read_in_both_spellings() -> None:
    rules = loaded_rules(parse_audit(RUNNING))
    assert (rules[0].kind, rules[0].path, rules[0].permissions, rules[0].key) == (
        "watch",
        "/etc/passwd",
        "wa",
        "identity",
    )
    assert (rules[4].syscalls, rules[4].users, rules[4].key) == (
        ("adjtimex", "settimeofday"),
        ("auid>=1000",),
        "time",
    )
    assert (rules[5].kind, rules[5].path) == ("watch", "/var/log/faillog")
    assert rules[6].excludes


def test_areas() -> None:
    assert covered(RUNNING) == {"account", "privilege", "time", "login"}
    assert "account" not in covered(RUNNING.replace("-w /etc/group -p wa", "-w /etc/hosts -p wa"))
    assert "account" not in covered(RUNNING.replace("-w /etc/group -p wa", "-w /etc/group -p r"))
    assert covered(RUNNING.replace("-w /etc/sudoers.d -p wa -k scope", "-w /etc -p wa")) >= {
        "account",
        "privilege",
        "ssh",
    }


def test_not_installed_is_a_value() -> None:
    parts = parse_audit(ABSENT)
    assert not daemon_of(parts).installed
    assert not kernel_of(parts).enabled
    assert loaded_rules(parts) == ()


def test_a_process_without_the_program_belongs_to_a_container() -> None:
    assert not daemon_of(parse_audit(ABSENT.replace("#written", "/proc/9/comm\n#written"))).running


def test_a_kernel_that_does_not_answer_is_a_gap() -> None:
    parts = parse_audit(ABSENT.replace("#end", "#status\nrefused\n#loaded\nrefused\n#end"))
    for build in (kernel_of, loaded_rules):
        with pytest.raises(GapFound) as found:
            build(parts)
        assert found.value.gap.reason is GapReason.NO_PERMISSION


def test_a_cut_output_is_a_gap() -> None:
    with pytest.raises(GapFound):
        parse_audit(RUNNING.replace("#end", ""))


def test_only_counts_of_records_leave_the_target(tmp_path: Path) -> None:
    (tmp_path / "var/log/audit").mkdir(parents=True)
    (tmp_path / "var/log/audit/audit.log").write_text(
        "type=USER_AUTH msg=audit(1732300000.123:42): pid=1 uid=0 auid=1000 "
        'acct="CANARY" exe="/usr/sbin/sshd" res=success\'\n'
        'type=CWD msg=audit(1732300000.123:43): cwd="/CANARY"\n'
    )
    (tmp_path / "var/log/auth.log").write_text(
        "2026-11-23T06:00:00.123+00:00 h1 sshd[1]: Accepted publickey for CANARY from 10.0.0.1 port 22 ssh2\n"
        "Nov 23 06:00:01 h1 sudo: ann : TTY=pts/0 ; USER=root ; COMMAND=/bin/ls\n"
    )
    text = in_root(tmp_path, LOG_RECORDS)
    assert "CANARY" not in text
    audit, auth = parse_samples(text)
    assert (
        audit.kind,
        audit.records,
        audit.with_time,
        audit.with_user,
        audit.with_outcome,
        audit.with_object,
    ) == (
        *("audit", 2, 2, 1),
        *(1, 1),
    )
    assert (auth.records, auth.with_time, auth.with_user, auth.with_event, auth.with_outcome) == (
        2,
        2,
        2,
        2,
        2,
    )


def test_no_log_is_an_empty_list(tmp_path: Path) -> None:
    assert parse_samples(in_root(tmp_path, LOG_RECORDS)) == ()


PIECES = st.sampled_from(
    [
        "#daemon",
        "#written",
        "#config",
        "#status",
        "#loaded",
        "#end",
        "-a never",
        "enabled x",
        "num_logs=z",
        "-w",
        "end",
        "audit|1",
    ]
)


@given(st.lists(st.one_of(PIECES, st.text(max_size=20)), max_size=12))
def test_any_text_is_a_value_or_a_gap(lines: list[str]) -> None:
    text = "\n".join(lines)
    for build in (daemon_of, kernel_of, lambda parts: areas(loaded_rules(parts))):
        try:
            build(parse_audit(text))
        except GapFound:
            continue
    with suppress(GapFound):
        parse_samples(text)
