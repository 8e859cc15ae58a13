"""The audit system: daemon, kernel, rules, areas; and samples of records."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.facts.audit import AUDIT, daemon_of, kernel_of, loaded_rules, parse_audit, start_of
from secaudit.facts.audit_areas import areas
from secaudit.facts.audit_rules import AuditRule, parse_rules, rules_of_64_bits_only
from secaudit.facts.fact import GapFound
from secaudit.facts.log_records import LOG_RECORDS, parse_samples
from secaudit.facts.passwd_file import Identity
from secaudit.model.evidence import GapReason
from tests.unit.facts.answers import in_root

RUNNING = """#daemon
auditd
auditctl
#running
auditd
#starts
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
-a always,exit -F arch=b64 -S adjtimex,settimeofday,clock_settime -F auid>=1000 -F key=time
-a always,exit -F dir=/var/log/faillog -F perm=wa -F key=logins
-a never,exit -F auid=1001
#end
"""
ABSENT = "#daemon\n#running\n#starts\n#written\n#config\n#end\n"


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
        ("adjtimex", "settimeofday", "clock_settime"),
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
    assert not daemon_of(parse_audit(ABSENT.replace("#running", "#running\nauditd"))).running


def test_a_daemon_that_the_kernel_does_not_know_takes_no_records() -> None:
    assert daemon_of(parse_audit(RUNNING)).running
    assert not daemon_of(parse_audit(RUNNING.replace("pid 412", "pid 0"))).running


PEOPLE = tuple(
    Identity(name, uid, uid, "/", "/bin/sh", True, uid < 1000)
    for name, uid in (("root", 0), ("chrony", 110), ("ann", 1000))
)


def rule(text: str) -> AuditRule:
    (found,) = parse_rules([text], PEOPLE)
    return found


@pytest.mark.parametrize(
    ("text", "everybody", "leaves_out"),
    [
        ("-w /etc/passwd -p wa", True, False),
        ("-a always,exit -S execve -F auid>=1000 -F auid!=-1", True, False),
        ("-a always,exit -S execve -F auid>=1001", False, False),
        ("-a always,exit -S execve -F auid=1000", False, False),
        ("-a always,exit -S execve -F uid!=1000", False, False),
        ("-a always,exit -S execve -F subj_type=x_t", False, False),
        (
            "-a never,exit -F arch=b64 -S adjtimex -F auid=-1 -F uid=chrony -F subj_type=chronyd_t",
            False,
            False,
        ),
        ("-a never,exit -S all -F uid=110", False, False),
        ("-a never,exit -S all -F uid=0", False, True),
        ("-a never,exit -F auid=1001", False, True),
        ("-a never,exit -F gid=1001", False, True),
        ("-a exclude,always -F auid=1000", False, True),
        ("-a always,exclude -F msgtype=CWD", False, False),
        ("-a always,exclude -F msgtype=SYSCALL", False, True),
        ("-a always,exclude -F msgtype=1300", False, True),
        ("-a always,exclude -F msgtype=SYSCALL -F auid=-1", False, False),
        ("-a never,exit -S all", False, True),
        ("-a never,exit -F dir=/var/tasks -F perm=wa", False, False),
        ("-a never,user -F subj_type=crond_t", False, False),
        ("-a never,task", False, True),
        ("-a task,never", False, True),
    ],
)
def test_whom_a_rule_records_and_leaves_out(text: str, everybody: bool, leaves_out: bool) -> None:
    assert (rule(text).everybody, rule(text).leaves_out) == (everybody, leaves_out)


def test_rules_that_record_nothing_do_not_count() -> None:
    off = RUNNING.replace("-a never,exit -F auid=1001", "-a never,task")
    assert kernel_of(parse_audit(off)).recording_rules == 0
    assert covered(off) == set()
    assert kernel_of(parse_audit(RUNNING)).recording_rules == 6


def test_without_the_record_of_who_acted_nothing_is_recorded() -> None:
    off = RUNNING.replace("-a never,exit -F auid=1001", "-a always,exclude -F msgtype=SYSCALL")
    assert kernel_of(parse_audit(off)).recording_rules == 0
    assert covered(off) == set()


@pytest.mark.parametrize(
    ("lines", "recorded"),
    [
        (["-a never,exit -F arch=b64 -S mount", "-a always,exit -F arch=b64 -S mount"], False),
        (["-a never,exit -S mount,umount2 -F key=quiet", "-a always,exit -F arch=b64 -S mount"], False),
        (["-a always,exit -F arch=b64 -S mount", "-a never,exit -F arch=b64 -S mount"], True),
        (["-a never,exit -F arch=b64 -S umount2", "-a always,exit -F arch=b64 -S mount"], True),
        (["-a never,exit -F arch=b32 -S mount", "-a always,exit -F arch=b64 -S mount"], True),
        (["-a never,exit -F arch=b64 -S mount -F auid=-1", "-a always,exit -F arch=b64 -S mount"], True),
    ],
)
def test_the_first_rule_that_names_a_call_decides(lines: list[str], recorded: bool) -> None:
    assert ("mount" in areas(parse_rules(lines, PEOPLE)).recorded) is recorded


@pytest.mark.parametrize(
    ("text", "area", "recorded"),
    [
        ("-w /etc/localtime -p wa", "time", False),
        ("-a always,exit -S clock_settime", "time", False),
        ("-a always,exit -S adjtimex,settimeofday,clock_settime -F auid=1000", "time", False),
        ("-a always,exit -S execve -F exe=/usr/bin/foo", "privilege", False),
        ("-a always,exit -S execve -F auid=1000 -F euid=0", "privilege", False),
        ("-a always,exit -F arch=b64 -S execve -C uid!=euid -F euid=0 -F auid>=1000 -F auid!=unset", "privilege", True),
        ("-a always,exit -S all -F auid>=1000", "time", True),
        ("-a always,exit -F dir=/etc -F perm=wa -F auid=1000", "account", False),
        ("-a always,exit -F dir=/etc -F perm=wa", "account", True),
    ],
)  # fmt: skip
def test_a_narrowed_rule_covers_no_area(text: str, area: str, recorded: bool) -> None:
    assert (area in areas([rule(text)]).recorded) is recorded


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


def test_a_record_is_complete_when_one_line_holds_everything(tmp_path: Path) -> None:
    (tmp_path / "var/log").mkdir(parents=True)
    (tmp_path / "var/log/messages").write_text(
        "Nov 23 01:00:00 h kernel: usb 1-1: waiting for device, speed changed\n"
        "Nov 23 01:00:00 h myapp[3]: Accepted for user ann\n"
        "Nov 23 01:00:00 h sshd[3]: Server listening on 0.0.0.0 port 22.\n"
        "Nov 23 01:00:00 h sshd[3]: Connection closed by 10.0.0.1\n"
        "Nov 23 01:00:00 h sshd-session[3]: Failed password for ann from 10.0.0.1 port 22 ssh2\n"
        "Nov 23 01:00:00 h gdm[3]: pam_unix(gdm:session): session opened for user ann\n"
    )
    (messages,) = parse_samples(in_root(tmp_path, LOG_RECORDS))
    assert (messages.records, messages.complete, messages.complete_with_object) == (4, 2, 1)
    assert messages.with_zone == 0


def test_which_times_name_year_and_zone(tmp_path: Path) -> None:
    (tmp_path / "var/log/audit").mkdir(parents=True)
    (tmp_path / "var/log/auth.log").write_text(
        "2026-11-23T06:00:00.1+08:00 h sshd[1]: x\n2026-11-23T06:00:00Z h sshd[1]: x\n"
        "2026-11-23T06:00:00 h sshd[1]: x\n"
        "Nov 23 01:00:00 h sshd[3]: x\n"
    )
    (tmp_path / "var/log/audit/audit.log").write_text("type=CWD msg=audit(1732300000.123:43): cwd=x\n")
    audit, auth = parse_samples(in_root(tmp_path, LOG_RECORDS))
    assert ((audit.with_zone, audit.records), (auth.with_zone, auth.records)) == ((1, 1), (2, 4))


def test_no_log_is_an_empty_list(tmp_path: Path) -> None:
    assert parse_samples(in_root(tmp_path, LOG_RECORDS)) == ()


def daemon_with(config: str) -> dict[str, object]:
    daemon = daemon_of(parse_audit(ABSENT.replace("#config\n", f"#config\n{config}\n")))
    return {name: getattr(daemon, name) for name in daemon.__slots__}


@pytest.mark.parametrize(
    ("config", "name", "value"),
    [
        ("", "space_left_action", "ignore"),
        ("", "disk_error_action", "syslog"),
        ("space_left_action = email\nspace_left_action = IGNORE", "space_left_action", "ignore"),
        ("disk_full_action = exec /root/full.sh", "disk_full_action", "exec"),
        ("Admin_Space_Left_Action\t=\tHALT", "admin_space_left_action", "halt"),
        ("", "own_events", True),
        ("local_events = no", "own_events", False),
        ("write_logs = no", "to_disk", False),
        ("log_format = NOLOG", "to_disk", False),
        ("", "flush", "none"),
    ],
)
def test_what_auditd_does_when_something_or_nothing_is_set(config: str, name: str, value: object) -> None:
    assert daemon_with(config)[name] == value


START = ABSENT.replace("#end", "#unit\nRefuseManualStop=yes\n#boot\nx86_64\naudit=1\n#end")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (START, (True, 64, True)),
        (START.replace("=yes", " = True"), (True, 64, True)),
        (START.replace("#boot", "RefuseManualStop=no\n#boot"), (True, 64, False)),
        (START.replace("RefuseManualStop=yes\n", ""), (True, 64, False)),
        (START.replace("audit=1", "audit=0\naudit_backlog_limit=8192"), (False, 8192, True)),
        (START.replace("audit=1", "audit=1\naudit=0"), (False, 64, True)),
    ],
)
def test_how_auditing_starts(text: str, expected: tuple[bool, int, bool]) -> None:
    start = start_of(parse_audit(text))
    assert (start.from_boot, start.boot_backlog, start.refuses_stop) == expected


def test_an_older_answer_says_nothing_about_the_start() -> None:
    with pytest.raises(GapFound):
        start_of(parse_audit(ABSENT))


def test_a_drop_in_of_the_unit_is_read_after_it(tmp_path: Path) -> None:
    units = {
        "usr/lib/systemd/system/auditd.service": "yes",
        "etc/systemd/system/auditd.service.d/a.conf": "no",
    }
    (tmp_path / "etc/audit").mkdir(parents=True)
    (tmp_path / "etc/audit/auditd.conf").write_text("# flush = none\nFlush = DATA\n")
    for name, value in units.items():
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(f"[Unit]\n#RefuseManualStop=yes\nRefuseManualStop={value}\n")
    parts = parse_audit(in_root(tmp_path, AUDIT))
    assert parts["unit"] == ["RefuseManualStop=yes", "RefuseManualStop=no"]
    assert daemon_of(parts).flush == "data"


@pytest.mark.parametrize(
    ("rules", "gaps"),
    [
        (["-a always,exit -F arch=b64 -S mount", "-a always,exit -F arch=b32 -S mount,umount"], 0),
        (["-a always,exit -F arch=b64 -S mount", "-a always,exit -F arch=b32 -S chmod"], 1),
        (["-a always,exit -F arch=b64 -S mount"], 1),
        (["-a always,exit -S mount"], 0),
        (["-a always,exit -F arch=b64 -F path=/etc/passwd -F perm=wa"], 0),
        (["-a never,exit -F arch=b64 -S mount"], 0),
    ],
)
def test_rules_that_programs_of_32_bits_get_around(rules: list[str], gaps: int) -> None:
    assert len(rules_of_64_bits_only(parse_rules(rules))) == gaps


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("-w /etc/pam.d/ -p wa", "pam"),
        ("-a always,exit -F path=/usr/bin/sudo -F perm=x -F auid>=1000 -F auid!=unset", "command"),
        ("-a always,exit -F arch=b64 -S openat -F exit=-EACCES", "refused"),
        ("-w /etc/sysconfig/network-scripts -p wa", "network"),
        ("-w /etc -p wa", "job"),
        ("-w /usr/bin/dnf -p x", "package"),
    ],
)
def test_further_areas(text: str, area: str) -> None:
    assert area in areas([rule(text)]).recorded


PIECES = st.sampled_from(
    [
        "#daemon",
        "#running",
        "#starts",
        "#written",
        "#config",
        "#status",
        "#loaded",
        "#unit",
        "#boot",
        "audit_backlog_limit=x",
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
    for build in (daemon_of, kernel_of, start_of, lambda parts: areas(loaded_rules(parts))):
        try:
            build(parse_audit(text))
        except GapFound:
            continue
    with suppress(GapFound):
        parse_samples(text)
