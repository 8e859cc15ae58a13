"""What a new password must be, as the password stack of PAM enforces it."""

import pytest

from secaudit.facts.fact import GapFound
from secaudit.facts.pam import parse_pam
from secaudit.facts.password_policy import password_policy
from tests.unit.facts.pam_files import printed


@pytest.mark.parametrize(
    ("arguments", "conf", "length", "classes"),
    [
        ("", "", 8, 0),
        ("", "minlen = 12\nminclass = 3", 12, 3),
        ("minlen=14", "minlen = 8", 14, 0),
        ("", "dcredit = -1\nucredit = -1\nlcredit = -1\nocredit = -1", 8, 4),
        ("", "minlen = 12\ndcredit = 2", 10, 0),
        ("", "minlen = 3", 6, 0),
    ],
)
def test_pwquality_file_arguments_and_credits(arguments: str, conf: str, length: int, classes: int) -> None:
    stack = f"password requisite pam_pwquality.so retry=3 {arguments}\npassword required pam_unix.so yescrypt"
    policy = password_policy(parse_pam(printed({"passwd": stack}, pwquality=conf)))
    assert (policy.enforced, policy.min_length, policy.min_classes) == (True, length, classes)
    assert not policy.enforced_for_root


def test_pwquality_folder_is_read_before_the_file() -> None:
    text = printed(
        {"passwd": "password requisite pam_pwquality.so\npassword required pam_unix.so"},
        pwquality="minlen = 9",
    )
    text += "\n#= /etc/security/pwquality.conf.d/a.conf\n minlen = 20\n minclass = 3"
    policy = password_policy(parse_pam(text))
    assert (policy.min_length, policy.min_classes) == (9, 3)


def test_a_module_that_is_optional_or_only_warns_enforces_nothing() -> None:
    optional = "password optional pam_pwquality.so\npassword required pam_unix.so"
    assert not password_policy(parse_pam(printed({"passwd": optional}))).enforced
    warns = "password requisite pam_pwquality.so\npassword required pam_unix.so"
    assert not password_policy(parse_pam(printed({"passwd": warns}, pwquality="enforcing = 0"))).enforced


@pytest.mark.parametrize(
    "stack",
    [
        "password requisite pam_deepin_pw_check.so retry=3\npassword required pam_unix.so obscure",
        "password [success=1 default=ignore] pam_own.so\npassword requisite pam_deny.so\npassword required pam_unix.so",
    ],
)
def test_a_checker_that_is_not_known_is_a_gap(stack: str) -> None:
    with pytest.raises(GapFound, match="asks of a new password"):
        password_policy(parse_pam(printed({"passwd": stack})))
    harmless = "password optional pam_own.so\npassword required pam_unix.so obscure"
    assert password_policy(parse_pam(printed({"passwd": harmless}))).min_length == 6


def test_other_modules() -> None:
    unix = password_policy(
        parse_pam(printed({"passwd": "password required pam_unix.so obscure sha512 remember=5"}))
    )
    assert (unix.module, unix.min_length, unix.min_classes, unix.remember) == ("pam_unix", 6, 0, 5)
    assert unix.hash_algorithm == "sha512"
    stack = """password requisite {} enforce_for_root
password required pam_pwhistory.so
password required pam_unix.so use_authtok"""
    cracklib = password_policy(parse_pam(printed({"passwd": stack.format("pam_cracklib.so minlen=8")})))
    assert (cracklib.min_length, cracklib.remember, cracklib.enforced_for_root) == (4, 10, True)
    qc = password_policy(
        parse_pam(printed({"passwd": stack.format("pam_passwdqc.so min=disabled,disabled,11,8,7")}))
    )
    assert (qc.min_length, qc.min_classes, qc.enforced_for_root) == (7, 3, True)


@pytest.mark.parametrize(
    ("stack", "remember"),
    [
        ("password requisite pam_pwhistory.so remember=5 use_authtok\npassword required pam_unix.so", 5),
        ("password optional pam_pwhistory.so remember=24\npassword required pam_unix.so", 0),
        ("password sufficient pam_unix.so\npassword required pam_pwhistory.so remember=24", 0),
        ("password sufficient pam_unix.so remember=7\npassword required pam_deny.so", 7),
        ("password required pam_pwhistory.so\npassword required pam_unix.so use_authtok", 10),
        # Debian 12: refused, asked anew, taken.
        ("password required pam_pwhistory.so\npassword required pam_unix.so", 0),
        ("# password required pam_pwhistory.so remember=24\npassword required pam_unix.so", 0),
    ],
)
def test_old_passwords_count_where_the_stack_refuses_them(stack: str, remember: int) -> None:
    lines = "\n".join(line for line in stack.split("\n") if not line.startswith("#"))
    policy = password_policy(parse_pam(printed({"passwd": f"password requisite pam_pwquality.so\n{lines}"})))
    assert policy.remember == remember


@pytest.mark.parametrize(
    ("module", "user_name", "runs"),
    [
        ("pam_pwquality.so", True, (0, 0)),
        ("pam_pwquality.so usercheck=0 maxrepeat=3 maxsequence=4", False, (3, 4)),
        ("pam_cracklib.so", False, (0, 0)),
        ("pam_cracklib.so reject_username maxrepeat=2", True, (2, 0)),
        ("pam_passwdqc.so", True, (0, 0)),
    ],
)
def test_what_makes_a_password_easy_to_guess(module: str, user_name: bool, runs: tuple[int, int]) -> None:
    policy = password_policy(
        parse_pam(printed({"passwd": f"password requisite {module}\npassword required pam_unix.so"}))
    )
    assert (policy.user_name, (policy.max_repeat, policy.max_sequence)) == (user_name, runs)
