"""PAM as it really runs: Debian, RHEL with authselect, RHEL 7, SUSE; traps in the order of lines."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.facts.fact import GapFound
from secaudit.facts.groups import Group
from secaudit.facts.pam import PAM_FILES, PamConfiguration, parse_pam
from secaudit.facts.pam_conditions import condition, people
from secaudit.facts.pam_lockout import Lockout
from secaudit.facts.pam_lockout import lockouts as lockouts_for
from secaudit.facts.pam_services import LoginService
from secaudit.facts.pam_services import login_services as services_for
from secaudit.facts.pam_stack import AUTH_ERR, SUCCESS, parse_line, stack_of, walk
from secaudit.facts.passwd_file import Identity
from secaudit.facts.password_policy import password_policy
from secaudit.model.evidence import GapReason
from tests.unit.facts.answers import in_root

DEBIAN = """auth [success=1 default=ignore] pam_unix.so nullok
auth requisite pam_deny.so
auth required pam_permit.so"""
DEBIAN_FAILLOCK = """auth required pam_faillock.so preauth
auth [success=1 default=ignore] pam_unix.so nullok
auth [default=die] pam_faillock.so authfail
auth sufficient pam_faillock.so authsucc
auth requisite pam_deny.so
auth required pam_permit.so"""
RHEL_9 = """auth required pam_env.so
auth required pam_faildelay.so delay=2000000
auth required pam_faillock.so preauth silent
auth [default=1 ignore=ignore success=ok] pam_usertype.so isregular
auth [default=1 ignore=ignore success=ok] pam_localuser.so
auth sufficient pam_unix.so nullok
auth [default=1 ignore=ignore success=ok] pam_usertype.so isregular
auth sufficient pam_sss.so forward_pass
auth required pam_faillock.so authfail
auth required pam_deny.so
password requisite pam_pwquality.so local_users_only
password sufficient pam_unix.so sha512 shadow nullok use_authtok
password required pam_deny.so"""
RHEL_7_TALLY = """auth required pam_env.so
auth required pam_tally2.so deny=5 unlock_time=900 even_deny_root
auth sufficient pam_unix.so nullok try_first_pass
auth requisite pam_succeed_if.so uid >= 1000 quiet_success
auth required pam_deny.so"""


PEOPLE = people(
    [
        Identity("root", 0, 0, "/root", "/bin/bash", True, False),
        Identity("ann", 1000, 1000, "/home/ann", "/bin/bash", True, False),
    ],
    [Group("kiosk", 50, ("ann",)), Group("nopasswdlogin", 51, ())],
)


def login_services(found: PamConfiguration) -> tuple[LoginService, ...]:
    return services_for(found, PEOPLE)


def lockouts(found: PamConfiguration) -> tuple[Lockout, ...]:
    return lockouts_for(found, PEOPLE)


def service(*lines: str) -> LoginService:
    (row,) = login_services(parse_pam(printed({"sshd": "\n".join(lines)})))
    return row


def printed(services: dict[str, str], **settings: str) -> str:
    """What the probe prints for files in /etc/pam.d and settings by path (``_`` for the file's own name)."""
    out = []
    for name, text in services.items():
        out += [f"#+ /etc/pam.d/{name}", f"#= /etc/pam.d/{name}", *(f" {line}" for line in text.splitlines())]
    for name, text in settings.items():
        path = f"/etc/security/{name}.conf"
        out += [f"#+ {path}", f"#= {path}", *(f" {line}" for line in text.splitlines())]
    return "\n".join(out)


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


def test_a_substack_ends_only_itself() -> None:
    services = {"sshd": "auth substack inner\nauth required pam_google_authenticator.so", "inner": RHEL_9}
    (row,) = login_services(parse_pam(printed(services)))
    assert (row.second_factor, row.second_factor_required) == ("pam_google_authenticator", True)
    services["sshd"] = services["sshd"].replace("substack", "include")
    assert not login_services(parse_pam(printed(services)))[0].second_factor_required


def test_permit_before_the_password_lets_anybody_in() -> None:
    (row,) = login_services(
        parse_pam(printed({"login": "auth sufficient pam_permit.so\nauth required pam_unix.so"}))
    )
    assert row.admits_wrong_password


@pytest.mark.parametrize(
    ("lines", "required", "undecided"),
    [
        (["auth required pam_unix.so", "auth required pam_google_authenticator.so"], True, False),
        (["auth required pam_unix.so", "auth required pam_google_authenticator.so nullok"], False, False),
        (["auth required pam_u2f.so nouserok cue", "auth required pam_unix.so"], False, False),
        (["auth required pam_google_authenticator.so"], False, False),
        (["auth sufficient pam_google_authenticator.so", "auth required pam_unix.so"], False, False),
        (["auth sufficient pam_radius_auth.so", "auth required pam_deny.so"], False, True),
        (["auth sufficient pam_radius_auth.so", "auth required pam_unix.so"], False, False),
        (
            [
                "auth required pam_unix.so",
                "auth [success=1 default=ignore] pam_succeed_if.so user ingroup kiosk",
                "auth required pam_oath.so",
                "auth required pam_permit.so",
            ],
            False,
            False,
        ),
        (
            [
                "auth required pam_unix.so",
                "auth [success=1 default=ignore] pam_access.so accessfile=/etc/near",
                "auth required pam_oath.so",
                "auth required pam_permit.so",
            ],
            False,
            True,
        ),
        (
            [
                "auth [success=2 default=ignore] pam_unix.so",
                "auth sufficient pam_sss.so use_first_pass",
                "auth requisite pam_deny.so",
                "auth required pam_oath.so",
            ],
            False,
            False,
        ),
    ],
)
def test_a_second_factor_counts_beside_the_password(
    lines: list[str], required: bool, undecided: bool
) -> None:
    row = service(*lines)
    assert (row.second_factor_required, row.second_factor_undecided) == (required, undecided)


@pytest.mark.parametrize(
    ("line", "admits"),
    [
        ("auth sufficient pam_succeed_if.so user = ann", True),
        ("auth sufficient pam_succeed_if.so user = nobody-here", False),
        ("auth sufficient pam_succeed_if.so user ingroup nopasswdlogin", False),
        ("auth sufficient pam_succeed_if.so quiet user ingroup kiosk:wheel", True),
        ("auth sufficient pam_succeed_if.so uid < 1000", True),
        ("auth requisite pam_succeed_if.so uid >= 1000 quiet_success", False),
        ("auth [success=done ignore=ignore default=bad] pam_selinux_permit.so", False),
        ("auth optional pam_exec.so /usr/bin/logger", False),
    ],
)
def test_who_meets_a_condition_gets_in_unasked(line: str, admits: bool) -> None:
    assert service(line, "auth required pam_unix.so").admits_wrong_password is admits


@pytest.mark.parametrize(
    "line",
    [
        "auth sufficient pam_exec.so /bin/true",
        "auth sufficient pam_succeed_if.so tty = /dev/tty1",
        "auth sufficient pam_succeed_if.so use_uid user = root",
        "auth [success=done default=ignore] pam_rhosts.so",
        "auth sufficient pam_listfile.so item=user sense=allow file=/etc/x",
    ],
)
def test_a_module_that_may_let_anybody_in_is_a_gap(line: str) -> None:
    with pytest.raises(GapFound, match="unasked"):
        service(line, "auth required pam_unix.so")


@pytest.mark.parametrize(
    ("words", "answers"),
    [
        ("uid >= 1000", (AUTH_ERR, SUCCESS)),
        ("user in ann:root", (SUCCESS,)),
        ("user notin ann:root", (AUTH_ERR,)),
        ("user =~ a*", (AUTH_ERR, SUCCESS)),
        ("user notingroup kiosk", (AUTH_ERR, SUCCESS)),
        ("uid < 500 user != root", (AUTH_ERR,)),
        ("rhost = 10.0.0.1", None),
        ("uid >=", None),
        ("", None),
    ],
)
def test_conditions(words: str, answers: tuple[str, ...] | None) -> None:
    assert condition(words.split(), PEOPLE) == answers


@pytest.mark.parametrize("stranger", ["auth required pam_kysec.so", "auth sufficient pam_fprintd.so"])
def test_a_module_that_is_not_known_decides_nothing(stranger: str) -> None:
    found = parse_pam(printed({"sshd": f"{stranger}\n{DEBIAN_FAILLOCK}"}))
    assert lockouts(found)[0].active
    assert not login_services(found)[0].admits_wrong_password


def test_a_missing_include_is_a_gap() -> None:
    with pytest.raises(GapFound, match="absent-auth"):
        lockouts(parse_pam(printed({"sshd": "@include absent-auth"})))


def test_a_file_that_includes_itself_is_a_gap() -> None:
    with pytest.raises(GapFound, match="itself"):
        lockouts(parse_pam(printed({"sshd": "auth include sshd"})))


def test_unreadable_files_and_no_pam_are_gaps() -> None:
    with pytest.raises(GapFound) as unreadable:
        parse_pam("#! /etc/pam.d/sshd")
    assert unreadable.value.gap.reason is GapReason.NO_PERMISSION
    with pytest.raises(GapFound) as absent:
        parse_pam("")
    assert absent.value.gap.reason is GapReason.NOT_SUPPORTED


def test_reset_goes_back_to_the_start() -> None:
    files = {"x": [line for line in map(parse_line, ["auth [default=bad] pam_a.so", "auth [default=reset] pam_b.so",
                                                     "auth required pam_c.so"]) if line]}  # fmt: skip
    stack = stack_of(files, "x", "auth")
    assert walk(stack, lambda module: SUCCESS if module.name == "pam_c" else AUTH_ERR).passed


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


def test_secrets_in_arguments_stay_on_the_target(tmp_path: Path) -> None:
    folder = tmp_path / "etc/pam.d"
    folder.mkdir(parents=True)
    (folder / "sshd").write_text(
        "# CANARY\nauth required pam_mysql.so user=root passwd=CANARY [query=select CANARY from x]\n"
        "auth required \\\n  pam_faillock.so deny=5 preauth # CANARY\n"
        "auth sufficient pam_succeed_if.so user = ann passwd=CANARY\n"
    )
    (folder / "sshd.rpmsave").write_text("auth sufficient pam_permit.so\n")
    text = in_root(tmp_path, PAM_FILES)
    assert "CANARY" not in text
    found = parse_pam(text)
    assert set(found.services) == {"sshd"}
    assert found.services["sshd"][1].arguments == ("deny=5", "preauth")
    assert found.services["sshd"][2].arguments == ("user", "=", "ann", "passwd=*")


def test_a_fifo_among_the_files_does_not_hang(tmp_path: Path) -> None:
    import os

    folder = tmp_path / "etc/pam.d"
    folder.mkdir(parents=True)
    os.mkfifo(folder / "login")
    with pytest.raises(GapFound, match="no regular file"):
        parse_pam(in_root(tmp_path, PAM_FILES))


WORDS = [
    "auth",
    "password",
    "@include",
    "include",
    "substack",
    "required",
    "sufficient",
    "pam_unix.so",
    "pam_faillock.so",
]
PIECES = st.sampled_from(
    [*WORDS, "login", "[success=1", "default=die]", "[x]", "authfail", "deny=x", "min=1,2", "pam_passwdqc.so"]
)
LINES = st.lists(st.one_of(st.text(max_size=30), st.lists(PIECES, max_size=6).map(" ".join)), max_size=6)


@given(LINES, LINES)
def test_any_text_is_a_value_or_a_gap(lines: list[str], settings: list[str]) -> None:
    text = printed({"login": "\n".join(lines), "passwd": "\n".join(lines)}, faillock="\n".join(settings))
    for build in (lockouts, login_services, password_policy):
        try:
            build(parse_pam(text))
        except GapFound:
            continue


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
