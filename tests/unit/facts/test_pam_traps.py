"""PAM stacks that look right and are not: each was tried on real hosts before it was written down."""

import pytest

from secaudit.facts.pam import parse_pam
from secaudit.facts.password_policy import password_policy
from tests.unit.facts.pam_files import DEBIAN_FAILLOCK, lockouts, printed, service


@pytest.mark.parametrize(
    ("auth", "gets_in"),
    [
        # Tried with pamtester on Debian 11, 12 and 13: authfail is no refusal, and pam_env no agreement.
        (
            """auth required pam_faillock.so preauth
auth sufficient pam_unix.so
auth required pam_faillock.so authfail""",
            True,
        ),
        (
            DEBIAN_FAILLOCK.replace("[default=die]", "required").replace("auth requisite pam_deny.so\n", ""),
            True,
        ),
        (
            "auth required pam_env.so\nauth sufficient pam_unix.so\nauth required pam_faillock.so authfail",
            False,
        ),
        ("auth required pam_env.so\nauth optional pam_unix.so", False),
        ("auth required pam_nologin.so\nauth sufficient pam_unix.so", False),
        (DEBIAN_FAILLOCK, False),
    ],
)
def test_a_wrong_password_where_nothing_refuses_it(auth: str, gets_in: bool) -> None:
    assert service(auth).admits_wrong_password is gets_in


@pytest.mark.parametrize(
    ("first", "exempt", "root"),
    [
        ("auth [success=3 default=ignore] pam_succeed_if.so user = ann", ("ann",), True),
        ("auth [success=3 default=ignore] pam_succeed_if.so quiet user ingroup kiosk", ("ann",), True),
        ("auth [success=3 default=ignore] pam_succeed_if.so user ingroup nopasswdlogin", (), True),
        ("auth [success=3 default=ignore] pam_succeed_if.so uid = 0", (), False),
    ],
)
def test_who_is_led_past_the_lockout(first: str, exempt: tuple[str, ...], root: bool) -> None:
    """Tried on Debian 12: six wrong passwords, then the right one, which got in."""
    auth = f"""{first}
auth required pam_faillock.so preauth even_deny_root
auth [success=3 default=ignore] pam_unix.so
auth [default=die] pam_faillock.so authfail even_deny_root
auth [success=1 default=ignore] pam_unix.so
auth requisite pam_deny.so
auth required pam_permit.so"""
    (row,) = lockouts(parse_pam(printed({"sshd": auth})))
    assert (row.active, row.exempt, row.root_included) == (True, exempt, root)


def test_a_count_in_another_folder_locks_nobody() -> None:
    auth = DEBIAN_FAILLOCK.replace("preauth", "preauth dir=/run/other")
    (row,) = lockouts(parse_pam(printed({"sshd": auth})))
    assert not row.active


@pytest.mark.parametrize(
    ("stack", "kept_out"),
    [
        ("password required pam_unix.so\npassword required CHECKER", False),
        ("password required CHECKER\npassword sufficient pam_unix.so\npassword required pam_deny.so", False),
        ("password required CHECKER\npassword required pam_unix.so try_first_pass", False),
        ("password required CHECKER\npassword required pam_unix.so use_authtok", True),
        ("password required CHECKER\npassword required pam_unix.so use_first_pass", True),
        ("password optional CHECKER\npassword required pam_unix.so use_authtok", True),
        ("password optional CHECKER\npassword required pam_unix.so", False),
        ("password requisite CHECKER\npassword required pam_unix.so", True),
        (
            "password required CHECKER\npassword required pam_pwhistory.so\npassword required pam_unix.so use_authtok",
            False,
        ),
        (
            "password [default=1] pam_echo.so\npassword requisite CHECKER\npassword required pam_unix.so",
            False,
        ),
    ],
)
def test_a_weak_password_is_set_where_pam_unix_comes_first_or_asks_anew(stack: str, kept_out: bool) -> None:
    """Tried with passwd(1) on Debian 11, 12 and 13: the weak password, given again and again."""
    checked = stack.replace("CHECKER", "pam_pwquality.so minlen=10 minclass=3")
    assert password_policy(parse_pam(printed({"passwd": checked}))).enforced is kept_out


def test_of_two_checkers_the_stricter_one_counts() -> None:
    stack = """password requisite pam_pwquality.so minlen=6
password requisite pam_pwquality.so minlen=10 minclass=4
password required pam_unix.so use_authtok"""
    policy = password_policy(parse_pam(printed({"passwd": stack})))
    assert (policy.min_length, policy.min_classes) == (10, 4)
