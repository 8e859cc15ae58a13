"""Answers of people, from the command line to the report."""

import json
import shutil
from pathlib import Path

import pytest

from tests.end_to_end import workspaces
from tests.end_to_end.workspaces import secaudit

pytestmark = pytest.mark.end_to_end


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace whose only asset, this machine, was scanned once."""
    folder = tmp_path_factory.mktemp("attest") / "w"
    workspaces.make(folder, {"here": 0})
    assert secaudit(folder, "scan").code in (0, 1, 3)
    return folder


def test_an_answer_closes_its_step_and_shows_in_the_report(scanned: Path, tmp_path: Path) -> None:
    folder = tmp_path / "workspace"
    shutil.copytree(scanned, folder)
    proof = tmp_path / "制度.pdf"
    proof.write_bytes(b"%PDF-1.4")
    step = "pss.issuing.a#1"
    said = (folder, "attest", "set", "oa", step, "--person", "张三", "--answer")
    before = attested(folder)
    assert secaudit(*said, "不适用").code == 2
    assert secaudit(*said, "符合", "--valid-until", "2020-01-01").code == 2
    assert attested(folder) == before == 0
    done = secaudit(*said, "符合", "--record", "<script>看过", "--file", str(proof))
    assert done.code == 0
    assert attested(folder) == 1
    (row,) = json.loads(secaudit(folder, "attest", "list", "--format", "json").out)
    assert (row["step"], row["answer"], row["state"], row["files"]) == (step, "符合", "valid", ["制度.pdf"])
    assert secaudit(folder, "report", "oa", "--out", str(tmp_path / "out")).code == 0
    page = next((tmp_path / "out").glob("*.html")).read_text(encoding="utf-8")
    assert "&lt;script&gt;看过" in page
    assert "制度.pdf" in page
    next((folder / "evidence").iterdir()).write_bytes(b"changed")
    (row,) = json.loads(secaudit(folder, "attest", "list", "--format", "json").out)
    assert row["state"] == "altered"
    assert attested(folder) == 0


def attested(folder: Path) -> int:
    """How many steps are decided by answers, as the report says."""
    table = secaudit(folder, "assess", "oa").out
    total = next(line.split() for line in table.splitlines() if line.strip().startswith("together"))
    return int(total[-3])


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nope", "pss.issuing.a#1"], "is not registered"),
        (["oa", "pss.nope.a#1"], "is no step that oa"),
        (["oa", "pss.issuing.a#1", "--object", "nope"], "is no object of"),
        (["nope", "pss.issuing.a#1", "--organisation"], "is no organisation"),
        (["office", "ces.audit.a#1", "--organisation"], "is no step that an organisation answers"),
        (["oa", "pss.issuing.a#1", "--date", "2999-01-01"], "not in the future"),
        (["oa", "pss.issuing.a#1", "--file", "/nope"], "cannot be read"),
    ],
)
def test_an_answer_that_nobody_asked_for_is_refused(scanned: Path, arguments: list[str], told: str) -> None:
    refused = secaudit(scanned, "attest", "set", *arguments, "--answer", "符合", "--person", "张三")
    assert refused.code == 2
    assert told in refused.err
    assert not list((scanned / "attestations").glob("*.yaml"))
