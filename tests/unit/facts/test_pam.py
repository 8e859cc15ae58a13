"""Stacks of PAM as they really run: who gets in, by which lines; traps in the order of lines."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.facts.fact import GapFound
from secaudit.facts.pam import PAM_FILES, parse_pam
from secaudit.facts.pam_conditions import condition
from secaudit.facts.pam_stack import AUTH_ERR, SUCCESS, parse_line, stack_of, walk
from secaudit.facts.password_policy import password_policy
from secaudit.model.evidence import GapReason
from tests.unit.facts.answers import in_root
from tests.unit.facts.pam_files import (
    DEBIAN_FAILLOCK,
    PEOPLE,
    RHEL_9,
    lockouts,
    login_services,
    printed,
    service,
)


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
