"""The Word report: the same figures as the view, and no text of a target that acts in it."""

import io
import json
import subprocess
import zipfile
from dataclasses import replace
from html import unescape
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from docx import Document
from docx.document import Document as Opened

from scripts.word.build import build
from secaudit.content.agencies import load_agencies
from secaudit.content.folder import content_dir
from secaudit.errors import UsageError
from secaudit.handover.pseudonyms import Pseudonyms, masker
from secaudit.handover.redaction import share
from secaudit.model.acceptance import AcceptanceKind
from secaudit.model.agency import Hidden, Section
from secaudit.model.risk import RiskAct
from secaudit.model.text import Language
from secaudit.report import Material, view_of, word, word_volumes
from secaudit.report.safe import shown_lines
from secaudit.report.tabular import between
from secaudit.report.word import SELF_ASSESSMENT, rendered, report_words, write_word
from secaudit.report.word_fields import FIELDS
from secaudit.report.word_filling import Template
from secaudit.report.word_tables import TABLES, rows_of
from secaudit.report.word_template import template_faults
from secaudit.report.word_volumes import LONG
from tests.unit.report.conftest import HOSTILE

LANGUAGES: tuple[Language, ...] = ("zh", "en")
NASTY = (
    HOSTILE,
    "=HYPERLINK(1)\x07\x0c\x0b\ufffe\uffff\ud800\u202e]]>",
    "</w:t></w:r></w:p><w:p>{{ office }}{% for x in y %}{_{ office }_}",
    'DDEAUTO c:\\windows\\system32\\cmd.exe "/k calc"',
    "x" * 1_000_000,
)


@pytest.fixture
def view(material: Material) -> dict[str, Any]:
    """As it would be read back from JSON."""
    return json.loads(json.dumps(view_of(material)))  # type: ignore[no-any-return]


def opened(view: dict[str, Any], language: Language = "zh") -> Opened:
    made = rendered(view, language, Template(SELF_ASSESSMENT.shipped(language).read_bytes()))
    return Document(io.BytesIO(made))


def tables_of(document: Opened) -> list[list[list[str]]]:
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]


def named(document: Opened) -> dict[str, str]:
    """The tables of names and values, as one."""
    return {row[0]: row[1] for table in tables_of(document) for row in table if len(row) == 2}


def texts(document: Opened) -> str:
    cells = (cell for table in tables_of(document) for row in table for cell in row)
    return "\n".join((*(paragraph.text for paragraph in document.paragraphs), *cells))


def paragraphs(document: Opened) -> int:
    return len(document.element.body.xpath(".//w:p"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_shipped_template_is_what_the_script_builds_and_has_no_fault(language: Language) -> None:
    content = SELF_ASSESSMENT.shipped(language).read_bytes()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as there,
        zipfile.ZipFile(io.BytesIO(build("self-assessment", language))) as made,
    ):
        assert {name: there.read(name) for name in there.namelist()} == {
            name: made.read(name) for name in made.namelist()
        }
    assert template_faults(SELF_ASSESSMENT, content) == ()


def test_the_figures_are_those_of_the_view(view: dict[str, Any]) -> None:
    document, summary = opened(view), view["summary"]
    told = named(document)
    for word_shown, name in (
        ("符合", "符合"),
        ("待核实", "待核实"),
        ("不符合", "不符合"),
        ("部分符合", "部分符合"),
    ):
        assert told[word_shown] == str(summary["items"][name])
    assert told["待核实步骤"] == str(view["prediction"]["conclusion"]["refused_for"]["open_steps"])
    assert told["符合率（加权，按取值计）"] == f"{between(view['prediction']['rate']['weighted'])} %"
    assert told["计划判定数"].partition(" = ")[0] == str(summary["planned"])
    assert told["检查内容哈希"] == view["document"]["versions"]["content_hash"]
    assert told["时区"] == "UTC+08:00"
    assert told["自查预判结论"] == "未定"
    coverage = next(table for table in tables_of(document) if table[0][1:3] == ["测评项", "步骤×对象"])
    assert [list(map(int, row[1:])) for row in coverage[1:]] == [
        [
            row[key]
            for key in ("items", "steps", "machine", "attested", "register", "person", "evidence_missing")
        ]
        for row in view["coverage"]
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_step_on_every_object_has_a_record(view: dict[str, Any], language: Language) -> None:
    words = report_words(language)
    records, note = rows_of("records", view, words, 10)
    groups = [group for item in view["items"] for group in item["groups"]]
    assert note == ""
    assert sum(int(row["objects_count"]) for row in records) == sum(
        len(group["objects"]) * len(group["steps"]) for group in groups
    )
    shown = [
        table
        for table in tables_of(opened(view, language))
        if len(table[0]) == 10 and "8.1.4.1 a" in table[1]
    ]
    assert [row[9] for row in shown[0][1:]] == [row["record"] for row in records]
    points, _note = rows_of("points", view, words, 10)
    kinds = ("compliant", "partly", "not_compliant", "open", "not_applicable")
    assert sum(int(row["objects_count"]) * sum(int(row[kind]) for kind in kinds) for row in points) == sum(
        len(group["objects"]) for group in groups
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_rows_have_the_columns_that_templates_may_name(view: dict[str, Any], language: Language) -> None:
    words = report_words(language)
    for name, table in TABLES.items():
        rows, _note = rows_of(name, view, words, 10)
        assert all(set(row) == table.columns for row in rows), name
        assert not table.columns & set(dir(dict)), name


def test_names_that_an_agency_may_not_see_are_nowhere_in_the_file(view: dict[str, Any]) -> None:
    agency = next(iter(load_agencies([content_dir("reports") / "agencies"]).values()))
    agency = replace(agency, sections=frozenset(Section), hidden=frozenset(Hidden))
    hosts = tuple(asset["name"] for asset in view["assets"])
    given = share(view, agency, masker(Pseudonyms(b"k" * 32), agency.hidden, {Hidden.HOSTS: hosts}))
    canaries = ("主机1", "192.0.2.1", "值班岗", HOSTILE[:24])
    for shown_to, found in ((view, True), (given, False)):
        made = rendered(shown_to, "zh", Template(SELF_ASSESSMENT.shipped("zh").read_bytes()))
        with zipfile.ZipFile(io.BytesIO(made)) as package:
            told = "".join(unescape(package.read(name).decode()) for name in package.namelist())
        assert [canary in told for canary in canaries] == [found] * len(canaries)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_view_names_has_a_word(language: Language) -> None:
    words = report_words(language)
    named_there = (
        *(f"act_{one.value}" for one in RiskAct),
        *(f"section_{one.value}" for one in Section),
        *(f"accepted_kind_{one.value}" for one in AcceptanceKind),
        *(f"method_{one}" for one in ("核查", "访谈", "测试")),
    )
    assert [key for key in named_there if words.known(key, "") == ""] == []


@pytest.mark.parametrize("document", ["word-template.md", "word-template.zh-CN.md"])
def test_the_manual_names_every_field_and_table(document: str) -> None:
    manual = (Path(__file__).parents[3] / "docs" / document).read_text("utf-8")
    columns = {column for table in TABLES.values() for column in table.columns}
    assert [name for name in sorted(FIELDS | TABLES.keys() | columns) if f"`{name}`" not in manual] == []


@pytest.mark.parametrize("nasty", NASTY, ids=range(len(NASTY)))
def test_no_text_of_a_target_changes_the_document(view: dict[str, Any], nasty: str) -> None:
    plain = opened(view)
    view["system"]["name"] = view["assets"][0]["name"] = view["document"]["office"] = nasty
    view["items"][0]["groups"][0]["steps"][0]["attestation"] = {
        **dict.fromkeys(("person", "record"), nasty),
        "answer": "met",
        "date": "2026-03-01",
        "files": [],
    }
    document = opened(view)
    assert paragraphs(document) == paragraphs(plain)
    assert [len(table) for table in tables_of(document)] == [len(table) for table in tables_of(plain)]
    told = texts(document)
    assert "附录" in told
    assert "\u202e" not in told
    assert not document.element.body.xpath(".//w:instrText[contains(., 'DDE')]")
    assert shown_lines(nasty, 4000) in told


def test_the_end_of_the_document_is_there_whatever_stands_before(view: dict[str, Any]) -> None:
    view["system"]["description"] = "\ud800" + "\x00"
    assert "重大风险隐患整改情况" in texts(opened(view))


def test_nothing_is_compliant_while_anything_is_open(view: dict[str, Any]) -> None:
    document = opened(view)
    conclusions = [p.text for p in document.paragraphs if p.style and p.style.name == "Report conclusion"]
    assert conclusions == ["未定"]
    assert "不出具结论" in texts(document)


def test_what_is_cut_is_told(view: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word, "ROWS_LIMIT", 2)
    told = texts(opened(view))
    count = sum(len(group["steps"]) for item in view["items"] for group in item["groups"])
    assert f"共 {count} 行，本文件只列出 2 行，不满足和部分满足的优先；其余 {count - 2} 行" in told


def test_where_there_is_room_for_one_row_alone_it_is_the_failed_one(view: dict[str, Any]) -> None:
    group = view["items"][0]["groups"][0]
    group["steps"][0]["state"], group["steps"][1]["state"] = "met", "not_met"
    whole, _none = rows_of("records", view, report_words("zh"), 1000)
    (row,), _note = rows_of("records", view, report_words("zh"), 1)
    assert row == whole[1]
    assert rows_of("records", view, report_words("zh"), 2)[0] == whole[:2]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_an_agency_is_not_given_is_not_said_to_be_none(view: dict[str, Any], language: Language) -> None:
    for agency in load_agencies([content_dir("reports") / "agencies"]).values():
        mask = masker(Pseudonyms(b"k" * 32), agency.hidden, {})
        given = share(view, agency, mask)
        without = set(given["document"]["left_out"]) & {table.section for table in TABLES.values()}
        told = "本报告不提供该部分。" if language == "zh" else "Not part of this report."
        assert (told in texts(opened(given, language))) == bool(without)


def test_the_same_view_is_the_same_file(view: dict[str, Any]) -> None:
    template = Template(SELF_ASSESSMENT.shipped("zh").read_bytes())
    assert rendered(view, "zh", template) == rendered(view, "zh", template)


def test_a_template_of_the_office_is_used_and_named(view: dict[str, Any], tmp_path: Path) -> None:
    own = tmp_path / "templates" / "self-assessment.zh.docx"
    own.parent.mkdir()
    changed = Document(str(SELF_ASSESSMENT.shipped("zh")))
    changed.paragraphs[1].runs[0].text = "某市自查报告"
    changed.save(str(own))
    write_word(view, tmp_path / "w.docx", "zh", tmp_path)
    document = Document(str(tmp_path / "w.docx"))
    assert "某市自查报告" in texts(document)
    assert "本单位修改，SHA-256 " in named(document)["Word 模板"]
    own.write_bytes(b"no zip")
    with pytest.raises(UsageError, match="cannot be used as a template"):
        write_word(view, tmp_path / "w.docx", "zh", tmp_path)


def as_text(document: Path) -> str | None:
    """What LibreOffice reads in a file; None where it opens none."""
    office, folder = which("soffice"), document.parent
    if office is None:
        return None
    options = [
        office,
        f"-env:UserInstallation=file://{folder}/profile",
        "--headless",
        "--convert-to",
        "txt:Text",
    ]
    command = [*options, "--outdir", str(folder), str(document)]
    subprocess.run(command, check=True, capture_output=True, timeout=170)
    made = document.with_suffix(".txt")
    return made.read_text("utf-8-sig") if made.exists() else None


@pytest.mark.parametrize("language", LANGUAGES)
def test_office_programs_open_it(view: dict[str, Any], tmp_path: Path, language: Language) -> None:
    Document().save(str(tmp_path / "plain.docx"))
    if as_text(tmp_path / "plain.docx") is None:
        pytest.skip("needs the Writer of LibreOffice")
    write_word(view, tmp_path / "w.docx", language)
    text = as_text(tmp_path / "w.docx") or ""
    assert view["document"]["versions"]["content_hash"] in text
    assert ("重大风险隐患整改情况" if language == "zh" else "Rectification of major hazards") in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_table_that_is_too_long_stands_whole_in_volumes(
    view: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: Language
) -> None:
    monkeypatch.setattr(word, "ROWS_LIMIT", 2)
    words = report_words(language)
    written = write_word(view, tmp_path / "r.docx", language)
    whole = {name: list(TABLES[name].rows(view, words)) for name in LONG}
    assert len(whole["records"]) > 4
    expected = [
        f"r-{name}-{number:02}.docx"
        for name, rows in whole.items()
        if len(rows) > 2
        for number in range(1, len(rows) // 2 + len(rows) % 2 + 1)
    ]
    assert [file.name for file in written] == expected
    records = [file for file in written if "-records-" in file.name]
    documents = [Document(str(file)) for file in records]
    told = [row[9] for document in documents for table in tables_of(document)[1:] for row in table[1:]]
    assert told == [str(row["record"]) for row in whole["records"]]
    last = named(documents[-1])
    volume = last["分册" if language == "zh" else "Volume"]
    assert volume == f"{len(records)} / {len(records)}"
    assert view["document"]["versions"]["content_hash"] in texts(documents[0])
    assert view["document"]["run"]["id"] in texts(documents[0])


def test_volumes_have_an_end_that_is_told(
    view: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(word, "ROWS_LIMIT", 1)
    monkeypatch.setattr(word_volumes, "VOLUMES_LIMIT", 2)
    written = [file for file in write_word(view, tmp_path / "r.docx", "zh") if "-records-" in file.name]
    count = sum(len(group["steps"]) for item in view["items"] for group in item["groups"])
    assert len(written) == 2
    assert all(f"其余 {count - 2} 行见同一批次的数据文件" in texts(Document(str(file))) for file in written)


def test_nothing_is_beside_a_report_that_has_room(view: dict[str, Any], tmp_path: Path) -> None:
    assert write_word(view, tmp_path / "r.docx", "zh") == []
    assert [file.name for file in tmp_path.iterdir()] == ["r.docx"]
