"""Findings from a real scan: born once, refuted by a retest that asks nothing else and stands for no system."""

import json
from pathlib import Path

import pytest

from secaudit.store import open_store
from tests.end_to_end import workspaces
from tests.end_to_end.workspaces import secaudit

pytestmark = pytest.mark.end_to_end


def test_a_retest_refutes_a_claim_and_is_no_run_of_the_system(tmp_path: Path) -> None:
    folder = workspaces.make(tmp_path / "w", {"here": 0})
    scan = secaudit(folder, "scan")
    assert "findings: " in scan.err
    rows = json.loads(secaudit(folder, "finding", "list", "--advisory", "--format", "json").out)
    mistyped = secaudit(folder, "finding", "list", "--system", "0a")
    assert (mistyped.code, "0a" in mistyped.err) == (2, True)
    assert secaudit(folder, "finding", "list", "--system", "oa").code == 0
    first = rows[0]
    claim = secaudit(folder, "finding", "claim", first["number"], "--by", "张三", "--note", "已改")
    assert claim.code == 0, claim.err
    again = secaudit(folder, "finding", "retest", "--claimed")
    assert "1 claimed and not fixed" in again.err
    with open_store(f"sqlite:///{folder}/secaudit.db") as store:
        newest, whole = (run.id for run in store.runs())
        plan = store.run(newest).plan
        assert plan.only == (first["check"],)
        assert len(plan.assets[0].probes) < len(store.run(whole).plan.assets[0].probes) / 4
        finding = store.findings.with_history(int(first["number"][1:]))
        assert [event.kind.value for event in finding.history] == ["opened", "claimed", "refuted"]
        assert finding.failed_in == newest
    assessed = secaudit(folder, "assess", "oa", "--template", "2025", "--provisional")
    assert f"run {newest} of oa is newer and covers only a part; shown is {whole}" in assessed.err
    assert secaudit(folder, "judge", newest).code == again.code
    assert secaudit(folder, "ledger", "verify").code == 0
