"""Who is locked out after how many wrong passwords, as pam_faillock and pam_tally2 do it."""

from pathlib import Path

import pytest

from secaudit.facts.fact import GapFound
from secaudit.facts.pam import PAM_FILES, parse_pam
from secaudit.facts.pam_lockout import Lockout
from tests.unit.facts.answers import in_root
from tests.unit.facts.pam_files import (
    DEBIAN,
    DEBIAN_FAILLOCK,
    RHEL_7_TALLY,
    RHEL_9,
    lockouts,
    login_services,
    printed,
)


def test_debian_as_installed_has_no_lockout_and_knows_nullok() -> None:
    found = parse_pam(
        printed({"login": "@include common-auth", "sshd": "@include common-auth", "common-auth": DEBIAN})
    )
    assert [(row.service, row.active, row.module) for row in lockouts(found)] == [
        ("login", False, "none"),
        ("sshd", False, "none"),
    ]
    (login, _) = login_services(found)
    assert (login.admits_wrong_password, login.admits_empty_password) == (False, True)


def test_debian_with_faillock_takes_the_man_pages_values() -> None:
    (row,) = lockouts(parse_pam(printed({"sshd": "@include common-auth", "common-auth": DEBIAN_FAILLOCK})))
    assert (row.active, row.deny, row.unlock_time_s, row.root_included) == (True, 3, 600, False)


def test_rhel_9_reads_its_file_and_arguments_win() -> None:
    services = {"sshd": "auth substack password-auth", "password-auth": RHEL_9}
    conf = "deny = 4\nunlock_time = never\neven_deny_root"
    (row,) = lockouts(parse_pam(printed(services, faillock=conf)))
    assert (row.active, row.deny, row.unlock_time_s, row.root_included) == (True, 4, 0, True)
    services["password-auth"] = RHEL_9.replace("preauth silent", "preauth silent deny=7")
    assert lockouts(parse_pam(printed(services, faillock=conf)))[0].deny == 7


def lockout(conf: str = "", arguments: str = "") -> Lockout:
    services = {"sshd": DEBIAN_FAILLOCK.replace("preauth", f"preauth {arguments}")}
    (row,) = lockouts(parse_pam(printed(services, faillock=conf)))
    return row


def test_how_long_root_is_locked_and_how_long_failures_count() -> None:
    row = lockout("even_deny_root\nunlock_time = 700")
    assert (row.root_unlock_time_s, row.fail_interval_s) == (700, 900)
    row = lockout("even_deny_root\nroot_unlock_time = 1", "fail_interval=60")
    assert (row.unlock_time_s, row.root_unlock_time_s, row.fail_interval_s) == (600, 1, 60)


@pytest.mark.parametrize(
    ("module", "says", "deny"),
    [
        ("pam_faillock.so", "/etc/security/faillock.conf", 9),
        ("pam_faillock.so", "/usr/etc/security/faillock.conf", 9),
        ("pam_faillock.so", "/var/run/faillock", 3),
        ("pam_other.so", "", 9),
    ],
)
def test_a_file_counts_where_the_module_knows_it(tmp_path: Path, module: str, says: str, deny: int) -> None:
    """CentOS 7 has pam_faillock, which reads arguments only; without the module's own file nothing is said of it."""
    for folder in ("etc/pam.d", "etc/security", "usr/lib64/security"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "etc/pam.d/sshd").write_text(DEBIAN_FAILLOCK + "\n")
    (tmp_path / "etc/security/faillock.conf").write_text("deny = 9\n")
    (tmp_path / "usr/lib64/security/pam_unix.so").write_text("\n")
    (tmp_path / "usr/lib64/security" / module).write_bytes(b"\x7fELF\0" + says.encode() + b"\0")
    (row,) = lockouts(parse_pam(in_root(tmp_path, PAM_FILES)))
    assert row.deny == deny


def test_a_file_of_its_own_that_is_not_read_is_a_gap() -> None:
    with pytest.raises(GapFound, match="/etc/other"):
        lockout(arguments="conf=/etc/other.conf")
    assert lockout(arguments="conf=/etc/security/faillock.conf").active


def test_tally2_counts_by_itself() -> None:
    (row,) = lockouts(parse_pam(printed({"login": "auth include system-auth", "system-auth": RHEL_7_TALLY})))
    assert (row.module, row.active, row.deny, row.unlock_time_s) == ("pam_tally2", True, 5, 900)
    without = RHEL_7_TALLY.replace(" deny=5", "")
    assert not lockouts(parse_pam(printed({"login": without})))[0].active


@pytest.mark.parametrize(
    ("trap", "auth"),
    [
        (
            "the counting line comes after a decision",
            "auth requisite pam_unix.so\nauth required pam_faillock.so authfail",
        ),
        ("it is jumped over", DEBIAN_FAILLOCK.replace("default=ignore] pam_unix", "default=1] pam_unix")),
        ("it is for accounts only", "auth required pam_unix.so\naccount required pam_faillock.so"),
        (
            "nothing looks at the count",
            "auth sufficient pam_unix.so\nauth required pam_faillock.so authfail\n",
        ),
        ("deny is 0", DEBIAN_FAILLOCK.replace("preauth", "preauth deny=0")),
    ],
)
def test_a_lockout_module_without_effect_is_none(trap: str, auth: str) -> None:
    (row,) = lockouts(parse_pam(printed({"sshd": auth})))
    assert not row.active, trap
