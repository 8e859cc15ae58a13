"""What an SSH connection may do, branch by branch."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.facts.fact import GapFound
from secaudit.facts.sshd import branches
from secaudit.facts.sshd_answers import parse_sshd
from secaudit.facts.sshd_limits import SshdLimits, limits
from secaudit.facts.sshd_probe import KEYWORDS
from secaudit.model.evidence import GapReason
from tests.unit.facts.test_sshd import ROOT_GROUP
from tests.unit.facts.test_sshd import answer as deciding

LIMITS = {
    "clientaliveinterval": "300",
    "clientalivecountmax": "3",
    "x11forwarding": "yes",
    "allowtcpforwarding": "yes",
    "allowagentforwarding": "yes",
    "disableforwarding": "no",
    "permittunnel": "no",
    "gatewayports": "no",
    "maxsessions": "10",
    "maxstartups": "10:30:100",
    "strictmodes": "yes",
    "banner": "/etc/issue.net",
    "hostkey": "/etc/ssh/ssh_host_rsa_key\nhostkey /etc/ssh/ssh_host_ed25519_key",
}


def answer(**changes: str) -> str:
    return "\n".join(f"{key} {value}" for key, value in {**LIMITS, **changes}.items())


def default(**changes: str) -> SshdLimits:
    (row,) = limits(parse_sshd(f"#branch default stranger\n{answer(**changes)}\n"))
    return row


def test_what_the_daemon_prints() -> None:
    row = default()
    assert (row.branch, row.drops_dead_after_s, row.unauthenticated_connections) == ("default", 900, 100)
    assert row.host_keys == ("/etc/ssh/ssh_host_rsa_key", "/etc/ssh/ssh_host_ed25519_key")
    assert (row.banner, row.gssapi, row.protocol_1) == ("/etc/issue.net", False, False)


@pytest.mark.parametrize(
    ("changes", "field", "value"),
    [
        ({"disableforwarding": "yes"}, "x11_forwarding", False),
        ({"disableforwarding": "yes"}, "tcp_forwarding", "no"),
        ({"disableforwarding": "yes"}, "agent_forwarding", False),
        ({"allowtcpforwarding": "local"}, "tcp_forwarding", "local"),
        ({"allowtcpforwarding": "all"}, "tcp_forwarding", "yes"),
        ({"maxstartups": "5"}, "unauthenticated_connections", 5),
        ({"clientalivecountmax": "0"}, "drops_dead_after_s", 0),
        ({"strictmodes": "no"}, "strict_modes", False),
        ({"gssapiauthentication": "yes"}, "gssapi", True),
        ({"protocol": "2,1"}, "protocol_1", True),
        ({"protocol": "2"}, "protocol_1", False),
        ({"permittunnel": "ethernet"}, "tunnel", "ethernet"),
    ],
)
def test_one_setting(changes: dict[str, str], field: str, value: object) -> None:
    assert getattr(default(**changes), field) == value


def test_the_same_for_a_stranger_and_for_root_is_one_row() -> None:
    text = f"#branch default stranger\n{answer()}\n#branch default root\n{answer()}"
    assert len(limits(parse_sshd(text))) == 1


def test_a_match_block_opens_what_the_file_closes() -> None:
    text = f"""#branch default stranger
{answer(x11forwarding="no")}
#match 1 1 0 user=ann,host=x,addr=y -,x11forwarding Match User ann
#branch 1 named
{answer(x11forwarding="yes")}"""
    assert [(row.branch, row.x11_forwarding) for row in limits(parse_sshd(text))] == [
        ("default", False),
        ("Match User ann", True),
    ]


def test_a_match_block_that_only_limits_does_not_concern_who_gets_in() -> None:
    both = f"{deciding()}\n{answer()}"
    text = f"#branch default stranger\n{both}\n#match 1 0 0 user=,host=x -,x11forwarding Match Group nobody-in-it"
    assert [row.branch for row in branches(parse_sshd(text), ROOT_GROUP)] == ["default"]
    with pytest.raises(GapFound) as found:
        limits(parse_sshd(text))
    assert found.value.gap.reason is GapReason.NOT_SUPPORTED


def test_a_setting_that_is_not_printed_is_a_gap() -> None:
    with pytest.raises(GapFound):
        default(maxstartups="10:30")
    with pytest.raises(GapFound):
        limits(parse_sshd("#branch default stranger\nstrictmodes yes\n"))


@given(
    st.lists(
        st.sampled_from(["#branch default x", "#match 1 1 0 u -,banner Match User x", "#branch 1 named"])
        | st.sampled_from(KEYWORDS).map(lambda key: f"{key} 1")
        | st.text(max_size=20)
    )
)
def test_any_text_gives_a_value_or_a_gap(lines: list[str]) -> None:
    with suppress(GapFound):
        limits(parse_sshd("\n".join(lines)))
