"""Where logs are sent and how long they stay."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.facts.config_files import config_files
from secaudit.facts.fact import GapFound
from secaudit.facts.log_retention import ROTATION, LogFile, parse_log_files, parse_rotation, retention
from secaudit.facts.logging import LOGGING, LogTarget, log_targets, logging_of
from tests.unit.facts.answers import in_root


def targets(root: Path, path: str, text: str) -> list[LogTarget]:
    file = root / "etc" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return list(log_targets(config_files(in_root(root, LOGGING))))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("*.* @@10.0.0.9:6514", ("10.0.0.9", 6514, "tcp", "*.*", True)),
        ("auth,authpriv.*  @log.example", ("log.example", 514, "udp", "auth,authpriv.*", True)),
        ("*.* @(z9)10.0.0.9:514", ("10.0.0.9", 514, "udp", "*.*", True)),
        ("*.* @@[2001:db8::1]:514", ("2001:db8::1", 514, "tcp", "*.*", True)),
        ("*.* @127.0.0.1", ("127.0.0.1", 514, "udp", "*.*", False)),
        (
            '*.* action(type="omfwd" target="10.0.0.9" port="601" protocol="tcp")',
            ("10.0.0.9", 601, "tcp", "all", True),
        ),
        ('action(\n  type="omfwd"\n  Target="10.0.0.9"\n)', ("10.0.0.9", 514, "udp", "all", True)),
        ('action(type="omrelp" target="10.0.0.9" port="2514")', ("10.0.0.9", 2514, "tcp", "all", True)),
    ],
)
def test_rsyslog_in_every_syntax(
    tmp_path: Path, line: str, expected: tuple[str, int, str, str, bool]
) -> None:
    (found,) = targets(tmp_path, "rsyslog.d/a.conf", line + "\n")
    assert (found.target, found.port, found.protocol, found.selector, found.outside) == expected


@pytest.mark.parametrize(
    ("selector", "logins"),
    [
        ("*.*", True),
        ("*.info;mail.none", True),
        ("auth,authpriv.*", True),
        ("authpriv.info", True),
        ("*.emerg", False),
        ("*.err;authpriv.*", True),
        ("*.*;auth,authpriv.none", False),
        ("mail.*", False),
    ],
)
def test_whether_logins_are_sent(tmp_path: Path, selector: str, logins: bool) -> None:
    (found,) = targets(tmp_path, "rsyslog.conf", f"{selector} @@10.0.0.9\n")
    assert found.logins is logins


@pytest.mark.parametrize(
    "line",
    [
        "# *.* @@10.0.0.9",
        "auth.* /var/log/auth.log",
        'action(type="omfile" file="/var/log/x")',
        "mail.* -/var/log/mail",
    ],
)
def test_what_sends_nothing(tmp_path: Path, line: str) -> None:
    assert targets(tmp_path, "rsyslog.conf", line + "\n") == []


def test_syslog_ng(tmp_path: Path) -> None:
    text = 'source s { network(ip("0.0.0.0") port(514)); };\ndestination d { network("10.0.0.9" port(6514)); };\n'
    (found,) = targets(tmp_path, "syslog-ng/syslog-ng.conf", text)
    assert (found.via, found.target, found.port) == ("syslog-ng", "10.0.0.9", 6514)


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


def kept(root: Path, text: str, path: str = "/var/log/auth.log") -> tuple[int, bool]:
    (root / "etc/logrotate.d").mkdir(parents=True, exist_ok=True)
    (root / "etc/logrotate.conf").write_text("weekly\nrotate 4\ncreate\n")
    (root / "etc/logrotate.d/rsyslog").write_text(text)
    (row,) = [row for row in retention(parse_rotation(in_root(root, ROTATION)), []) if row.path == path]
    return row.kept_days, row.by_size


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "/var/log/auth.log\n/var/log/cron\n{\n rotate 26\n weekly\n postrotate\n rotate 1\n endscript\n}\n",
            (182, False),
        ),
        ("/var/log/auth.log {\n  monthly\n rotate 6\n}\n", (180, False)),
        ("/var/log/*.log { daily\n rotate 7 }\n", (7, False)),
        ("/var/log/auth.log {\n}\n", (28, False)),
        ("/var/log/auth.log {\n rotate 100\n maxage 30\n}\n", (30, False)),
        ("/var/log/auth.log {\n rotate 400\n size 10M\n}\n", (0, True)),
        ("/var/log/auth.log {\n rotate -1\n}\n", (99999, False)),
        ("/var/log/auth.log {\n rotate 0\n}\n", (0, False)),
    ],
)
def test_days_kept(tmp_path: Path, text: str, expected: tuple[int, bool]) -> None:
    assert kept(tmp_path, text) == expected


def test_the_oldest_record_is_a_date() -> None:
    files = [LogFile("/var/log/secure", 1_763_000_000), LogFile("/var/log/secure-20251001", 1_759_000_000)]
    (row,) = retention((), files)
    assert (row.log, row.oldest_date, row.files, row.rotated) == ("auth", "2025-09-27", 2, False)


PIECES = st.sampled_from(
    [
        "#= /etc/rsyslog.conf",
        " legacy *.* @x",
        " action type=omfwd target=",
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
        lambda t: log_targets(config_files(t)),
        lambda t: logging_of(config_files(t)),
        parse_rotation,
        lambda t: retention((), parse_log_files(t)),
    ):
        try:
            build(text)
        except GapFound:
            continue
