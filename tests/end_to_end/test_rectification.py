"""Findings from outside, the notice that demands rectification, the answers of departments, and the recheck."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from docx import Document
from openpyxl import load_workbook

from secaudit.cli import (
    finding_details,
    finding_export,
    finding_import,
    finding_notice,
    finding_recheck,
    rectification_writing,
)
from secaudit.cli.finding import finding as group
from secaudit.cli.recorded import ledger_of, subjects_in
from secaudit.content import Content
from secaudit.errors import SecauditError
from secaudit.handover.ledger import differences
from secaudit.model.finding import Finding, Stage
from secaudit.register import load_settings
from secaudit.register.folder import alone_in
from secaudit.register.starting import start_workspace
from secaudit.register.times import in_zone
from secaudit.store import open_store
from tests.content import inventory

pytestmark = pytest.mark.end_to_end

SYSTEM = """\
id: oa
name: 办公系统
organisation: office
grade: S3A3G3
assets:
  - {id: gone, kind: linux, name: 主机}
"""
LIST = """\
问题编号,系统,资产,漏洞名称,风险等级,漏洞描述,整改期限
V-1,oa,gone,SSH 弱算法,中危,支持 cbc 模式,2099-12-20
V-2,办公系统,,未开展应急演练,高,近一年无记录,
"""
IMPORT = ("import", "--source", "公安通报", "--document", "公网安〔2026〕17号")
SETTINGS = """\
findings: {notice_number: "整改〔{year}〕{n}号", deadline_days: {high: 15}}
"""


@dataclass(frozen=True, slots=True)
class Told:
    """What a command printed; ``error`` is "" where it did what was asked."""

    out: str
    error: str


def run(folder: Path, *arguments: str) -> Told:
    """One command of ``secaudit finding`` to its end."""
    done = CliRunner().invoke(group, arguments, obj=folder, standalone_mode=False)
    if done.exception and not isinstance(done.exception, SecauditError):
        assert type(done.exception).__module__ == "click.exceptions", done.exception
    return Told(done.output, repr(done.exception) if done.exception else "")


@pytest.fixture(scope="module")
def content() -> Content:
    """What ships, read once for all tests."""
    return inventory.shipped()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: Content) -> Path:
    """A workspace with a system, and a list beside it; nothing was scanned."""
    for module in (finding_details, finding_export, finding_import, finding_recheck, rectification_writing):
        monkeypatch.setattr(module, "content_of", lambda _workspace: content, raising=False)
    made = tmp_path / "w"
    start_workspace(made, "局", "zh")
    (made / "systems" / "oa.yaml").write_text(SYSTEM, encoding="utf-8")
    with (made / "secaudit.yaml").open("a", encoding="utf-8") as settings:
        settings.write(SETTINGS)
    (tmp_path / "list.csv").write_text(LIST, encoding="utf-8")
    return made


def findings(folder: Path) -> dict[str, Finding]:
    with open_store(load_settings(folder).database) as store:
        return {str(one): one for one in store.findings.all()}


def is_on_record(folder: Path) -> bool:
    """Whether the ledger is whole and holds all that the workspace does."""
    book = ledger_of(folder)
    with subjects_in(folder) as subjects:
        return book.check([]).fault is None and not list(differences(book.entries()[0], subjects))


def test_a_list_that_comes_again_doubles_nothing(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    shown = run(folder, *IMPORT, "--dry-run", "--format", "json", str(path))
    assert [one["finding"] for one in json.loads(shown.out.partition("\n]")[0] + "]")] == ["", ""]
    assert "2 new findings (F000001–F000002), 0 on record already" in run(folder, *IMPORT, str(path)).out
    path.write_text(LIST + "V-3,oa,,备份未验证,低,,\n", encoding="utf-8")
    assert "1 new findings (F000003), 2 on record already" in run(folder, *IMPORT, str(path)).out
    assert "0 new findings, 3 on record already" in run(folder, *IMPORT, str(path)).out
    other = (*IMPORT[:-1], "公网安〔2026〕18号")
    assert "3 new findings" in run(folder, *other, str(path)).out
    assert len(list((folder / "reported").iterdir())) == 3
    assert is_on_record(folder)


def test_a_bad_list_leaves_nothing_behind(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(LIST + "V-3,hr,,备份未验证,?,,\n", encoding="utf-8")
    told = run(folder, *IMPORT, str(path))
    assert told.error.count("list.csv:4") == 2
    assert not list((folder / "reported").iterdir())
    assert findings(folder) == {}
    assert "--source is required" in run(folder, "import", str(path)).error
    assert "name FILE, or --template" in run(folder, "import").error


def test_from_the_paper_to_the_recheck(folder: Path, tmp_path: Path) -> None:
    assert run(folder, *IMPORT, str(tmp_path / "list.csv")).error == ""
    out = tmp_path / "out"
    written = run(folder, "notice", "--person", "经办岗", "--out", str(out), "--lang", "zh")
    assert (written.error, "2 findings" in written.out) == ("", True), written
    assert "There is nothing to demand" in run(folder, "notice", "--person", "经办岗").out
    number = next(out.glob("*.docx")).name.removesuffix("-office.docx")
    told = "\n".join(one.text for one in Document(str(next(out.glob("*.docx")))).paragraphs)
    assert number in told
    kept = {path.name for path in (folder / "evidence").iterdir()}
    assert {line.split()[-1] for line in _act(folder).splitlines() if "sha256" in line} <= kept

    workbook = next(out.glob("*.xlsx"))
    fill(workbook, "F000002", owner="王岗", measure="组织演练", fixed="2026-01-05", files="plan.txt")
    refused = run(folder, "import-answers", str(workbook))
    assert "plan.txt cannot be read" in refused.error
    (out / "plan.txt").write_text("演练方案", encoding="utf-8")
    taken = run(folder, "import-answers", str(workbook))
    assert "1 plans and 1 claims on record, 1 rows" in taken.out
    assert "0 plans and 0 claims" in run(folder, "import-answers", str(workbook)).out
    assert findings(folder)["F000002"].stage is Stage.CLAIMED

    checked = run(folder, "recheck", number, "--format", "json,html,docx", "--out", str(out))
    assert checked.error == ""
    view = json.loads(next(out.glob("*.json")).read_text(encoding="utf-8"))
    assert (view["counts"]["unverified"], view["counts"]["rectified"]) == (2, 0)
    assert len(list(out.glob("recheck-*"))) == 3
    assert is_on_record(folder)


def _act(folder: Path) -> str:
    (act,) = (folder / "rectification").iterdir()
    return act.read_text(encoding="utf-8")


def fill(path: Path, number: str, **values: str) -> None:
    """Write into the white cells of a finding."""
    names = {
        "owner": "责任人",
        "measure": "整改措施",
        "planned": "计划完成日期",
        "fixed": "已整改日期",
        "files": "证据文件",
    }
    book = load_workbook(path)
    sheet = book.worksheets[1]
    heads = {cell.value: place for place, cell in enumerate(sheet[1], 1)}
    row = next(cells[0].row for cells in sheet.iter_rows(min_row=2) if cells[0].value == number)
    for key, value in values.items():
        sheet.cell(row, heads[names[key]]).value = value
    book.save(path)


def test_a_deadline_is_not_moved_by_a_department(folder: Path, tmp_path: Path) -> None:
    assert run(folder, *IMPORT, str(tmp_path / "list.csv")).error == ""
    workbook = tmp_path / "w.xlsx"
    assert run(folder, "export", "--organisation", "office", "--lang", "zh", str(workbook)).error == ""
    fill(workbook, "F000001", owner="王岗", planned="2099-12-21")
    told = run(folder, "import-answers", str(workbook))
    assert "until the deadline 2099-12-20 expected" in told.error
    assert findings(folder)["F000001"].owner == ""


def test_a_notice_that_a_kill_cut_short_is_completed_by_the_next(folder: Path, tmp_path: Path) -> None:
    """On record with its number, while its findings have not heard of it."""
    assert run(folder, *IMPORT, str(tmp_path / "list.csv")).error == ""
    today = in_zone(datetime.now(UTC)).date()
    act = f"notice: 7号\norganisation: office\ndate: '{today}'\nfindings:\n"
    act += "- {finding: F000002, deadline: '2099-02-01'}\nperson: 经办岗\n"
    (folder / "rectification" / "office-20260102-1.yaml").write_text(act, encoding="utf-8")
    told = run(folder, "notice", "--person", "经办岗", "--dry-run")
    assert "office: 1 findings would be demanded" in told.out
    assert findings(folder)["F000002"].notice == ""  # a dry run writes nothing
    told = run(folder, "notice", "--person", "经办岗", "--out", str(tmp_path / "out"))
    assert "1 findings" in told.out
    assert findings(folder)["F000002"].notice == "7号"


def test_who_waits_for_another_notice_demands_nothing_twice(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other is written while this one waits for its turn."""
    assert run(folder, *IMPORT, str(tmp_path / "list.csv")).error == ""

    @contextmanager
    def waits(workspace: Path) -> Iterator[None]:
        monkeypatch.setattr(finding_notice, "alone_in", alone_in)
        assert "2 findings" in run(folder, "notice", "--person", "甲岗", "--out", str(tmp_path / "out")).out
        with alone_in(workspace):
            yield

    monkeypatch.setattr(finding_notice, "alone_in", waits)
    assert "There is nothing to demand" in run(folder, "notice", "--person", "乙岗").out
    assert len(list((folder / "rectification").iterdir())) == 1


def test_a_workbook_of_another_database_is_refused(folder: Path, tmp_path: Path) -> None:
    """Numbers are given anew where a database was restored or the workspace is another one."""
    path, workbook = tmp_path / "list.csv", tmp_path / "w.xlsx"
    assert run(folder, *IMPORT, str(path)).error == ""
    assert run(folder, "export", "--organisation", "office", "--lang", "zh", str(workbook)).error == ""
    (folder / "secaudit.db").unlink()
    path.write_text(LIST.replace("V-1,", "V-9,"), encoding="utf-8")
    assert run(folder, *IMPORT, str(path)).error == ""
    fill(workbook, "F000001", owner="王岗", fixed="2026-01-05")
    assert "this number is of another finding" in run(folder, "import-answers", str(workbook)).error
    assert findings(folder)["F000001"].stage is Stage.PLANNED


def test_an_organisation_answers_for_its_own_systems_alone(folder: Path, tmp_path: Path) -> None:
    workbook = tmp_path / "w.xlsx"
    assert run(folder, *IMPORT, str(tmp_path / "list.csv")).error == ""
    assert run(folder, "export", "--organisation", "office", "--lang", "zh", str(workbook)).error == ""
    settings = folder / "secaudit.yaml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(
        text.replace("organisations:", "organisations:\n  - {id: other, name: 其他单位}"), encoding="utf-8"
    )
    (folder / "systems" / "oa.yaml").write_text(SYSTEM.replace("organisation: office", "organisation: other"))
    fill(workbook, "F000002", owner="王岗", fixed="2026-01-05")
    assert "no longer theirs" in run(folder, "import-answers", str(workbook)).error
    assert findings(folder)["F000002"].stage is Stage.OPEN


def test_what_no_workbook_may_hold_is_refused_in_a_list(folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(LIST.replace("SSH", "SSH\ufffe"), encoding="utf-8")
    assert "a printable text" in run(folder, *IMPORT, str(path)).error


@pytest.mark.parametrize(("day", "number"), [("2026-01-02", "F000099"), ("2020-01-01", "F000002")])
def test_a_notice_of_another_database_is_told_and_changes_nothing(
    folder: Path, tmp_path: Path, day: str, number: str
) -> None:
    assert run(folder, *IMPORT, str(tmp_path / "list.csv")).error == ""
    act = f"notice: 7号\norganisation: office\ndate: '{day}'\nfindings:\n"
    act += f"- {{finding: {number}, deadline: '2099-02-01'}}\nperson: 经办岗\n"
    (folder / "rectification" / "office-1.yaml").write_text(act, encoding="utf-8")
    told = run(folder, "notice", "--person", "经办岗", "--dry-run")
    assert "office: 2 findings would be demanded" in told.out
    assert ("Notice 7号 names findings that this database does not have" in told.out) == (number == "F000099")
    assert {one.notice for one in findings(folder).values()} == {""}


def test_what_cannot_be_meant_is_refused(folder: Path) -> None:
    assert "There is no notice 9号" in run(folder, "recheck", "9号").error
    assert "name NOTICE" in run(folder, "recheck").error
    assert "is no organisation" in run(folder, "notice", "nobody", "--person", "甲岗").error
    assert "has not passed" in run(folder, "notice", "--person", "甲岗", "--deadline", "2020-01-01").error
    assert "is no format" in run(folder, "recheck", "9号", "--format", "exe").error
