"""Jump hosts: registered once, named by assets in the order in which they are passed."""

from pathlib import Path

import pytest

from secaudit.model.register import Hop
from secaudit.register import load_register, load_settings
from tests.unit.register.workspaces import SYSTEM, WORKSPACE, make, problems_in

SETTINGS = f"""\
{WORKSPACE}jump_hosts:
  - {{id: gate, address: 192.0.2.10, user: jump, key: agent, weak_algorithms: [aes128-cbc]}}
  - {{id: inner, address: 10.0.0.1, port: 2222, user: jump, password: env:INNER}}
"""
FINGERPRINT = "SHA256:" + "a" * 43


def reached_by(reach: str) -> str:
    """The system with another ``reach``."""
    return SYSTEM.replace("{transport: ssh, user: audit, key: agent}", f"{{{reach}}}")


@pytest.mark.parametrize(
    ("jump", "ids"),
    [("", []), (", jump: inner", ["inner"]), (", jump: [gate, inner]", ["gate", "inner"])],
)
def test_the_way_is_resolved(jump: str, ids: list[str], tmp_path: Path) -> None:
    text = reached_by(f"transport: ssh, user: audit, key: agent{jump}")
    register = load_register(make(tmp_path, text, settings=SETTINGS))
    assert [hop.id for hop in register.systems[0].assets[0].reach.jump] == ids


def test_a_jump_host_has_all_that_a_login_takes(tmp_path: Path) -> None:
    gate, inner = load_register(make(tmp_path, SYSTEM, settings=SETTINGS)).jump_hosts
    assert gate == Hop("gate", "192.0.2.10", user="jump", agent=True, weak_algorithms=("aes128-cbc",))
    assert inner == Hop("inner", "10.0.0.1", 2222, "jump", password="env:INNER")


def test_a_key_of_the_agent_is_named(tmp_path: Path) -> None:
    text = reached_by(f'transport: ssh, user: audit, agent_key: "{FINGERPRINT}"')
    reach = load_register(make(tmp_path, text)).systems[0].assets[0].reach
    assert (reach.agent, reach.agent_key) == (True, FINGERPRINT)


@pytest.mark.parametrize(
    ("reach", "field", "expected"),
    [
        (
            "transport: ssh, user: u, key: agent, jump: gat",
            "assets[0].reach.jump",
            "jump host in secaudit.yaml",
        ),
        ("transport: ssh, user: u, key: agent, jump: [gate, no]", "assets[0].reach.jump[1]", "jump host in"),
        ("transport: ssh, user: u, key: agent, jump: [gate, gate]", "assets[0].reach.jump[0]", "once"),
        ("transport: ssh, user: u, key: agent, jump: {a: b}", "assets[0].reach.jump", ""),
        ("transport: local, jump: gate", "assets[0].reach.jump", "only assets with transport: ssh"),
        (
            "transport: ssh, user: u, key: agent, weak_algorithms: [rot13]",
            "assets[0].reach.weak_algorithms[0]",
            "aes256-cbc",
        ),
        (
            "transport: ssh, user: u, key: agent, weak_algorithms: [ssh-rsa]",
            "assets[0].reach.weak_algorithms[0]",
            "bundle",
        ),
        ("transport: ssh, user: u, agent_key: MD5:aa", "assets[0].reach.agent_key", "fingerprint"),
    ],
)
def test_mistakes_of_a_way_are_named(reach: str, field: str, expected: str, tmp_path: Path) -> None:
    problems = problems_in(make(tmp_path, reached_by(reach), settings=SETTINGS))
    (problem,) = (problem for problem in problems if problem.field == field)
    assert (problem.file, problem.line) == ("systems/1.yaml", 10)
    assert expected in problem.expected


@pytest.mark.parametrize(
    ("jump_host", "field", "expected"),
    [
        ("{id: gate, address: 10.0.0.1, user: u}", "jump_hosts[0]", "one of key, agent, password"),
        ("{id: gate, address: 10.0.0.1, key: agent}", "jump_hosts[0].user", ""),
        (
            "{id: web1, address: 10.0.0.1, user: u, key: agent}",
            "jump_hosts[0].id",
            "taken at systems/1.yaml:6",
        ),
        ("{id: gate, address: 10.0.0.1, user: u, password: plain}", "jump_hosts[0].password", "reference"),
    ],
)
def test_mistakes_of_a_jump_host_are_named(jump_host: str, field: str, expected: str, tmp_path: Path) -> None:
    settings = f"{WORKSPACE}jump_hosts:\n  - {jump_host}\n"
    (problem,) = problems_in(make(tmp_path, SYSTEM, settings=settings))
    assert (problem.file, problem.line, problem.field) == ("secaudit.yaml", 5, field)
    assert expected in problem.expected
    assert "plain" not in problem.expected


def test_names_of_hosts_may_be_hashed(tmp_path: Path) -> None:
    assert not load_settings(make(tmp_path, SYSTEM)).hash_known_hosts
    assert load_settings(make(tmp_path, settings=f"{WORKSPACE}hash_known_hosts: true\n")).hash_known_hosts
