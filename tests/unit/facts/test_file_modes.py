"""Modes of critical files, and ways in without authentication."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.facts.config_files import config_files
from secaudit.facts.fact import GapFound
from secaudit.facts.file_modes import CRITICAL, FILE_MODES, build_log_files, build_open_files, parse_modes
from secaudit.facts.login_bypass import (
    AUTO_LOGIN,
    TRUST,
    AutomaticLogin,
    build_trust_files,
    parse_automatic_logins,
    parse_trust,
)
from secaudit.facts.privileged_programs import parse_privileged
from secaudit.model.evidence import Gap, GapReason
from tests.unit.facts.answers import evidence, in_root


def test_modes_as_stat_prints_them(tmp_path: Path) -> None:
    (tmp_path / "etc/cron.d").mkdir(parents=True)
    for name, mode in (("shadow", 0o640), ("cron.d/job", 0o666)):
        (tmp_path / "etc" / name).write_text("secret")
        (tmp_path / "etc" / name).chmod(mode)
    (tmp_path / "etc/cron.d").chmod(0o1777)
    rows = {row.path: row for row in parse_modes(in_root(tmp_path, FILE_MODES))}
    shadow, job, folder = rows["/etc/shadow"], rows["/etc/cron.d/job"], rows["/etc/cron.d"]
    assert (shadow.role, shadow.mode, shadow.other_readable, shadow.group_readable) == (
        "secret",
        "0640",
        False,
        True,
    )
    assert (job.other_writable, job.group_writable, job.kind) == (True, True, "file")
    assert (folder.kind, folder.sticky, folder.mode) == ("directory", True, "1777")
    assert not rows["/etc/gshadow"].present


def test_a_log_that_is_a_device_is_open_to_nobody_and_is_no_log_file() -> None:
    text = (
        "log|character special file|666|root|root|0|0|/var/log/btmp\n"
        "log|regular file|644|root|adm|0|4|/var/log/auth.log\n"
        "log|regular file|664|root|utmp|0|43|/var/log/wtmp\n"
        "log|directory|775|root|syslog|0|104|/var/log\n"
        "secret|character special file|666|root|root|0|0|/etc/shadow-\n"
    )
    answers = evidence({FILE_MODES: text})
    assert [f.path for f in build_open_files(answers)] == ["/var/log/wtmp", "/var/log", "/etc/shadow-"]
    assert [f.path for f in build_log_files(answers)] == ["/var/log/auth.log"]


def test_folders_and_access_control_lists() -> None:
    assert {"/", "/etc", "/etc/ssh", "/usr", "/usr/bin", "/usr/sbin"} <= set(CRITICAL["system"].split())
    text = "secret|regular file|640|root|shadow|0|42|/etc/shadow\nacl|/etc/shadow\n"
    text += "system|directory|755|root|root|0|0|/\n"
    assert [(row.path, row.acl) for row in parse_modes(text)] == [("/etc/shadow", True), ("/", False)]


def test_a_plus_of_ls_is_a_list(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/shadow").write_text("")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/ls").write_text(
        "#!/bin/sh\necho '-rw-r-----+ 1 root shadow 9 Nov 23 06:00 /etc/shadow'\n"
    )
    (tmp_path / "bin/ls").chmod(0o755)
    command = replace(FILE_MODES, command=f"PATH={tmp_path}/bin:$PATH\n{FILE_MODES.command}")
    rows = {row.path: row for row in parse_modes(in_root(tmp_path, command))}
    assert (rows["/etc/shadow"].acl, rows["/etc/gshadow"].acl) == (True, False)


@pytest.mark.parametrize(
    ("line", "is_open"),
    [
        ("secret|regular file|600|root|root|0|0|/x", False),
        ("secret|regular file|640|root|shadow|0|42|/x", True),
        ("secret|regular file|604|root|root|0|0|/x", True),
        ("audit|regular file|644|root|root|0|0|/x", True),
        ("log|regular file|644|root|root|0|0|/x", False),
        ("account|regular file|644|root|root|0|0|/x", False),
        ("account|regular file|664|root|root|0|0|/x", True),
        ("account|regular file|646|root|root|0|0|/x", True),
        ("account|regular file|644|ann|root|1000|0|/x", True),
        ("account|regular file|644|root|root|0|0|/x\nacl|/x", True),
        ("account|absent|0|-|-|1|1|/x", False),
    ],
)
def test_what_is_open_to_more_than_root(line: str, is_open: bool) -> None:
    found = build_open_files(evidence({FILE_MODES: line + "\n"}))
    assert [file.path for file in found] == ["/x"] * is_open


@pytest.mark.parametrize(
    "text", ["", "secret|regular file|64x|root|root|0|0|/etc/shadow", "secret|x", "a|b|7|c|d|e|f|g"]
)
def test_bad_output_is_a_gap(text: str) -> None:
    with pytest.raises(GapFound):
        parse_modes(text)


@pytest.mark.parametrize(
    ("path", "text", "how"),
    [
        (
            "etc/systemd/system/getty@tty1.service.d/a.conf",
            "ExecStart=-/sbin/agetty -a root %I $TERM\n",
            "getty root",
        ),
        ("etc/inittab", "1:2345:respawn:/sbin/mingetty --autologin=ann tty1\n", "getty ann"),
        ("etc/gdm3/daemon.conf", "[daemon]\nAutomaticLoginEnable = true\n", "gdm AutomaticLoginEnable"),
        ("etc/lightdm/lightdm.conf", "[Seat:*]\nautologin-user=kiosk\n", "lightdm kiosk"),
        ("etc/sddm.conf", "[Autologin]\nUser=ann\n", "sddm ann"),
        (
            "etc/systemd/system/getty@tty1.service.d/a.conf",
            "ExecStart=-/sbin/agetty \\\n# why\n  --autologin root %I $TERM\n",
            "getty root",
        ),
        (
            "etc/systemd/system/getty@tty1.service.d/a.conf",
            "ExecStart=-/sbin/agetty -o '-p -f -- \\\\u' %I $TERM\n",
            "login -f",
        ),
        ("etc/inittab", "1:2345:respawn:/bin/login -f root </dev/tty1 >/dev/tty1 2>&1\n", "login -f"),
        (
            "etc/inittab",
            "~:S:wait:/sbin/sulogin\nT0:23:respawn:/bin/bash -l\n",
            "inittab sh",
        ),
        ("etc/inittab", "si::sysinit:/bin/sh\nttyS0::askfirst:-/bin/sh\n", "inittab sh"),
    ],
)
def test_automatic_logins(tmp_path: Path, path: str, text: str, how: str) -> None:
    (tmp_path / path).parent.mkdir(parents=True)
    (tmp_path / path).write_text(text)
    (found,) = automatic_logins(tmp_path, "init")
    assert (found.path, found.how) == (f"/{path}", how)


def automatic_logins(root: Path, first_process: str) -> tuple[AutomaticLogin, ...]:
    (root / "comm").write_text(first_process + "\n")
    command = AUTO_LOGIN.command.replace("/proc/1/comm", str(root / "comm"))
    return parse_automatic_logins(in_root(root, replace(AUTO_LOGIN, command=command)))


def test_a_debug_shell_and_the_inittab_of_another_init(tmp_path: Path) -> None:
    wants = tmp_path / "etc/systemd/system/sysinit.target.wants"
    wants.mkdir(parents=True)
    (wants / "debug-shell.service").symlink_to("/usr/lib/systemd/system/debug-shell.service")
    (tmp_path / "etc/inittab").write_text("T0:23:respawn:/bin/sh\n")
    assert [found.how for found in automatic_logins(tmp_path, "systemd")] == ["debug-shell.service"]


def test_a_program_is_no_shell(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    lines = (
        "1:23:respawn:/usr/bin/foo.sh",
        "2:23:respawn:/sbin/getty 38400 tty2",
        "3:23:respawn:/bin/sh /etc/rc",
    )
    (tmp_path / "etc/inittab").write_text("\n".join(lines) + "\n")
    assert automatic_logins(tmp_path, "init") == ()


@pytest.mark.parametrize(
    ("lines", "hostbased", "honoured_by"),
    [
        ("", False, ["nothing"]),
        ("", True, ["sshd"]),
        ("reader|/usr/sbin/in.rshd\n", False, ["/usr/sbin/in.rshd"]),
    ],
)
def test_what_honours_a_trust_file(lines: str, hostbased: bool, honoured_by: list[str]) -> None:
    found = evidence(
        {TRUST: f"trust|/root/.rhosts\n{lines}end\n"},
        {"sshd_branches": (SimpleNamespace(hostbased=hostbased),)},
    )
    assert [file.honoured_by for file in build_trust_files(found)] == honoured_by


def test_without_trust_files_it_does_not_matter_what_sshd_does() -> None:
    assert build_trust_files(evidence({TRUST: "end\n"}, {"sshd_branches": Gap(GapReason.FAILED)})) == ()


def test_a_comment_logs_nobody_in(tmp_path: Path) -> None:
    (tmp_path / "etc/lightdm").mkdir(parents=True)
    (tmp_path / "etc/lightdm/lightdm.conf").write_text("#autologin-user=\n[Seat:*]\nautologin-user=\n")
    assert parse_automatic_logins(in_root(tmp_path, AUTO_LOGIN)) == ()


def test_trust_files_and_keys() -> None:
    found = parse_trust("trust|/root/.rhosts\nkeys|ann|2|/home/ann/.ssh/authorized_keys\nend\n")
    assert found.files == ("/root/.rhosts",)
    assert [(row.account, row.keys) for row in found.keys] == [("ann", 2)]
    with pytest.raises(GapFound):
        parse_trust("trust|/root/.rhosts\n")


def test_programs_that_no_package_brought() -> None:
    text = "found|/usr/bin/su\nfound|/usr/local/bin/x\nfound|/opt/y\nmanager\nlogin: /bin/su\ny-tools: /opt/y\nend\n"
    assert [(p.path, p.packaged) for p in parse_privileged(text)] == [
        ("/opt/y", True),
        ("/usr/bin/su", True),
        ("/usr/local/bin/x", False),
    ]
    assert parse_privileged("end\n") == ()
    for gap in ("found|/x\nmanager\n", "found|/x\nend\n"):
        with pytest.raises(GapFound):
            parse_privileged(gap)


@given(st.text(max_size=80), st.sampled_from(["", "end\n", "keys|a|", "trust|", "#= /x\n ", "secret|f|"]))
def test_any_text_is_a_value_or_a_gap(text: str, prefix: str) -> None:
    for parse in (parse_modes, parse_privileged, parse_trust, parse_automatic_logins, config_files):
        try:
            parse(prefix + text)
        except GapFound:
            continue
