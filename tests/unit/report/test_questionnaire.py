"""The questionnaire: what is written is read again as people saved it, and every bad cell is named."""

import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from secaudit.assess import assess
from secaudit.errors import ContentError, SecauditError, UsageError
from secaudit.model.attestation import Answer, Attestation
from secaudit.model.content import SeenBy
from secaudit.model.result import Verdict
from secaudit.report import handed_workbook, workbook_weight
from secaudit.report.filled_questionnaire import Filled, read_questionnaire
from secaudit.report.questionnaire import COLUMNS, Question, Sender, questions_of, write_questionnaire
from tests.unit.assess import samples

SENDER = Sender("system", "oa", "=OA()", "run-1", date(2026, 11, 28))
LETTER = {key: "ABCDEFGHIJKLMN"[place] for place, key in enumerate(COLUMNS)}
SHEET = "安全计算环境"


def questions() -> list[Question]:
    """Two steps of one item on two objects; the second has an answer that looks like a formula."""
    item = samples.requirement(samples.step(1, SeenBy.PERSON), samples.step(2, SeenBy.PERSON))
    said = replace_record("=1+1")
    return [
        Question(item, item.steps[0], "h1"),
        Question(item, item.steps[1], "", ((samples.TEXT, "PASS"),), samples.TEXT, said),
    ]


def replace_record(record: str) -> Attestation:
    answer = samples.answer(Answer.PARTLY, "ces.x.a#2", "")
    return Attestation(
        answer.step_id, answer.answer, answer.person, answer.day, answer.valid_until, record, "", "oa"
    )


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "q.xlsx"
    write_questionnaire(path, questions(), SENDER, "zh")
    return path


def edited(path: Path, edit: Callable[[Worksheet, Workbook], object], sheet: str = SHEET) -> Path:
    opened = load_workbook(path)
    edit(opened[sheet], opened)
    opened.save(path)
    return path


def fill(sheet: Worksheet, row: int = 2, **cells: object) -> None:
    values = {"answer": "符合", "record": "看过", "person": "张三", "date": date(2026, 11, 1)} | cells
    for key, value in values.items():
        sheet[f"{LETTER[key]}{row}"].value = value


def complaints(path: Path) -> str:
    with pytest.raises(ContentError) as refused:
        read_questionnaire(path)
    return str(refused.value)


def test_what_was_answered_comes_back_and_the_rest_is_counted(book: Path) -> None:
    found = read_questionnaire(book)
    assert (found.kind, found.owner, found.unanswered) == ("system", "oa", 1)
    (row,) = found.rows
    assert (row.step_id, row.object_id, row.answer, row.record) == ("ces.x.a#2", "", Answer.PARTLY, "=1+1")
    assert (row.person, row.day) == ("某人", samples.TODAY)


def test_no_cell_is_a_formula(book: Path) -> None:
    opened = load_workbook(book)
    cells = [cell for sheet in opened.worksheets for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr", "n", "d"}
    assert opened.worksheets[0]["B3"].value == "=OA()"


def test_answers_are_chosen_from_a_list(book: Path) -> None:
    (answers, _dates) = load_workbook(book)[SHEET].data_validations.dataValidation
    assert answers.formula1 == '"符合,部分符合,不符合,不适用"'
    assert str(answers.sqref) == "I2:I3"


@pytest.mark.parametrize(
    ("day", "read"),
    [
        (date(2026, 11, 1), date(2026, 11, 1)),
        (datetime.combine(date(2026, 11, 1), time()), date(2026, 11, 1)),
        ("2026-11-01", date(2026, 11, 1)),
        ("2026/11/01", date(2026, 11, 1)),
        (" 2026-11-01 ", date(2026, 11, 1)),
    ],
)
def test_dates_as_programs_save_them(book: Path, day: object, read: date) -> None:
    filled = read_questionnaire(
        edited(book, lambda sheet, _book: fill(sheet, date=day, files="a.pdf； b.pdf;"))
    )
    first = filled.rows[0]
    assert (first.day, first.valid_until, first.files) == (read, date(2027, 11, 1), ("a.pdf", "b.pdf"))


@pytest.mark.parametrize(
    ("cells", "place", "expected"),
    [
        ({"answer": "大概"}, "I2", "one of 符合"),
        ({"answer": None}, "I2", "one of 符合"),
        ({"person": None}, "L2", "printable characters"),
        ({"person": "--"}, "L2", "punctuation alone"),
        ({"date": None}, "M2", "a real date"),
        ({"date": "昨天"}, "M2", "a real date"),
        ({"date": date(2999, 1, 1)}, "M2", "not in the future"),
        ({"date": 46000}, "M2", "a real date"),
        ({"valid_until": "2026-10-01"}, "N2", "on or after date"),
        ({"valid_until": "later"}, "N2", "a real date"),
        ({"valid_until": "2099-01-01"}, "N2", "at most three years"),
        ({"answer": "不适用", "record": "。"}, "J2", "a reason is required"),
        ({"answer": "不适用", "record": None}, "J2", "a reason is required"),
        ({"record": "x" * 4001}, "J2", "at most 4000"),
        ({"record": '=HYPERLINK("http://x")'}, "J2", "not a formula"),
    ],
)
def test_a_bad_cell_is_named(book: Path, cells: dict[str, object], place: str, expected: str) -> None:
    told = complaints(edited(book, lambda sheet, _book: fill(sheet, 2, **cells)))
    assert f"q.xlsx: {SHEET}!{place}: " in told
    assert expected in told


def test_every_bad_cell_is_named_at_once(book: Path) -> None:
    def edit(sheet: Worksheet, _book: Workbook) -> None:
        fill(sheet, 2, answer="x", date="y")
        fill(sheet, 3, person="-")

    told = complaints(edited(book, edit))
    assert all(f"{SHEET}!{place}" in told for place in ("I2", "M2", "L3"))


def test_a_question_answered_twice_is_named(book: Path) -> None:
    def edit(sheet: Worksheet, _book: Workbook) -> None:
        fill(sheet, 4)
        sheet["B4"].value, sheet["C4"].value = "ces.x.a#2", "（全部）"

    assert f"answered at {SHEET}!I3, too" in complaints(edited(book, edit))


def test_columns_may_move_and_sheets_may_be_renamed(book: Path) -> None:
    def edit(sheet: Worksheet, _book: Workbook) -> None:
        sheet.title = "改名"
        sheet.insert_cols(1)

    assert len(read_questionnaire(edited(book, edit)).rows) == 1


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (lambda sheet, _book: sheet.delete_cols(9), "the columns 答复 (Answer) expected"),
        (lambda sheet, _book: sheet.merge_cells("I2:I3"), f"{SHEET}!I2:I3: cells that are not merged"),
        (lambda _sheet, book: book.create_sheet("我的笔记"), "我的笔记: the columns"),
    ],
)
def test_a_changed_shape_is_named(
    book: Path, edit: Callable[[Worksheet, Workbook], object], expected: str
) -> None:
    assert expected in complaints(edited(book, edit))


def test_without_its_first_sheet_it_is_none_of_ours(book: Path) -> None:
    edited(book, lambda _sheet, opened: opened.remove(opened.worksheets[0]))
    with pytest.raises(UsageError, match="is no questionnaire"):
        read_questionnaire(book)


@pytest.mark.parametrize(
    ("member", "told"),
    [
        ("xl/vbaProject.bin", "macros"),
        ("xl/macrosheets/sheet1.xml", "macros"),
        ("xl/externalLinks/externalLink1.xml", "links to other files"),
        ("xl/connections.xml", "links to other files"),
        ("xl/queryTables/queryTable1.xml", "links to other files"),
        ("xl/activeX/activeX1.bin", "controls"),
        ("xl/embeddings/oleObject1.bin", "embedded files"),
    ],
)
def test_what_runs_or_fetches_is_refused(book: Path, member: str, told: str) -> None:
    with zipfile.ZipFile(book, "a") as archive:
        archive.writestr(member, b"x")
    with pytest.raises(UsageError, match=told):
        read_questionnaire(book)


def test_bombs_and_giants_are_refused_unopened(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handed_workbook, "LIMIT_UNPACKED_BYTES", 10_000)
    with pytest.raises(UsageError, match="unpacks to more"):
        read_questionnaire(book)
    giant = tmp_path / "giant.xlsx"
    with giant.open("wb") as stream:
        stream.truncate(handed_workbook.LIMIT_BYTES + 1)
    with pytest.raises(UsageError, match="too large"):
        read_questionnaire(giant)


def replaced(path: Path, member: str, edit: Callable[[str], str]) -> Path:
    """The workbook with a part of it rewritten."""
    parts = {}
    with zipfile.ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    parts[member] = edit(parts[member].decode()).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return path


ANSWERS = "xl/worksheets/sheet2.xml"  # after the guide
END = "</sheetData>"


@pytest.mark.parametrize(
    ("end", "more", "told"),
    [
        (END, f'{END}<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>', "A1:XFD1048576"),
        (END, f"{END}<x:m xmlns:x='u'><x:mergeCell ref='$a$1:c9999'/></x:m>", "a.1:c9999"),
        (END, f'{END}<mergeCells><mergeCell ref="A:Z"/></mergeCells>', "the cells A:Z"),
        (END, f'<row r="9"><c r="XFD9"/></row>{END}', "XFD9: at most 500 columns"),
        (END, f'<row r="9"><c r="xfd9"/></row>{END}', "xfd9: at most 500 columns"),
        ("<worksheet", '<!DOCTYPE worksheet [<!ENTITY a "b">]><worksheet', "DOCTYPE"),
    ],
)
def test_what_a_line_of_xml_would_blow_up_is_refused(book: Path, end: str, more: str, told: str) -> None:
    replaced(book, ANSWERS, lambda text: text.replace(end, more, 1))
    with pytest.raises(UsageError, match=told):
        read_questionnaire(book)


def test_a_cell_far_away_makes_no_sheet_of_empty_ones(book: Path) -> None:
    far = f'<row r="200000"><c r="BZ200000"/></row>{END}'
    replaced(book, ANSWERS, lambda text: text.replace(END, far))
    assert f"{SHEET}: at most 2000000 cells" in complaints(book)


def test_more_cells_than_are_read_are_refused_before_one_is_made(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handed_workbook, "load_workbook", lambda *_args, **_said: pytest.fail("was built"))
    cells = "<c/>" * (workbook_weight.LIMIT_CELLS + 1)
    replaced(
        book, ANSWERS, lambda text: text.replace("</sheetData>", f'<row r="9">{cells}</row></sheetData>')
    )
    assert book.stat().st_size < 100_000
    with pytest.raises(UsageError, match="holds too much"):
        read_questionnaire(book)


def test_more_elements_than_are_read_are_refused(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_weight, "LIMIT_ELEMENTS", 100)
    with pytest.raises(UsageError, match="holds too much"):
        read_questionnaire(book)


def test_what_is_no_xml_is_passed_over(book: Path) -> None:
    with zipfile.ZipFile(book, "a") as archive:
        archive.writestr("xl/media/image1.png", b"\x89PNG\r\n")
        archive.writestr("docProps/custom.txt", b"<mergeCell ref='broken'/><c/>")
    assert len(read_questionnaire(book).rows) == 1


@pytest.mark.parametrize("content", [b"", b"PK", b"not a zip", b"<html>"])
def test_what_is_no_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=r"is no \.xlsx workbook"):
        read_questionnaire(path)


def test_an_entity_bomb_is_no_answer(book: Path, tmp_path: Path) -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY f SYSTEM "file:///etc/passwd">]><x>&f;</x>'
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(book) as source, zipfile.ZipFile(path, "w") as target:
        for member in source.namelist():
            target.writestr(member, bomb if member == "xl/workbook.xml" else source.read(member))
    with pytest.raises(SecauditError):
        read_questionnaire(path)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(place=st.integers(0, 10_000), byte=st.integers(0, 255))
def test_a_changed_byte_is_an_answer_or_an_error(book: Path, tmp_path: Path, place: int, byte: int) -> None:
    content = bytearray(book.read_bytes())
    content[place % len(content)] = byte
    path = tmp_path / "mutated.xlsx"
    path.write_bytes(content)
    with suppress(SecauditError):
        assert isinstance(read_questionnaire(path), Filled)


def test_people_are_asked_what_is_left_to_them() -> None:
    item = samples.requirement(samples.step(1), samples.step(2, SeenBy.PART), samples.step(3, SeenBy.PERSON))
    checks = samples.checks(samples.check("linux.one"), samples.check("linux.two", ("ces.x.a#2",)))
    records = [samples.record(samples.result(Verdict.FAIL), samples.result(Verdict.PASS, "linux.two"))]
    assessment = assess(samples.system(), samples.catalogue(item), checks, records)
    left = {("ces.x.a#2", "linux"): samples.TEXT}
    found = questions_of(assessment, checks, left)
    assert [question.step.id for question in found] == ["ces.x.a#2", "ces.x.a#3"]
    assert [question.left for question in found] == [samples.TEXT, None]
    assert found[0].machine == ((samples.TEXT, "PASS"),)
