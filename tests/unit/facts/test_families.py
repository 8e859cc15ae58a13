"""The facts of hosts of other distributions, from their own files and answers."""

import pytest

from tests.unit.facts.families import DOCUMENTED, EXPECTED, seen


@pytest.mark.parametrize(
    ("system", "fact"), [(system, fact) for system, facts in EXPECTED.items() for fact in facts]
)
def test_the_fact_of_a_host(system: str, fact: str) -> None:
    assert seen(system, fact) == EXPECTED[system][fact]


def test_every_host_is_looked_at() -> None:
    assert sorted(folder.name for folder in DOCUMENTED.iterdir()) == sorted(EXPECTED)
