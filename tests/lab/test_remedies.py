"""A remedy, done as its text says, heals its check."""

from dataclasses import dataclass

import pytest

from secaudit.model.result import Verdict
from tests.content import inventory
from tests.lab import remedies
from tests.lab.audits import scan
from tests.lab.hosts import Lab
from tests.lab.workspace import write

REMEDIES = remedies.read()
Verdicts = dict[str, Verdict]


@dataclass(frozen=True, slots=True)
class Healed:
    """Verdicts before and after."""

    before: Verdicts
    after: Verdicts


@pytest.fixture(scope="module")
def healed(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Healed:
    """One host, all remedies one after the other."""
    before = _verdicts(lab, tmp_path_factory)
    for commands in dict.fromkeys(REMEDIES.tried.values()):
        lab.exec(remedies.HOST, "sh", "-c", f"exec </dev/null >/tmp/remedy 2>&1\n{commands}")
    return Healed(before, _verdicts(lab, tmp_path_factory))


def _verdicts(lab: Lab, folders: pytest.TempPathFactory) -> Verdicts:
    found = scan(write(folders.mktemp("remedies") / "workspace", lab, (remedies.HOST,)))
    return {result.check_id: result.verdict for result in found.records[remedies.HOST].results}


def test_every_remedy_is_tried_or_there_is_a_reason() -> None:
    checks = {check.id for check in inventory.shipped().checks.values() if check.applies_to == "linux"}
    assert REMEDIES.undecided(checks) == []
    assert sorted(REMEDIES.tried.keys() - checks) == []


@pytest.mark.parametrize("check", sorted(REMEDIES.tried))
def test_a_remedy_heals_its_check(healed: Healed, check: str) -> None:
    assert healed.before[check] != Verdict.PASS
    assert healed.after[check] == Verdict.PASS


def test_no_remedy_spoils_another_check(healed: Healed) -> None:
    spoilt = {check for check, verdict in healed.before.items() if verdict is Verdict.PASS} & {
        check for check, verdict in healed.after.items() if verdict in (Verdict.FAIL, Verdict.PARTIAL)
    }
    assert spoilt == set()
