"""Ansible inventories: groups, children, variables, ranges, and what is left behind."""

import contextlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from secaudit.errors import ContentError
from secaudit.register.ansible_import import read_inventory
from secaudit.register.ansible_ranges import expanded
from secaudit.register.importing import carry_out, plan_import
from tests.unit.register.workspaces import SYSTEM, make, problems_in

INI = """\
# an inventory
bare.example ansible_user=bob ansible_port=2200

[web]
web[01:03:2].example:2222   # two hosts
[db]
db-[a:b] ansible_host=192.0.2.2 ansible_ssh_private_key_file="keys/db key"
[prod:children]
web
db
[prod:vars]
ansible_user = audit
ansible_become=yes
[db:vars]
ansible_user=dba
[all:vars]
ansible_user=nobody
"""
YAML = """\
all:
  vars: {ansible_user: nobody}
  hosts:
    bare.example: {ansible_user: bob, ansible_port: 2200}
  children:
    prod:
      vars: {ansible_user: audit, ansible_become: true}
      children:
        web:
          hosts:
            web[01:03:2].example: {ansible_port: 2222}
        db:
          hosts:
            db-[a:b]: {ansible_host: 192.0.2.2, ansible_ssh_private_key_file: keys/db key}
          vars: {ansible_user: dba}
"""


def _read(folder: Path, text: str, name: str = "hosts.ini") -> dict[str, dict[str, Any]]:
    (folder / name).write_text(text)
    found = read_inventory(folder / name, {"key": "agent"})
    assert not found.problems, found.problems
    return {asset["id"]: asset for asset in found.document.data["assets"]}


def _problems(folder: Path, text: str, name: str = "hosts.ini") -> list[tuple[int, str]]:
    (folder / name).write_text(text)
    found = read_inventory(folder / name, {"key": "agent"})
    return [(problem.line, problem.expected) for problem in found.problems]


@pytest.mark.parametrize(("text", "name"), [(INI, "hosts"), (INI, "hosts.ini"), (YAML, "hosts.yml")])
def test_both_forms_say_the_same(tmp_path: Path, text: str, name: str) -> None:
    key = f"file:{tmp_path.resolve()}/keys/db key"
    web = {"transport": "ssh", "port": 2222, "user": "audit", "key": "agent", "sudo": "all"}
    database = {"transport": "ssh", "user": "dba", "key": key, "sudo": "all"}
    assert _read(tmp_path, text, name) == {
        "bare-example": {
            "id": "bare-example",
            "kind": "linux",
            "name": "bare.example",
            "address": "bare.example",
            "reach": {"transport": "ssh", "port": 2200, "user": "bob", "key": "agent", "sudo": "none"},
        },
        **{
            f"web{n}-example": {
                "id": f"web{n}-example",
                "kind": "linux",
                "name": f"web{n}.example",
                "address": f"web{n}.example",
                "reach": web,
            }
            for n in ("01", "03")
        },
        **{
            f"db-{n}": {
                "id": f"db-{n}",
                "kind": "linux",
                "name": f"db-{n}",
                "address": "192.0.2.2",
                "reach": database,
            }
            for n in "ab"
        },
    }


def test_an_inventory_is_added_to_a_system(tmp_path: Path) -> None:
    workspace = make(tmp_path / "w", SYSTEM)
    (tmp_path / "hosts").write_text(INI)
    carry_out(plan_import(workspace, "portal", read_inventory(tmp_path / "hosts", {})))
    assert not problems_in(workspace)
    assert (workspace / "systems" / "1.yaml").read_text().startswith(SYSTEM)


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("web", ["web"]),
        ("w[1:3]", ["w1", "w2", "w3"]),
        ("w[08:10]x", ["w08x", "w09x", "w10x"]),
        ("w[1:9:4]", ["w1", "w5", "w9"]),
        ("[a:c]", ["a", "b", "c"]),
        ("w[1:2]-[a:b]", ["w1-a", "w1-b", "w2-a", "w2-b"]),
    ],
)
def test_ranges_are_expanded(pattern: str, names: list[str]) -> None:
    assert expanded(pattern) == names


@pytest.mark.parametrize(
    "pattern", ["w[3:1]", "w[1:c]", "w[1:5:0]", "w[1:999999999]", "w[1:200]-[1:200]", "w[1-3]", "w["]
)
def test_ranges_that_are_none_are_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        expanded(pattern)


@pytest.mark.parametrize(
    ("line", "address", "port"),
    [
        ("2001:db8::1", "2001:db8::1", None),
        ("[2001:db8::1]:2222", "2001:db8::1", 2222),
        ("192.0.2.1:2222", "192.0.2.1", 2222),
    ],
)
def test_ports_and_ipv6_are_told_apart(tmp_path: Path, line: str, address: str, port: int | None) -> None:
    (asset,) = _read(tmp_path, f"{line} ansible_user=a\n").values()
    assert (asset["address"], asset["reach"].get("port")) == (address, port)


def test_secrets_stay_behind_and_that_is_said(tmp_path: Path) -> None:
    file = tmp_path / "hosts.yml"
    file.write_text(
        "all:\n  vars:\n    ansible_user: a\n    ansible_password: !vault |\n      $ANSIBLE_VAULT;1.1;AES256\n"
        "      6162\n  hosts:\n    h1:\n    h2: {ansible_become: true, ansible_become_password: hunter2}\n"
    )
    found = read_inventory(file, {})
    assert not found.problems
    assert "VAULT" not in repr(found)
    assert "hunter2" not in repr(found)
    assert found.remarks == (
        "Not imported from 2 hosts: a password; write a reference: password: env:NAME.",
        "Not imported from 1 hosts: sudo with a password; write sudo: password, sudo_password: env:NAME.",
    )
    assert [asset["reach"]["sudo"] for asset in found.document.data["assets"]] == ["none", "none"]


def test_root_by_other_means_than_sudo_is_no_sudo(tmp_path: Path) -> None:
    (tmp_path / "hosts").write_text("h ansible_user=a ansible_become=true ansible_become_method=su\n")
    found = read_inventory(tmp_path / "hosts", {})
    assert found.document.data["assets"][0]["reach"]["sudo"] == "none"
    assert found.remarks == ("Not imported from 1 hosts: root by su.",)


@pytest.mark.parametrize(("text", "said"), [("a: [\n", "not valid YAML"), ("- a\n", "keys with values")])
def test_a_bad_variable_file_is_named(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "group_vars").mkdir()
    (tmp_path / "group_vars" / "all.yml").write_text(text)
    (tmp_path / "hosts").write_text("h ansible_user=a\n")
    (problem,) = read_inventory(tmp_path / "hosts", {}).problems
    assert problem.file == "group_vars/all.yml"
    assert said in problem.expected


def test_variable_files_beside_the_inventory_count(tmp_path: Path) -> None:
    (tmp_path / "group_vars" / "web").mkdir(parents=True)
    (tmp_path / "host_vars").mkdir()
    (tmp_path / "group_vars" / "all.yml").write_text("ansible_user: from_all\nansible_port: 22\n")
    (tmp_path / "group_vars" / "web" / "a.yml").write_text("ansible_user: from_web\n")
    (tmp_path / "group_vars" / "web" / "vault.yml").write_text("$ANSIBLE_VAULT;1.1;AES256\n6162\n")
    (tmp_path / "host_vars" / "w2.yaml").write_text("ansible_user: from_host\n")
    assets = _read(tmp_path, "[web]\nw1\nw2 ansible_user=inline\n[db]\nd1\n")
    users = {name: asset["reach"]["user"] for name, asset in assets.items()}
    assert users == {"w1": "from_web", "w2": "from_host", "d1": "from_all"}


@pytest.mark.parametrize(
    ("connection", "kind", "transport"),
    [
        ("winrm", "windows", None),
        ("network_cli", "network-device", None),
        ("ansible.netcommon.network_cli", "network-device", None),
        ("docker", "linux", None),
        ("local", "linux", "local"),
        ("smart", "linux", "ssh"),
    ],
)
def test_the_connection_decides_what_it_is(
    tmp_path: Path, connection: str, kind: str, transport: str | None
) -> None:
    (asset,) = _read(tmp_path, f"h ansible_user=a ansible_connection={connection}\n").values()
    assert (asset["kind"], asset.get("reach", {}).get("transport")) == (kind, transport)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("h ansible_user={{x}}\n", 1, "ansible_user: a plain value"),
        ("\nh 'ansible_user=a\n", 2, "quotes that are closed"),
        ("h user\n", 1, "name=value after the host"),
        ("[g:vars]\nuser\n", 2, "name=value in"),
        ("[g:children]\na b\n", 2, "one name a line"),
        ("w[5:1]\n", 1, "a range of"),
        ("w[1:9000]\nv[1:9000]\n", 2, "at most 10000 hosts"),
        ("[a:children]\nb\n[b:children]\na\n", 0, "without a cycle"),
    ],
)
def test_a_mistake_in_an_ini_inventory_is_named(tmp_path: Path, text: str, line: int, said: str) -> None:
    ((found, expected),) = _problems(tmp_path, text)
    assert found == line
    assert said in expected


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("plugin: aws_ec2\n", 1, "groups with hosts"),
        ("- a\n", 1, "groups with hosts"),
        ("all:\n  hosts: [a]\n", 2, "keys with values"),
        ("all: [a]\n", 1, "a group with hosts"),
        ("all:\n  hosts:\n    h: x\n", 3, "keys with values"),
        ("all:\n  vars: {ansible_user: !vault x}\n  hosts: {h: }\n", 3, "not evaluated"),
    ],
)
def test_a_mistake_in_a_yaml_inventory_is_named(tmp_path: Path, text: str, line: int, said: str) -> None:
    ((found, expected),) = _problems(tmp_path, text, "hosts.yaml")
    assert found == line
    assert said in expected


def test_a_bad_host_is_refused_with_the_others_named(tmp_path: Path) -> None:
    workspace = make(tmp_path / "w", SYSTEM)
    (tmp_path / "hosts").write_text(
        "h1\nh2 ansible_user=a ansible_port=x\nh3 ansible_user='-oProxy'\n服务器 ansible_user=a\n"
    )
    with pytest.raises(ContentError) as caught:
        plan_import(workspace, "portal", read_inventory(tmp_path / "hosts", {}))
    assert [problem.line for problem in caught.value.problems if problem.line] == [1, 2, 3, 4, 4]


@given(st.text() | st.text(alphabet="ab[]:0129=#;'\" \n{}varschildren", max_size=80))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@pytest.mark.parametrize("name", ["hosts", "hosts.yml"])
def test_any_text_is_an_inventory_or_a_complaint(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with contextlib.suppress(ContentError):
        read_inventory(tmp_path / name, {})
