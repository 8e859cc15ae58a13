"""Ways by ssh arguments: taken where they pass registered jump hosts, else told."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.model.register import Hop
from secaudit.register.ansible_import import read_inventory
from secaudit.register.ansible_jump import proxies, registered
from secaudit.register.csv_import import read_csv

HOPS = (Hop("gate", "10.0.0.1", user="audit"), Hop("inner", "inner.example", 2222, "audit"))


@pytest.mark.parametrize(
    ("arguments", "passed"),
    [
        ("", []),
        ("-C -o ControlMaster=auto", []),
        ("-J gate", ["gate"]),
        ("-Jgate,inner -C", ["gate", "inner"]),
        ("-o ProxyJump=audit@10.0.0.1", ["audit@10.0.0.1"]),
        ("-oProxyJump=gate", ["gate"]),
        ("-o 'ProxyJump gate,inner'", ["gate", "inner"]),
        ("-o proxyjump=none", []),
        ("-J none", []),
        ('-o ProxyCommand="ssh -W %h:%p gate"', ["ssh -W %h:%p gate"]),
        ("-J", []),
    ],
)
def test_what_ssh_would_pass(arguments: str, passed: list[str]) -> None:
    assert proxies(arguments) == passed


@pytest.mark.parametrize(
    ("proxy", "found"),
    [
        ("gate", "gate"),
        ("audit@gate:22", "gate"),
        ("10.0.0.1", "gate"),
        ("ssh://audit@inner.example:2222", "inner"),
        ("inner.example", None),
        ("root@gate", None),
        ("gate:2222", None),
        ("ssh -W %h:%p gate", None),
        ("", None),
    ],
)
def test_a_jump_host_by_id_or_address(proxy: str, found: str | None) -> None:
    assert registered(proxy, HOPS) == found


@given(st.text(max_size=80))
def test_any_argument_is_a_way_or_a_mistake(text: str) -> None:
    with suppress(ValueError):  # of quotes that do not end
        assert all(registered(proxy, HOPS) in (None, "gate", "inner") for proxy in proxies(text))


def reaches(found: Any) -> list[Any]:
    """The ways of the assets of a list."""
    return [asset["reach"].get("jump") for asset in found.document.data["assets"]]


def test_an_inventory_with_ways(tmp_path: Path) -> None:
    (tmp_path / "hosts").write_text(
        "[in]\nh1\nh2 ansible_ssh_common_args='-J other'\nh3 ansible_ssh_common_args='-J \"'\n"
        "[in:vars]\nansible_ssh_common_args='-o ProxyJump=gate,inner.example:2222'\n",
        encoding="utf-8",
    )
    found = read_inventory(tmp_path / "hosts", {}, HOPS)
    assert reaches(found)[:2] == [["gate", "inner"], None]
    assert any("other" in remark and "jump_hosts" in remark for remark in found.remarks)


def test_a_csv_list_with_ways(tmp_path: Path) -> None:
    text = "编号,地址,用户,跳板机\na,10.0.0.5,audit,gate；inner\nb,10.0.0.6,audit,gate\nc,10.0.0.7,audit,\n"
    (tmp_path / "list.csv").write_text(text, encoding="utf-8")
    assert reaches(read_csv(tmp_path / "list.csv", {})) == [["gate", "inner"], ["gate"], None]
