"""A system that people alone judge reaches a final conclusion, and loses it with any one answer."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.end_to_end import workspaces
from tests.end_to_end.workspaces import secaudit

pytestmark = pytest.mark.end_to_end

SYSTEM = """\
id: oa
name: 办公系统
organisation: office
grade: S2A2G2
assets:
  - {id: app, kind: application, name: 应用, reach: {transport: none}}
"""


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every step of every object answered 符合, by way of the workbook."""
    folder = tmp_path_factory.mktemp("conclusion") / "w"
    workspaces.make(folder, {"here": 0})
    (folder / "systems" / "oa.yaml").write_text(SYSTEM, encoding="utf-8")
    assert secaudit(folder, "scan").code == 2
    assert secaudit(folder, "scan", "oa").code == 0
    book = folder.parent / "q.xlsx"
    assert secaudit(folder, "attest", "export", "oa", "--lang", "zh", "--out", str(book)).code == 0
    fill(book)
    imported = secaudit(folder, "attest", "import", str(book))
    assert imported.code == 0, imported.err
    return folder


def fill(book: Path) -> None:
    opened, today = load_workbook(book), datetime.now(UTC).date()
    for sheet in opened.worksheets[1:]:
        place = {str(cell.value): number for number, cell in enumerate(sheet[1], 1)}
        for row in range(2, sheet.max_row + 1):
            for head, value in (("答复", "符合"), ("记录", "看过"), ("答复人", "张三"), ("日期", today)):
                sheet.cell(row, place[head]).value = value
    opened.save(book)


def concluded(folder: Path, template: str, code: int) -> dict[str, Any]:
    printed = secaudit(folder, "assess", "oa", "--template", template, "--format", "json")
    assert printed.code == code, printed.err
    system: dict[str, Any] = json.loads(printed.out)["systems"][0]
    return system


def test_both_templates_conclude(answered: Path) -> None:
    of_2025, of_2021 = concluded(answered, "2025", 0), concluded(answered, "2021", 0)
    assert (of_2025["conclusion"]["final"], of_2025["rate"]["strict"]["exact"]) == ("符合", ["100", "100"])
    assert (of_2021["conclusion"]["final"], of_2021["score"]["total"]["exact"]) == ("优", ["100", "100"])
    assert of_2025["applicable_items"] == 135


@pytest.mark.parametrize("place", [0, 0.3, 0.6, 1])
def test_without_one_answer_the_conclusion_is_refused_and_the_step_named(
    answered: Path, tmp_path: Path, place: float
) -> None:
    folder = Path(shutil.copytree(answered, tmp_path / "w"))
    (file,) = (folder / "attestations").glob("*.yaml")
    head, *answers = file.read_text("utf-8").split("- step: ")
    gone = answers.pop(round(place * (len(answers) - 1)))
    file.write_text("- step: ".join((head, *answers)), encoding="utf-8")
    step = gone.split("\n")[0].strip("'")
    found = concluded(folder, "2025", 6)
    assert found["conclusion"]["final"] == ""
    assert [one["step"] for one in found["open_steps"]] == [step]
    assert step in secaudit(folder, "assess", "oa").err + secaudit(folder, "assess", "oa").out


def test_answers_that_have_expired_count_no_more(answered: Path) -> None:
    later = f"{datetime.now(UTC).year + 2}-01-01"
    printed = secaudit(answered, "assess", "oa", "--date", later, "--format", "json")
    assert printed.code == 6
    (system,) = json.loads(printed.out)["systems"]
    assert system["coverage"]["open"] == system["coverage"]["steps"]
