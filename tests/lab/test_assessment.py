"""A level-3 system of three hosts from the scan to both conclusions; every figure reckoned again from raw rows."""

import json
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.lab.audits import scan, secaudit
from tests.lab.hosts import Lab
from tests.lab.recompute import Raw, Reckoned, read, reckon
from tests.lab.workspace import SYSTEM, write

PROJECT = Path(__file__).parent.parent.parent
HOSTS = ("h2", "h3", "h10")
# what most steps are answered, and every so many of them otherwise; 不适用 only where the unit says nothing special
ANSWERS = ("符合",) * 6 + ("部分符合",) + ("符合",) * 4 + ("不符合",) + ("符合",) * 5
DOOR = "pes.physical-access.a#1"  # HR-01, A-01
NOT_APPLICABLE = ("ces.personal-information.a#1", "ces.personal-information.a#2", "pes.climate.a#1")


@pytest.fixture(scope="module")
def answered(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Scanned, every question answered by way of the workbook (and of LibreOffice, where there is one), decided."""
    folder = tmp_path_factory.mktemp("assessment")
    workspace = write(folder / "workspace", lab, HOSTS, port_scan=False)
    scan(workspace)
    book = folder / "questions.xlsx"
    secaudit(workspace, "attest", "export", SYSTEM, "--lang", "zh", "--out", str(book))
    assert fill(book) > 300
    if office := shutil.which("soffice"):
        out, profile = folder / "saved", folder / "profile"
        convert = [office, f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", "xlsx"]
        subprocess.run([*convert, "--outdir", str(out), str(book)], check=True, capture_output=True)
        book = out / book.name
    secaudit(workspace, "attest", "import", str(book))
    decide(workspace)
    return workspace


def fill(book: Path) -> int:
    """Answer every row; how many there were."""
    opened, count = load_workbook(book), 0
    today = datetime.now(UTC).date()
    for sheet in opened.worksheets[1:]:
        place = {str(cell.value): number for number, cell in enumerate(sheet[1], 1)}
        for row in range(2, sheet.max_row + 1):
            step = str(sheet.cell(row, place["步骤"]).value)
            said = ANSWERS[count % len(ANSWERS)]
            said = "不符合" if step == DOOR else "不适用" if step in NOT_APPLICABLE else said
            for head, value in (("答复", said), ("记录", "现场看过"), ("答复人", "张三"), ("日期", today)):
                sheet.cell(row, place[head]).value = value
            count += 1
    opened.save(book)
    return count


def decide(workspace: Path) -> None:
    """A hazard, a risk that is none, and an acceptance, which must move nothing."""
    act = ("--person", "李四", "--reason", "现场核实", "--relevant", "yes", "--severe", "yes", "--likely")
    secaudit(workspace, "risk", "confirm", SYSTEM, "HR-01", *act, "yes")
    secaudit(workspace, "risk", "confirm", SYSTEM, "HR-15", *act, "no")


def assessed(workspace: Path, template: str, rule: str) -> dict[str, Any]:
    options = ("--template", template, "--rule", rule, "--provisional", "--format", "json")
    system: dict[str, Any] = json.loads(secaudit(workspace, "assess", SYSTEM, *options).out)["systems"][0]
    return system


@pytest.fixture(scope="module")
def raw(answered: Path) -> Raw:
    printed = secaudit(answered, "results", "--format", "json", codes=(0, 1, 3)).out.decode()
    return read(answered, PROJECT, printed)


def exact(bounds: dict[str, Any], share: int = 1) -> tuple[Fraction, Fraction]:
    """Both ends as they are in JSON, as fractions of ``share``."""
    low, high = (Fraction(text) / share for text in bounds["exact"])
    return low, high


@pytest.mark.parametrize("rule", ["mean", "tri"])
def test_every_figure_is_reckoned_again_from_raw_rows(answered: Path, raw: Raw, rule: str) -> None:
    again = reckon(raw, PROJECT, rule)
    of_2025, of_2021 = (assessed(answered, template, rule) for template in ("2025", "2021"))
    assert of_2025["applicable_items"] == of_2021["applicable_items"] == again.items < 211
    assert counted(of_2025) == dict(again.conclusions)
    assert sum(again.conclusions.values()) == 211
    assert exact(of_2025["rate"]["strict"], 100) == again.strict
    assert exact(of_2025["rate"]["weighted"], 100) == again.weighted
    assert exact(of_2021["score"]["technical"]) == again.technical
    assert exact(of_2021["score"]["management"]) == again.management
    total = tuple(map(sum, zip(again.technical, again.management, strict=True)))
    assert exact(of_2021["score"]["total"]) == total
    assert opened(of_2025) == again.open_steps
    assert (of_2025["hazards"]["count"], of_2025["hazards"]["text"]) == (
        len(again.hazards),
        str(len(again.hazards)),
    )
    assert conclusion_of_2025(again) == (of_2025["conclusion"]["worst"], of_2025["conclusion"]["best"])


def counted(system: dict[str, Any]) -> dict[str, int]:
    found: dict[str, int] = {}
    for domain in system["domains"]:
        for word, count in domain["conclusions"].items():
            found[word] = found.get(word, 0) + count
    return {word: count for word, count in found.items() if count}


def opened(system: dict[str, Any]) -> set[tuple[str, str]]:
    return {(one["step"], name) for one in system["open_steps"] for name in one["objects"]}


def conclusion_of_2025(again: Reckoned) -> tuple[str, str]:
    """Nothing is closed while evidence is missing: the worst rate, and the best with the hazard that is there."""
    assert again.open_steps
    low, high = again.strict
    worst = "不符合" if low < Fraction(6, 10) else "基本符合"
    best = "符合" if high > Fraction(9, 10) and not again.hazards else "基本符合"
    return worst, best if high >= Fraction(6, 10) else "不符合"


def test_an_acceptance_moves_no_figure(answered: Path, tmp_path: Path) -> None:
    workspace = Path(shutil.copytree(answered, tmp_path / "w"))
    before = assessed(workspace, "2025", "mean")
    failed = json.loads(
        secaudit(workspace, "results", "--verdict", "fail", "--format", "json", codes=(0, 1, 3)).out
    )
    about = ("--check", failed[0]["check"], "--asset", failed[0]["asset"])
    until = ("--until", (datetime.now(UTC).date() + timedelta(days=90)).isoformat())
    people = ("--requester", "王五", "--approver", "赵六", "--document", "网安〔2026〕3号")
    secaudit(
        workspace,
        "accept",
        "add",
        SYSTEM,
        "--kind",
        "risk",
        *about,
        *people,
        *until,
        "--reason",
        "待更换",
        "--measure",
        "限制访问",
    )
    assert assessed(workspace, "2025", "mean") == before


def test_without_one_answer_its_step_is_open(answered: Path, tmp_path: Path) -> None:
    workspace = Path(shutil.copytree(answered, tmp_path / "w"))
    (file,) = (workspace / "attestations").glob("*.yaml")
    text = file.read_text("utf-8")
    begin = text.index("- step: ")
    end = text.index("- step: ", begin + 1)
    step = text[begin:end].splitlines()[0].removeprefix("- step: ").strip("'")
    file.write_text(text[:begin] + text[end:], encoding="utf-8")
    assert step in {one["step"] for one in assessed(workspace, "2025", "mean")["open_steps"]}
    assert step not in {one["step"] for one in assessed(answered, "2025", "mean")["open_steps"]}
    secaudit(workspace, "assess", SYSTEM, codes=(6,))
