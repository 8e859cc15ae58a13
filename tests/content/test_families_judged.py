"""Hosts of other distributions, judged at level 3: what their own files and answers decide."""

from collections.abc import Iterator

import pytest

from secaudit.judge import Judge
from secaudit.model.run import Expected
from tests.content.families_verdicts import VERDICTS
from tests.content.inventory import shipped
from tests.unit.facts.built import NOW
from tests.unit.facts.families import DOCUMENTED, EXPECTED, values
from tests.unit.facts.seeds import HOST, SYSTEM

LEVEL = "level-3"


def decided(system: str) -> Iterator[str]:
    """The checks that need nothing but what is written of the host."""
    told = set(EXPECTED[system])
    if (DOCUMENTED / system / "answers" / "os.release.txt").exists():
        told |= {"os", "support"}
    if (DOCUMENTED / system / "answers" / "processes.names.txt").exists():
        told |= {"processes"}
    if (DOCUMENTED / system / "proc").exists():
        told |= {"logging"}
    return (
        check.id
        for check in shipped().checks.values()
        if check.applies_to == "linux" and not check.each and set(check.needs) <= told
    )


@pytest.mark.parametrize("system", sorted(VERDICTS))
def test_the_verdicts_on_a_host(system: str) -> None:
    content = shipped()
    expected = {
        f"linux.{name}": verdict for verdict, names in VERDICTS[system].items() for name in names.split()
    }
    assert set(expected) <= set(decided(system))
    checks = {name: content.checks[name] for name in expected}
    needs = sorted({need for check in checks.values() for need in check.needs})
    results = Judge(checks).judge_asset(
        [Expected(name, HOST.id) for name in checks],
        values(system, needs, content.references),
        HOST,
        SYSTEM,
        content.profiles[LEVEL],
        NOW,
        {},
    )
    assert {result.check_id: str(result.verdict) for result in results} == expected


def test_every_host_is_judged() -> None:
    assert sorted(VERDICTS) == sorted(EXPECTED)
