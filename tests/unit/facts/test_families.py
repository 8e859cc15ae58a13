"""The facts of hosts of other distributions, from their own files and answers."""

import pytest

from tests.unit.facts.families import DOCUMENTED, EXPECTED, seen, value


@pytest.mark.parametrize(
    ("system", "fact"), [(system, fact) for system, facts in EXPECTED.items() for fact in facts]
)
def test_the_fact_of_a_host(system: str, fact: str) -> None:
    assert seen(system, fact) == EXPECTED[system][fact]


def test_every_host_is_looked_at() -> None:
    assert sorted(folder.name for folder in DOCUMENTED.iterdir()) == sorted(EXPECTED)


@pytest.mark.parametrize(
    ("system", "port", "limited"),
    [
        ("centos-7", 22, False),
        ("centos-7", 3306, True),
        ("centos-7", 8080, True),
        ("rocky-9", 9090, False),
        ("rocky-9", 3306, True),
        ("rocky-9", 8080, True),
        ("ubuntu-22.04", 22, False),
        ("ubuntu-22.04", 5432, True),
        ("ubuntu-22.04", 8080, True),
        ("sles-15", 22, False),
        ("sles-15", 8080, True),
    ],
)
def test_whom_the_firewall_lets_to_a_port(system: str, port: int, limited: bool) -> None:
    assert value(system, "firewall").limits("tcp", port) is limited
