"""What limits from where SSH can be reached."""

from pathlib import Path
from typing import Any, cast

import pytest

from secaudit.facts.fact import GapFound
from secaudit.facts.filter_chains import ANYWHERE, Allowed
from secaudit.facts.firewall import Firewall
from secaudit.facts.listeners import Listener
from secaudit.facts.management_access import WRAPPERS, build_management, limited_by_sshd, limited_by_wrappers
from secaudit.facts.sections import sections
from secaudit.facts.sshd import SshdBranch
from secaudit.model.evidence import Gap, GapReason
from tests.unit.facts.answers import evidence, in_root

OPEN = "@@ linked\nyes\n@@ deny\n@@ allow\n@@ end\n"
SSHD = Listener("tcp", "0.0.0.0", 22, "sshd", exposed=True, ephemeral=False)


def branch(*users: str) -> SshdBranch:
    made = object.__new__(SshdBranch)
    object.__setattr__(made, "allow_users", users)
    object.__setattr__(made, "ports", (22,))
    return made


def limited_by(
    wrappers: str = OPEN, firewall: Any = None, users: tuple[str, ...] = (), sockets: Any = (SSHD,)
) -> list[str]:
    facts = {
        "sshd_branches": (branch(*users),),
        "listeners": sockets,
        "firewall": firewall or Gap(GapReason.NEEDS_ROOT),
    }
    return [port.limited_by for port in build_management(evidence({WRAPPERS: wrappers}, cast(Any, facts)))]


def test_sshd_that_names_hosts_needs_no_firewall() -> None:
    assert limited_by(users=("ops@10.0.0.*",)) == ["sshd"]


def test_wrappers_need_no_firewall() -> None:
    assert limited_by(wrappers=OPEN.replace("@@ deny", "@@ deny\nALL: ALL")) == ["wrappers"]


@pytest.mark.parametrize(("source", "limited"), [("10.0.0.0/8", "firewall"), (ANYWHERE, "nothing")])
def test_the_firewall_is_asked_last(source: str, limited: str) -> None:
    assert limited_by(firewall=Firewall(True, "nftables", "drop", (Allowed("tcp", "22", source),))) == [
        limited
    ]


def test_an_unknown_firewall_is_a_gap() -> None:
    with pytest.raises(GapFound) as found:
        limited_by()
    assert found.value.gap.reason is GapReason.NEEDS_ROOT


def test_nothing_to_reach() -> None:
    assert limited_by(sockets=()) == []


@pytest.mark.parametrize(
    ("users", "limited"),
    [
        (("ops@10.0.0.1", "root@192.0.2.*"), True),
        (("ops@10.0.0.1", "ann"), False),
        (("ops@*",), False),
        (("ops@0.0.0.0/1", "ops@128.0.0.0/1"), False),
        ((), False),
    ],
)
def test_every_pattern_must_name_a_host(users: tuple[str, ...], limited: bool) -> None:
    assert limited_by_sshd((branch(*users),)) is limited


@pytest.mark.parametrize(
    ("text", "limited"),
    [
        ("@@ linked\nyes\n@@ deny\nsshd: ALL\n@@ allow\nsshd: 10.0.0.\n@@ end", True),
        ("@@ linked\nyes\n@@ deny\nALL : ALL\n@@ allow\nsshd : ALL\n@@ end", False),
        ("@@ linked\nyes\n@@ deny\nvsftpd: ALL\n@@ allow\n@@ end", False),
        ("@@ deny\nALL: ALL\n@@ allow\n@@ end", False),
        ("@@ linked\nyes\n@@ deny\nsshd: ALL:\n@@ allow\nsshd: 0.0.0.0/0.0.0.0:\n@@ end", False),
        ("@@ linked\nyes\n@@ deny\nsshd: ALL:\n@@ allow\nsshd: 0.0.0.0/1, 128.0.0.0/1:\n@@ end", False),
        ("@@ linked\nyes\n@@ deny\nsshd: ALL:\n@@ allow\nsshd: <;;>/0:\n@@ end", False),
        ("@@ linked\nyes\n@@ deny\nsshd: ALL:\n@@ allow\nsshd: <2001;db8;;>/32:\n@@ end", True),
        ("@@ linked\nyes\n@@ deny\nsshd: ALL:allow\n@@ allow\n@@ end", False),
        ("@@ linked\nyes\n@@ deny\n@@ allow\nsshd: 10.0.0.:\nALL: ALL:deny\n@@ end", True),
        ("@@ linked\nyes\n@@ deny\nALL EXCEPT sshd: ALL:\n@@ allow\n@@ end", False),
        ("@@ linked\nyes\n@@ deny\nsshd: ALL EXCEPT 10.0.0.0/8:\n@@ allow\n@@ end", True),
        ("@@ linked\nyes\n@@ deny\nALL: ALL:\n@@ allow\nsshd: *.*.*.*:\n@@ end", False),
    ],
    ids=[
        "closed",
        "opened again",
        "other daemon",
        "sshd does not know them",
        "everybody by a mask",
        "everybody by halves",
        "everybody by IPv6",
        "a network by IPv6",
        "allowed in hosts.deny",
        "denied in hosts.allow",
        "everything but sshd",
        "all but a network",
        "wildcards",
    ],
)
def test_wrappers(text: str, limited: bool) -> None:
    assert limited_by_wrappers(text) is limited


def test_the_probe_tells_what_a_line_decides(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/hosts.allow").write_text(
        "# sshd: 10.9.9.9\nsshd : [2001:db8::]/32, \\\n 10.0.0. : spawn (mail -s HIDE root) : ALLOW\n"
    )
    (tmp_path / "etc/hosts.deny").write_text("sshd: ALL: allow\nALL: ALL\n")
    parts = sections(in_root(tmp_path, WRAPPERS))
    assert parts["allow"] == ["sshd : <2001;db8;;>/32,  10.0.0. :allow"]
    assert parts["deny"] == ["sshd: ALL:allow", "ALL: ALL:"]


def test_wrappers_that_are_cut_off_are_a_gap() -> None:
    with pytest.raises(GapFound):
        limited_by_wrappers("@@ deny\nALL: ALL\n")
