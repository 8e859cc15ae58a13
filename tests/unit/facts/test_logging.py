"""Where logs are sent and how long they stay."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.facts.config_files import config_files
from secaudit.facts.fact import GapFound
from secaudit.facts.kept_facilities import FACILITIES, kept_facilities
from secaudit.facts.log_reception import reception
from secaudit.facts.log_retention import parse_log_files, parse_rotation, retention
from secaudit.facts.logging import Logging, logging_of, targets_of
from secaudit.facts.logging_probe import LOGGING
from secaudit.facts.rsyslog_rules import rsyslog_lines
from tests.unit.facts.answers import in_root
from tests.unit.facts.test_rsyslog import targets

SYSLOG_NG = """@version: 3.38
source s { system(); internal(); }; source s_net { network(ip("0.0.0.0") port(514)); };
destination d { network("10.0.0.9" port(6514)); };
"""


@pytest.mark.parametrize(
    ("paths", "selector"),
    [
        ("log { source(s); destination(d); };", "all"),
        ("log {\n source(s); source(s_net);\n destination(d);\n};\n", "all"),
        ("log { source(s); destination(other); };", "none"),
        ("log { source(s_net); destination(d); };", "?"),
        ("log { source(s); filter(f_mail); destination(d); };", "?"),
        ("log { source(s); destination(x); flags(final); };\nlog { source(s); destination(d); };", "?"),
        ("", "none"),
        ("# log { source(s); destination(d); };", "none"),
    ],
)
def test_syslog_ng_sends_what_a_log_path_sends(tmp_path: Path, paths: str, selector: str) -> None:
    (found,) = targets(tmp_path, "syslog-ng/syslog-ng.conf", SYSLOG_NG + paths + "\n")
    assert (found.via, found.target, found.port) == ("syslog-ng", "10.0.0.9", 6514)
    assert (found.selector, found.logins, found.undecided) == (selector, selector == "all", selector == "?")


def test_a_destination_inside_a_log_path_is_undecided(tmp_path: Path) -> None:
    text = "log { source(s); destination { udp(10.0.0.9); }; };\n"
    (found,) = targets(tmp_path, "syslog-ng/syslog-ng.conf", text)
    assert (found.target, found.port, found.protocol, found.undecided) == ("10.0.0.9", 514, "udp", True)


def test_audisp_needs_auditd_and_its_sender() -> None:
    text = "#= running\n auditd\n audisp-remote\n#= program auditd\n here\n"
    files = "#= /etc/audit/plugins.d/au-remote.conf\n active=yes\n#= /etc/audit/audisp-remote.conf\n remote_server=x\n"
    (found,) = targets_of(config_files(text + files))
    assert found.daemon_runs
    for missing in (" auditd\n", " audisp-remote\n", "#= program auditd\n here\n"):
        (found,) = targets_of(config_files(text.replace(missing, "") + files))
        assert not found.daemon_runs
    assert logging_of(config_files(text)).shippers == ()


def test_audisp_only_when_it_is_active(tmp_path: Path) -> None:
    assert targets(tmp_path, "audit/audisp-remote.conf", "remote_server = 10.0.0.9\nport = 60\n") == []
    (found,) = targets(tmp_path, "audit/plugins.d/au-remote.conf", "active = yes\n")
    assert (found.via, found.target, found.selector) == ("audisp", "10.0.0.9", "audit")


def test_secrets_stay_on_the_target(tmp_path: Path) -> None:
    text = (
        '# CANARY\naction(type="ommysql" server="db" uid="u" pwd="CANARY")\n'
        'action(type="omfwd" target="x" key="CANARY")\n'
    )
    targets(tmp_path, "rsyslog.d/a.conf", text)
    targets(tmp_path, "systemd/journal-upload.conf", "URL=https://user:CANARY@log.example:443\n")
    assert "CANARY" not in in_root(tmp_path, LOGGING)


def test_the_journal_and_the_daemons() -> None:
    text = "#= running\n rsyslogd\n systemd-journal\n filebeat\n#= /var/log/journal\n here\n"
    text += "#= program rsyslogd\n here\n"
    found = logging_of(config_files(text))
    assert (found.daemons, found.shippers, found.journal_persistent) == (
        ("rsyslog", "journald"),
        ("filebeat",),
        True,
    )
    volatile = text + "#+ /etc/systemd/journald.conf\n#= /etc/systemd/journald.conf\n Storage=volatile\n"
    assert not logging_of(config_files(volatile)).journal_persistent
    assert logging_of(config_files(text.replace("#= program rsyslogd\n here\n", ""))).daemons == ("journald",)


PIECES = st.sampled_from(
    [
        "#= /etc/rsyslog.conf",
        " legacy *.* @x",
        " action type=omfwd target=",
        " action selector=? type=omfwd target=x",
        " discards ?",
        "#= /etc/syslog-ng/syslog-ng.conf",
        " syslog-ng tcp x 514 d",
        " syslog-ng-log plain s d",
        " syslog-ng-source s",
        " rotate x",
        " {",
        " }",
        " /var/log/x {",
        "end",
        "file|1|2|/x",
        "file|9999999999999999|1|/var/log/secure",
    ]
)


@given(st.lists(st.one_of(PIECES, st.text(max_size=20).map(lambda t: " " + t)), max_size=10))
def test_any_text_is_a_value_or_a_gap(lines: list[str]) -> None:
    text = "\n".join(lines)
    for build in (
        lambda t: targets_of(config_files(t)),
        lambda t: logging_of(config_files(t)),
        parse_rotation,
        lambda t: retention((), parse_log_files(t)),
    ):
        try:
            build(text)
        except GapFound:
            continue


@pytest.mark.parametrize(
    ("path", "text", "encrypted", "queued"),
    [
        ("rsyslog.conf", "*.* @@10.0.0.9", "no", False),
        ("rsyslog.conf", "$ActionSendStreamDriverMode 1\n$ActionQueueFileName fwd\n*.* @@10.0.0.9", "yes", True),
        ("rsyslog.conf", "$ActionSendStreamDriverMode 1\n$ActionSendStreamDriverMode 0\n*.* @@10.0.0.9", "no", False),
        (
            "rsyslog.conf",
            '*.* action(type="omfwd" target="10.0.0.9" protocol="tcp"\n StreamDriverMode="1" queue.fileName="f")',
            "yes",
            True,
        ),
        ("rsyslog.conf", '*.* action(type="omfwd" target="10.0.0.9" StreamDriverMode="0")', "no", False),
        ("rsyslog.conf", '*.* action(type="omrelp" target="10.0.0.9" tls="on")', "yes", False),
        ("rsyslog.conf", '*.* action(type="omkafka" target="10.0.0.9")', "?", False),
        (
            "syslog-ng/syslog-ng.conf",
            'destination d { network("10.0.0.9" port(6514) transport("tls") tls(ca-dir("/x")) disk-buffer(x())); };',
            "yes",
            True,
        ),
        ("syslog-ng/syslog-ng.conf", 'destination d { network("10.0.0.9" port(514)); };', "no", False),
        ("systemd/journal-upload.conf", "[Upload]\nURL=http://10.0.0.9", "no", True),
        ("systemd/journal-upload.conf", "[Upload]\n#URL=http://10.0.0.8\nURL=10.0.0.9", "yes", True),
    ],
)  # fmt: skip
def test_how_records_travel(tmp_path: Path, path: str, text: str, encrypted: str, queued: bool) -> None:
    (found,) = targets(tmp_path, path, text + "\n")
    assert (found.encrypted, found.queued) == (encrypted, queued)


BELOW_USR, BELOW_ETC = "/usr/lib/systemd/journald.conf.d", "/etc/systemd/journald.conf.d"


@pytest.mark.parametrize(
    ("files", "persistent"),
    [
        ({"/etc/systemd/journald.conf": "Storage=persistent"}, True),
        ({"/etc/systemd/journald.conf": "Storage=persistent", f"{BELOW_USR}/a.conf": "Storage=none"}, False),
        ({f"{BELOW_USR}/z.conf": "Storage=none", f"{BELOW_ETC}/a.conf": "Storage=persistent"}, False),
        ({f"{BELOW_USR}/z.conf": "Storage=none", f"{BELOW_ETC}/z.conf": "x=y"}, True),
        ({"/usr/lib/systemd/journald.conf": "Storage=none", "/etc/systemd/journald.conf": ""}, True),
        ({"/etc/systemd/journald.conf": "MaxLevelStore=err"}, False),
        ({"/etc/systemd/journald.conf": "MaxLevelStore=6"}, True),
    ],
)
def test_files_of_journald_hold_in_the_order_of_their_names(files: dict[str, str], persistent: bool) -> None:
    text = "#= /var/log/journal\n here\n" + "".join(f"#= {path}\n {line}\n" for path, line in files.items())
    assert logging_of(config_files(text)).journal_persistent is persistent


BOTH = (True, True)
RUNS = Logging(("rsyslog",), (), (), False, False, -1)


@pytest.mark.parametrize(
    ("text", "kept", "unsure"),
    [
        ("auth,authpriv.* /var/log/auth.log", {"auth", "authpriv"}, set()),
        ("authpriv.*\t-/var/log/secure", {"authpriv"}, set()),
        ("*.info;mail.none;authpriv,cron.none /var/log/messages", {*FACILITIES} - {"mail", "authpriv", "cron"}, set()),
        ("cron.err /var/log/cron", set(), set()),
        ("cron.* /dev/null", set(), set()),
        ("# cron.* /var/log/cron", set(), set()),
        ("cron.* stop\ncron.* /var/log/cron", set(), set()),
        ("cron.* /var/log/cron\ncron.* stop", {"cron"}, set()),
        ('if $msg contains "x" then stop\ncron.* /var/log/cron', set(), {"cron"}),
        ('cron.* action(type="omfile" file="/var/log/cron")', {"cron"}, set()),
        ('cron.* action(type="omfile" dynaFile="t")', {"cron"}, set()),
        ("cron.* ?PerHost", {"cron"}, set()),
        ("cron.* :omfile:/var/log/cron", {"cron"}, set()),
        ("cron.* /dev/tty12", set(), set()),
        ("cron.*;cron.!info /var/log/cron", set(), set()),
        ('if $programname == "x" then {\n cron.* /var/log/cron\n}', set(), set(FACILITIES)),
    ],
)  # fmt: skip
def test_which_facilities_are_kept(tmp_path: Path, text: str, kept: set[str], unsure: set[str]) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/rsyslog.conf").write_text(text + "\n")
    found = kept_facilities(rsyslog_lines(config_files(in_root(tmp_path, LOGGING))), RUNS, "yes")
    assert (set(found.kept), set(found.unsure)) == (kept, unsure)


@pytest.mark.parametrize(
    ("daemons", "persistent", "kept", "unsure"),
    [
        (("journald",), True, 8, 0),
        (("journald",), False, 0, 0),
        (("syslog-ng",), False, 0, 8),
        (("syslogd",), False, 0, 8),
        ((), True, 0, 0),
    ],
)
def test_who_keeps_facilities(daemons: tuple[str, ...], persistent: bool, kept: int, unsure: int) -> None:
    found = kept_facilities(
        ("keeps *.* /var/log/all",), Logging(daemons, (), (), persistent, False, -1), "yes"
    )
    assert (len(found.kept), len(found.unsure)) == (kept, unsure)


@pytest.mark.parametrize(
    ("heard", "kept", "unsure"), [("yes", 8, 0), ("no", 1, 0), ("?", 1, 7)]
)  # the kernel's records come another way
def test_what_does_not_come_is_not_kept(heard: str, kept: int, unsure: int) -> None:
    found = kept_facilities(("keeps *.* /var/log/all",), RUNS, heard)
    assert (len(found.kept), len(found.unsure)) == (kept, unsure)


@pytest.mark.parametrize(
    ("span", "days"), [("6month", 182), ("2week 3d", 17), ("90000", 1), ("0", -1), ("", -1), ("1year", 365)]
)
def test_how_long_a_journal_keeps_entries(span: str, days: int) -> None:
    text = f"#= /etc/systemd/journald.conf\n MaxRetentionSec={span.replace(' ', '')}\n"
    assert logging_of(config_files(text)).journal_max_days == days


@pytest.mark.parametrize("span", ["soon", "5fortnights", "-1"])
def test_a_span_that_is_none_is_a_gap(span: str) -> None:
    with pytest.raises(GapFound):
        logging_of(config_files(f"#= /etc/systemd/journald.conf\n MaxRetentionSec={span}\n"))


@pytest.mark.parametrize(
    ("path", "text", "target", "selector"),
    [
        ("syslog.conf", "*.info\t@10.0.0.9", "10.0.0.9", "*.info"),
        ("conf.d/syslog", 'SYSLOGD_OPTS="-t -R 10.0.0.9:5140 -L"', "10.0.0.9", "*.*"),
        ("default/busybox-syslogd", 'SYSLOG_OPTS="-R log.corp"', "log.corp", "*.*"),
    ],
)
def test_small_daemons_send_too(tmp_path: Path, path: str, text: str, target: str, selector: str) -> None:
    (found,) = targets(tmp_path, path, text + "\n")
    assert (found.via, found.target, found.selector, found.daemon_runs) == (
        "syslogd",
        target,
        selector,
        False,
    )


@pytest.mark.parametrize("line", ["# SYSLOGD_OPTS=-R 10.0.0.9", 'SYSLOGD_OPTS="-t -Z"', "SYSLOGD_OPTS=-S"])
def test_a_small_daemon_that_sends_nothing(tmp_path: Path, line: str) -> None:
    assert targets(tmp_path, "conf.d/syslog", line + "\n") == []


@pytest.mark.parametrize(
    ("text", "receives", "by_sender"),
    [
        ('module(load="imtcp")', False, False),
        ('module(load="imtcp")\ninput(type="imtcp" port="514")', True, False),
        ('input(\n  type="imudp"\n  port="514"\n)\n*.* ?PerHost', True, True),
        ("$UDPServerRun 514\n*.* -?PerHost;format", True, True),
        ("#$InputTCPServerRun 514", False, False),
        ('input(type="imrelp" ruleset="r")\nruleset(name="r") {action(type="omfile" dynaFile="t")}', *BOTH),
        ('input(type="imfile" File="/x")', False, False),
    ],
)  # fmt: skip
def test_what_takes_records_in(tmp_path: Path, text: str, receives: bool, by_sender: bool) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/rsyslog.conf").write_text(text + "\n")
    found = reception(config_files(in_root(tmp_path, LOGGING)), RUNS)
    assert (found.receives, found.by_sender, found.unsure) == (receives, by_sender, False)


def test_syslog_ng_takes_records_in(tmp_path: Path) -> None:
    (tmp_path / "etc/syslog-ng").mkdir(parents=True)
    (tmp_path / "etc/syslog-ng/syslog-ng.conf").write_text(SYSLOG_NG)
    daemons = Logging(("syslog-ng",), (), (), False, False, -1)
    assert reception(config_files(in_root(tmp_path, LOGGING)), daemons).unsure


LINES = st.sampled_from(
    [
        "#= /etc/rsyslog.conf",
        "#= /etc/rsyslog.d/a.conf",
        "#= /etc/syslog.conf",
        " includes /etc/rsyslog.d/*",
        " receives",
    ]
    + [
        " keeps *.* /x",
        " discards ?",
        " legacy *.* @h no no",
        " MaxRetentionSec=9y",
        "#= /etc/systemd/journald.conf",
    ]
)


@given(st.lists(st.one_of(LINES, st.text(max_size=20)), max_size=12))
def test_any_text_of_log_settings_is_a_value_or_a_gap(lines: list[str]) -> None:
    with suppress(GapFound):
        files = config_files("\n".join(lines))
        targets_of(files)
        kept_facilities(rsyslog_lines(files), RUNS, "yes")
        reception(files, logging_of(files))


@pytest.mark.parametrize("line", [" includes /etc/rsyslog.d/*", " keeps *.* /x"])
def test_more_than_a_person_writes_is_a_gap(line: str) -> None:
    text = (
        "#= /etc/rsyslog.conf\n" + f"{line}\n" * 6000 + "#= /etc/rsyslog.d/a.conf\n" + " keeps a.* /x\n" * 9
    )
    with pytest.raises(GapFound):
        kept_facilities(rsyslog_lines(config_files(text)), RUNS, "yes")
