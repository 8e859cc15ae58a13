"""The SSH daemon's effective configuration and its Match branches."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.facts.fact import GapFound
from secaudit.facts.groups import Group
from secaudit.facts.sshd import SshdBranch, branches, parse_sshd
from secaudit.facts.sshd_probe import SSHD
from secaudit.model.evidence import GapReason

SETTINGS = {
    "port": "22",
    "permitrootlogin": "without-password",
    "passwordauthentication": "yes",
    "kbdinteractiveauthentication": "no",
    "permitemptypasswords": "no",
    "hostbasedauthentication": "no",
    "ignorerhosts": "yes",
    "usepam": "yes",
    "pubkeyauthentication": "yes",
    "authenticationmethods": "any",
    "maxauthtries": "6",
    "logingracetime": "120",
    "clientaliveinterval": "0",
    "ciphers": "aes256-gcm@openssh.com,aes256-ctr",
    "macs": "hmac-sha2-256",
    "kexalgorithms": "curve25519-sha256",
    "hostkeyalgorithms": "ssh-ed25519",
    "loglevel": "INFO",
    "permituserenvironment": "no",
}
ROOT_GROUP = (Group("root", 0, ("root",)), Group("wheel", 10, ("ann",)))


def answer(**changes: str) -> str:
    return "\n".join(f"{key} {value}" for key, value in {**SETTINGS, **changes}.items())


def root_branch(**changes: str) -> SshdBranch:
    text = f"#branch default stranger\n{answer()}\n#branch default root\n{answer(**changes)}"
    return branches(parse_sshd(text), ROOT_GROUP)[1]


@pytest.mark.parametrize(
    ("changes", "login"),
    [
        ({"permitrootlogin": "no"}, "no"),
        ({"permitrootlogin": "without-password"}, "key"),
        ({"permitrootlogin": "forced-commands-only"}, "key"),
        ({"permitrootlogin": "yes"}, "password"),
        ({"permitrootlogin": "yes", "passwordauthentication": "no"}, "key"),
        (
            {"permitrootlogin": "yes", "passwordauthentication": "no", "kbdinteractiveauthentication": "yes"},
            "password",
        ),
        ({"permitrootlogin": "yes", "allowusers": "ann"}, "no"),
        ({"permitrootlogin": "yes", "denyusers": "root"}, "no"),
        ({"permitrootlogin": "yes", "allowgroups": "wheel"}, "no"),
        ({"permitrootlogin": "yes", "allowgroups": "ro*"}, "password"),
    ],
)
def test_how_root_logs_in(changes: dict[str, str], login: str) -> None:
    assert root_branch(**changes).root_login == login


def test_root_from_named_addresses_only() -> None:
    assert root_branch(permitrootlogin="yes", allowusers="root@10.0.0.5").root_from_some_addresses_only
    assert not root_branch(permitrootlogin="yes", allowusers="root@*").root_from_some_addresses_only
    assert not root_branch(permitrootlogin="yes", allowusers="root").root_from_some_addresses_only


def test_match_branches_carry_their_line() -> None:
    text = f"""#branch default stranger
{answer()}
#branch default root
{answer(permitrootlogin="no")}
#match 1 1 1 user=secaudit-nobody,host=x,addr=10.0.0.0 -,permitrootlogin Match Address 10.0.0.0/8
#branch 1 named
{answer(permitrootlogin="yes")}
#branch 1 root
{answer(permitrootlogin="yes")}
#match 2 1 0 user=root,host=x,addr=y - Match User root"""
    rows = branches(parse_sshd(text), ROOT_GROUP)
    assert [(row.branch, row.user, row.root_login) for row in rows] == [
        ("default", "any", "key"),
        ("default", "root", "no"),
        ("Match Address 10.0.0.0/8", "any", "password"),
        ("Match Address 10.0.0.0/8", "root", "password"),
    ]
    assert rows[3].root_from_some_addresses_only


@pytest.mark.parametrize(
    ("line", "limited"),
    [
        ("Match User root Address 10.0.0.5", True),
        ("Match Host bastion.example", True),
        ("Match Address *", False),
        ("Match Address 0.0.0.0/0,::/0", False),
        ("Match Address *,!10.0.0.5", False),
        ("Match User address", False),
        ("Match all", False),
    ],
)
def test_which_match_lines_name_addresses(line: str, limited: bool) -> None:
    text = f"#match 1 1 1 user=root,host=x -,permitrootlogin {line}\n#branch 1 root\n{answer(permitrootlogin='yes')}"
    (row,) = branches(parse_sshd(text), ROOT_GROUP)
    assert row.root_from_some_addresses_only is limited


def test_two_methods_in_every_choice() -> None:
    both = root_branch(authenticationmethods="publickey,password publickey,keyboard-interactive")
    assert both.second_method_required
    assert not root_branch(authenticationmethods="publickey,password publickey").second_method_required
    assert not root_branch(authenticationmethods="publickey").passwords


def test_a_match_that_cannot_be_resolved_is_a_gap_only_when_it_sets_something() -> None:
    harmless = f"#branch default root\n{answer()}\n#match 1 0 0 user=,host=x - Match exec /bin/true"
    assert len(branches(parse_sshd(harmless), ROOT_GROUP)) == 1
    with pytest.raises(GapFound) as found:
        branches(parse_sshd(harmless.replace(" - Match", " -,permitrootlogin Match")), ROOT_GROUP)
    assert found.value.gap.reason is GapReason.NOT_SUPPORTED


def test_not_installed_and_refused() -> None:
    assert not parse_sshd("#absent\n").installed
    assert parse_sshd("#branch default stranger\n#failed\n").refused


def test_a_keyword_that_is_missing_is_a_gap() -> None:
    with pytest.raises(GapFound, match="usepam"):
        branches(parse_sshd("#branch default root\n" + answer().replace("usepam yes\n", "")), ROOT_GROUP)


def test_the_probe_prints_no_comment_and_no_other_keyword() -> None:
    assert "banner" not in SSHD.command
    assert SSHD.root


LINES = st.lists(
    st.one_of(
        st.text(max_size=30),
        st.sampled_from(
            [
                "#branch default root",
                "#branch 1 named",
                "#match 1 1 0 user=a,b -,port Match User a",
                *answer().split("\n"),
            ]
        ),
    ),
    max_size=30,
)


@given(LINES)
def test_any_text_is_a_value_or_a_gap(lines: list[str]) -> None:
    with suppress(GapFound):
        branches(parse_sshd("\n".join(lines)), ROOT_GROUP)
