"""The large system of the bench is one that the store, the plan and the assessment know."""

from collections import Counter
from pathlib import Path

from bench import big_system
from secaudit.cli.wiring import load_rules, open_workspace
from secaudit.model.result import Verdict
from secaudit.store import open_store


def test_a_run_of_all_assets_is_in_the_store(tmp_path: Path) -> None:
    made = big_system.make(tmp_path / "w", 12)
    opened, rules = open_workspace(tmp_path / "w"), load_rules(tmp_path / "w")
    with open_store(opened.settings.database) as store:
        results = [result for record in store.records(big_system.RUN) for result in record.results]
    assert len(results) == made
    assert {result.check_id for result in results} <= rules.content.checks.keys()
    assert set(Counter(result.verdict for result in results)) == set(Verdict)
    assert sum(big_system.SHARES.values()) == 100
