"""How long security logs stay: logrotate, and which files are theirs."""

from pathlib import Path

import pytest

from secaudit.facts.log_retention import ROTATION, LogFile, logins_file, parse_rotation, retention
from tests.unit.facts.answers import in_root


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
        ("/var/log/auth.log {\n rotate 26\n weekly\n maxsize 1M\n}\n", (0, True)),
        ("/var/log/auth.log {\n rotate 26\n maxsize 1M\n weekly\n}\n", (0, True)),
        ("/var/log/auth.log {\n rotate 26\n size 1M\n weekly\n}\n", (182, False)),
        ("/var/log/auth.log {\n hourly\n rotate 200\n}\n", (8, False)),
    ],
)
def test_days_kept(tmp_path: Path, text: str, expected: tuple[int, bool]) -> None:
    assert kept(tmp_path, text) == expected


@pytest.mark.parametrize("name", ["rsyslog.dpkg-old", "rsyslog.rpmsave", "rsyslog~", "rsyslog.off"])
def test_files_that_logrotate_passes_over(tmp_path: Path, name: str) -> None:
    (tmp_path / "etc/logrotate.d").mkdir(parents=True)
    (tmp_path / "etc/logrotate.conf").write_text("tabooext + .off\n")
    (tmp_path / "etc/logrotate.d" / name).write_text("/var/log/auth.log {\n rotate 26\n weekly\n}\n")
    assert retention(parse_rotation(in_root(tmp_path, ROTATION)), []) == ()


def test_the_oldest_record_is_a_date() -> None:
    files = [LogFile("/var/log/secure", 1_763_000_000), LogFile("/var/log/secure-20251001", 1_759_000_000)]
    (row,) = retention((), files)
    assert (row.log, row.oldest_date, row.files, row.rotated) == ("auth", "2025-09-27", 2, False)


def test_what_is_no_rotation_of_a_log_tells_nothing_of_its_age() -> None:
    names = [
        "auth.log",
        "auth.log.orig",
        "auth.log.bak-2020",
        "auth.log.4.gz",
        "auth.log-20260101-1767225600.xz",
    ]
    files = [LogFile(f"/var/log/{name}", 1_763_000_000 - 1000 * i) for i, name in enumerate(names)]
    (row,) = retention((), [*files, LogFile("/var/log/auth.log.9", 1, 0)])
    assert (row.files, row.oldest_s) == (3, files[-1].written_s)


@pytest.mark.parametrize(
    ("lines", "daemons", "path"),
    [
        (("keeps *.info;mail.none /var/log/messages",), ("rsyslog",), "/var/log/messages"),
        (("keeps mail.* /x", "keeps ? /z", "keeps authpriv.* /var/log/auth.log"), ("rsyslog",), "/var/log/auth.log"),
        (("keeps authpriv.* /data/logins",), ("rsyslog",), "/data/logins"),
        (("keeps *.*;authpriv.none /var/log/messages",), ("rsyslog",), ""),
        ((), ("syslogd",), "/var/log/messages"),
        ((), ("syslog-ng",), ""),
    ],
)  # fmt: skip
def test_the_file_of_logins_is_the_one_they_are_written_to(
    lines: tuple[str, ...], daemons: tuple[str, ...], path: str
) -> None:
    assert logins_file(lines, daemons) == path
    rows = retention((), [LogFile("/var/log/messages", 1_763_000_000)], path)
    others = ["elsewhere"] if path == "/data/logins" else []
    assert [row.log for row in rows] == ["auth" if path == "/var/log/messages" else "syslog", *others]
