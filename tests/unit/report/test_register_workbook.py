"""The workbook of an organisation: what is written is read again, and brought back whole or not at all."""

from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from secaudit.errors import ContentError, SecauditError, UsageError
from secaudit.model.text import Language
from secaudit.register import load_register
from secaudit.register.tables import TABLES
from secaudit.register.updating import carry_out_update
from secaudit.report.register_workbook import columns_of
from tests.unit.report.register_workbooks import (
    BRANCH,
    OTHER,
    SHEETS,
    edited,
    exported,
    place,
    planned,
    registered,
    texts,
    with_cells,
)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return registered(tmp_path)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_written_is_read_again_and_changes_nothing(workspace: Path, language: Language) -> None:
    update = planned(workspace, exported(workspace, language))
    assert (update.changes, update.edits, update.left) == ((), (), ())


def test_no_text_becomes_a_formula_and_numbers_of_texts_stay(workspace: Path) -> None:
    book = load_workbook(exported(workspace))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    assert place(book["定级对象"], "systems", "name", 2).value == '=HYPERLINK("x")'
    zone = place(book["资产"], "assets", "zone", 3)
    assert (zone.value, zone.number_format) == ("007", "@")


def test_lists_heads_and_panes(workspace: Path) -> None:
    book = load_workbook(exported(workspace))
    sheet = book["资产"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref[:2]) == ("D2", "A1")
    offered = {rule.formula1 for rule in sheet.data_validations.dataValidation if rule.type == "list"}
    assert any(formula.startswith("='词表'!$") for formula in offered)
    assert any("定级对象" in formula for formula in offered)
    assert [cell.value for cell in sheet[1]][:4] == ["定级对象", "编号", "名称", "类别"]


def test_values_are_changed_where_they_stand_and_nothing_else(workspace: Path) -> None:
    before = texts(workspace)
    path = with_cells(
        workspace,
        ("systems", 2, "name", "门户"),
        ("systems", 2, "internet_facing", "是"),
        ("filing", 2, "evaluation_conclusion", None),
        ("filing", 2, "filing_valid_until", date(2028, 2, 28)),
        ("filing", 2, "self_assessed_on", "2026/3/1"),
        ("assets", 2, "user", "scan"),
        ("assets", 2, "jump", None),
        ("assets", 2, "services", "443 HTTPS；22/tcp SSH"),
        ("assets", 3, "zone", None),
        ("assets", 3, "importance", "高"),
        ("data_sets", 2, "volume_gb", 12.0),
        ("data_sets", 2, "cross_border", "yes"),
    )
    update = planned(workspace, path)
    assert texts(workspace) == before
    carry_out_update(update)
    after = texts(workspace)
    assert after["2.yaml"] == before["2.yaml"]
    assert [change.column for change in update.changes] == [
        *("name", "internet_facing", "filing_valid_until", "evaluation_conclusion", "self_assessed_on"),
        *("services", "user", "jump", "zone", "importance", "volume_gb", "cross_border"),
    ]
    gone = set(before["1.yaml"].splitlines()) - set(after["1.yaml"].splitlines())
    assert len(gone) == 9
    for kept in ("# of the office", "# hostile", "# the web server", "  - id: web1 # keep"):
        assert kept in after["1.yaml"]
    system = load_register(workspace).systems[0]
    assert (system.name, system.internet_facing, system.evaluation_conclusion) == ("门户", True, "")
    assert (system.filing_valid_until, system.self_assessed_on) == (date(2028, 2, 28), date(2026, 3, 1))
    web, room = system.assets
    assert (web.reach.user, web.reach.jump, len(web.services)) == ("scan", (), 2)
    assert (room.zone, room.importance) == ("", "high")
    assert (system.data_sets[0].volume_gb, system.data_sets[0].cross_border) == (12, True)
    assert planned(workspace, path).changes == ()  # a second time changes nothing


def test_new_rows_become_records_and_a_new_system_a_file(workspace: Path) -> None:
    path = with_cells(
        workspace,
        ("systems", 4, "id", "hr"),
        ("systems", 4, "name", "人事"),
        ("systems", 4, "organisation", "branch"),
        ("systems", 4, "grade", "S2A2G2"),
        ("filing", 4, "id", "hr"),
        ("filing", 4, "filing_state", "已备案"),
        ("filing", 4, "filing_number", "11010099999-00002"),
        ("assets", 4, "system", "hr"),
        ("assets", 4, "id", "hr1"),
        ("assets", 4, "name", "人事服务器"),
        ("assets", 4, "kind", "Linux 服务器"),
        ("assets", 4, "address", "192.0.2.7"),
        ("assets", 4, "transport", "SSH"),
        ("assets", 4, "user", "audit"),
        ("assets", 4, "key", "agent"),
        ("assets", 5, "system", "small"),
        ("assets", 5, "id", "small1"),
        ("assets", 5, "name", "x"),
        ("assets", 5, "kind", "database"),
        ("data_sets", 3, "system", "hr"),
        ("data_sets", 3, "id", "files"),
        ("data_sets", 3, "name", "档案"),
        ("data_sets", 3, "asset", "hr1"),
        ("data_sets", 3, "method", "每日"),
        ("data_sets", 3, "rpo_h", 24),
        ("data_sets", 3, "rto_h", "8"),
        ("people", 4, "system", "hr"),
        ("people", 4, "role", "安全管理员"),
        ("people", 4, "name", "丙"),
    )
    update = planned(workspace, path)
    assert not (workspace / "systems" / "hr.yaml").exists()
    carry_out_update(update)
    systems = {system.id: system for system in load_register(workspace).systems}
    hr = systems["hr"]
    assert (hr.organisation, str(hr.grade), hr.filing_state, hr.contacts[0].name) == (
        "branch",
        "S2A2G2",
        "filed",
        "丙",
    )
    assert (hr.assets[0].id, hr.assets[0].reach.agent, hr.data_sets[0].rto_h) == ("hr1", True, 8)
    assert [asset.id for asset in systems["small"].assets] == ["small1"]
    assert [(change.kind.value, change.id) for change in update.changes] == [
        ("added", "small1"),
        ("added", "hr"),
        ("added", "hr1"),
        ("added", "files"),
    ]
    assert planned(workspace, path).changes == ()
    assert planned(workspace, exported(workspace)).changes == ()


def test_people_are_those_that_are_listed_and_other_rows_may_be_left_out(workspace: Path) -> None:
    def edit(book: Workbook) -> None:
        book["人员"].delete_rows(3)
        book["资产"].delete_rows(3)

    update = planned(workspace, edited(exported(workspace), edit))
    assert [(change.column, change.before, change.after) for change in update.changes] == [
        ("contacts", "甲, 乙", "甲")
    ]
    assert update.left == ("room",)
    carry_out_update(update)
    system = load_register(workspace).systems[0]
    assert ([one.name for one in system.contacts], len(system.assets)) == (["甲"], 2)


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (("systems", 2, "grade", "S3A3"), "one of S1A1G1"),
        (("systems", 2, "name", None), "is required"),
        (("systems", 2, "name", "涉密系统"), "BMB17"),
        (("systems", 2, "organisation", "other"), "office or an organisation below it"),
        (("systems", 2, "internet_facing", "maybe"), "one of 是, yes"),
        (("systems", 2, "agencies", "公安、税务"), "one of public-security"),
        (("systems", 2, "description", "=1+1"), "not a formula"),
        (("filing", 2, "filed_on", "2025-02-30"), "a real date"),
        (("filing", 2, "filed_on", "三月"), "a real date"),
        (("filing", 2, "evaluated_on", None), "required together with evaluation_conclusion"),
        (("filing", 2, "filed_on", -(10**17)), "a value expected"),
        (("filing", 2, "filing_state", "申请中"), "one of filed"),
        (("filing", 2, "evaluation_score", 101), "from 0 to 100"),
        (("assets", 2, "kind", "服务机"), "a kind of asset"),
        (("assets", 2, "address", "a b"), "an IP address"),
        (("assets", 2, "address", None), "required for transport: ssh"),
        (("assets", 2, "port", "ssh"), "a whole number"),
        (("assets", 2, "port", 65536), "a port from"),
        (("assets", 2, "password", "hunter2"), "a secret is never written here"),
        (("assets", 2, "services", "HTTPS"), "PORT/tcp PURPOSE"),
        (("assets", 2, "jump", "nowhere"), "jump"),
        (("assets", 2, "id", None), "is required"),
        (("assets", 2, "system", "no"), "a system of the sheet"),
        (("assets", 2, "system", "foreign"), "a system of office or below"),
        (("assets", 3, "id", "web1"), "this one is taken at 资产!B2"),
        (("assets", 3, "id", "far"), "this one is taken at systems/3.yaml"),
        (("assets", 2, "id", "web9"), "an id stays"),
        (("data_sets", 2, "id", "orders2"), "an id stays"),
        (("systems", 3, "id", "smaller"), "an id stays"),
        (("systems", 4, "id", "../x"), "1 to 63 of a-z"),
        (("data_sets", 2, "artefacts", "backup"), "an absolute path"),
        (("data_sets", 2, "asset", "room1"), "an asset of this system"),
        (("data_sets", 2, "rpo_h", 0), "a number of hours"),
        (("people", 2, "role", "boss"), "one of leader"),
        (("people", 2, "name", None), "is required"),
    ],
)
def test_a_bad_cell_is_named_and_nothing_is_brought_in(
    workspace: Path, cell: tuple[str, int, str, object], said: str
) -> None:
    before = texts(workspace)
    path = with_cells(workspace, cell, ("systems", 3, "name", "别的改动"))
    with pytest.raises(ContentError) as caught:
        planned(workspace, path)
    table, row, key, _value = cell
    columns = columns_of(next(one for one in TABLES if one.key == table))
    where = f"{SHEETS[table]}!{chr(ord('A') + columns.index(key))}{row}"
    assert where in [problem.field for problem in caught.value.problems if said in problem.expected], (
        caught.value.problems
    )
    assert "hunter2" not in str(caught.value)
    assert texts(workspace) == before


def test_what_a_new_system_lacks_is_named(workspace: Path) -> None:
    with pytest.raises(ContentError) as caught:
        planned(workspace, with_cells(workspace, ("systems", 4, "id", "hr")))
    assert {problem.field for problem in caught.value.problems} == {
        "定级对象!B4",
        "定级对象!C4",
        "定级对象!D4",
    }


def test_every_bad_cell_is_named_at_once(workspace: Path) -> None:
    path = with_cells(
        workspace, ("systems", 2, "grade", "x"), ("assets", 3, "kind", "y"), ("people", 3, "role", "z")
    )
    with pytest.raises(ContentError) as caught:
        planned(workspace, path)
    assert {problem.field for problem in caught.value.problems} == {"定级对象!D2", "资产!D3", "人员!B3"}


def test_what_somebody_else_changed_meanwhile_is_not_undone(workspace: Path) -> None:
    path = with_cells(workspace, ("assets", 2, "user", "scan"), ("people", 2, "name", "丁"))
    file = workspace / "systems" / "1.yaml"
    file.write_text(
        file.read_text().replace("Web 1", "Web one").replace("name: 乙", "name: 戊"), encoding="utf-8"
    )
    with pytest.raises(ContentError) as caught:
        planned(workspace, path)
    assert {problem.field for problem in caught.value.problems} == {"资产!B2", "人员!A2", "人员!A3"}
    assert all("export it again" in problem.expected for problem in caught.value.problems)


def test_a_change_elsewhere_does_no_harm(workspace: Path) -> None:
    path = with_cells(workspace, ("assets", 2, "user", "scan"))
    file = workspace / "systems" / "1.yaml"
    file.write_text(file.read_text().replace("机房", "新机房"), encoding="utf-8")
    changes = planned(workspace, path).changes
    assert [(change.table, change.id, change.column) for change in changes] == [("assets", "web1", "user")]


def test_a_copied_row_is_a_new_record(workspace: Path) -> None:
    def edit(book: Workbook) -> None:
        sheet = book["资产"]
        for column, cell in enumerate(list(sheet[2]), 1):
            sheet.cell(4, column).value = cell.value
        sheet["B4"] = "web2"

    update = planned(workspace, edited(exported(workspace), edit))
    assert [(change.kind.value, change.id) for change in update.changes] == [("added", "web2")]
    carry_out_update(update)
    first, _room, copied = load_register(workspace).systems[0].assets
    assert (copied.services, copied.reach) == (first.services, first.reach)


def test_a_file_of_the_name_of_a_new_system_is_left(workspace: Path) -> None:
    (workspace / "systems" / "hr.yaml").write_text(OTHER.replace("foreign", "else").replace("far", "f2"))
    cells = {"id": "hr", "name": "人事", "organisation": "office", "grade": "S1A1G1"}
    path = with_cells(workspace, *(("systems", 4, key, value) for key, value in cells.items()))
    with pytest.raises(UsageError, match=r"hr\.yaml is there already"):
        planned(workspace, path)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_cell_is_a_change_or_a_named_mistake(workspace: Path, data: st.DataObject) -> None:
    path = workspace / "register.xlsx"
    if not path.exists():
        exported(workspace)
    book = load_workbook(path)
    title = data.draw(st.sampled_from(list(SHEETS.values())))
    sheet = book[title]
    row, column = data.draw(st.integers(1, 5)), data.draw(st.integers(1, sheet.max_column))
    value = st.one_of(
        st.text(
            st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"), max_size=30
        ),
        st.integers(),
        st.floats(),
        st.booleans(),
        st.dates(min_value=date(1900, 3, 1)),
        st.times(),
        st.sampled_from(["=1+1", "#REF!", "2026.3.1", "12,5", "是", "SSH", "env:X", "file:/x", "1/tcp a"]),
    )
    sheet.cell(row, column).value = data.draw(value)
    changed = workspace / "changed.xlsx"
    book.save(changed)
    before = texts(workspace)
    with suppress(SecauditError):
        planned(workspace, changed)
    assert texts(workspace) == before


def test_a_row_that_is_registered_but_new_in_the_workbook_is_refused(workspace: Path) -> None:
    path = with_cells(workspace, ("assets", 3, "revision", None), ("assets", 3, "name", "另一"))
    with pytest.raises(ContentError, match="registered already"):
        planned(workspace, path)


def test_nothing_is_half_written(workspace: Path) -> None:
    path = with_cells(workspace, ("systems", 2, "name", "门户"), ("systems", 3, "name", "改"))
    update = planned(workspace, path)
    changed = workspace / "systems" / "2.yaml"
    changed.write_text(BRANCH + "# by somebody else\n", encoding="utf-8")
    before = texts(workspace)
    with pytest.raises(SecauditError, match="changed by somebody else"):
        carry_out_update(update)
    assert texts(workspace) == before


def test_files_written_already_are_taken_back(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = with_cells(workspace, ("systems", 2, "name", "门户"), ("systems", 3, "name", "改"))
    update = planned(workspace, path)
    before, replaced = texts(workspace), Path.replace

    def full(self: Path, target: Path) -> Path:
        if Path(target).name == "2.yaml":
            raise OSError(28, "No space left on device")
        return replaced(self, target)

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(UsageError, match="No space left"):
        carry_out_update(update)
    assert texts(workspace) == before
