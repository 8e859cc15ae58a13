"""Every format tells the same figures, read back as its readers do; no text of a target acts in any."""

import csv
import json
import re
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from lxml import html
from openpyxl import load_workbook

from secaudit.cli.report import WRITERS
from secaudit.report import Material, view_of
from secaudit.report.sheet_list import SHEETS
from secaudit.report.tabular import table_words
from tests.unit.report.conftest import HOSTILE
from tests.unit.report.test_pdf import lacking, objects_of

Figures = dict[str, int]

CONCLUSIONS = ("符合", "部分符合", "不符合", "待核实", "不适用")
NASTY = (
    f"{HOSTILE} =1+1 @SUM(A1) DDEAUTO c:\\cmd.exe {{{{ office }}}} ]]>\x07\x0c\ufffe\uffff\ud800\u202e\u2066"
    "</w:t><w:p>\r\n+cmd|' /C calc'!A0"
)
LONG = "长" * 1_000_000


@pytest.fixture
def view(material: Material) -> dict[str, Any]:
    """As it would be read back from JSON."""
    return json.loads(json.dumps(view_of(material)))  # type: ignore[no-any-return]


def written(view: dict[str, Any], name: str, folder: Path) -> Path:
    path = folder / f"r.{name}"
    WRITERS[name](view, path, "zh")
    return path


def expected(view: dict[str, Any]) -> Figures:
    """Those of the headlines."""
    summary = view["summary"]
    return {
        "planned": summary["planned"],
        **{name: summary["items"][name] for name in CONCLUSIONS},
        **{severity: summary["problems"][severity] for severity in ("high", "medium", "low")},
        **{name: summary["steps"][name] for name in ("machine", "attested", "person", "evidence_missing")},
        "open": view["prediction"]["conclusion"]["refused_for"]["open_steps"],
    }


def of_json(path: Path) -> Figures:
    return expected(json.loads(path.read_text("utf-8")))


def of_csv(path: Path) -> Figures:
    """A row for each step on each object: by whom it was decided, and what is open."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    words = table_words("zh")
    decided, states = (
        Counter(row[words("decider")] for row in rows),
        Counter(row[words("state")] for row in rows),
    )
    deciders = {"machine": "machine", "attested": "attested", "person": "person_asked"}
    return {
        **{name: decided[words(word)] for name, word in deciders.items()},
        "evidence_missing": decided[words("evidence_missing")],
        "open": states[words("open")],
    }


def of_xlsx(path: Path) -> Figures:
    words = table_words("zh")
    told: dict[Any, Any] = {
        row[0]: row[1] for row in load_workbook(path).worksheets[0].iter_rows(values_only=True)
    }

    def count(group: str, name: str) -> int:
        return int(told[words(f"{group}_count", word=words.known(name, name))])

    refused = re.search(r"待核实 (\d+) 步", str(told[words("conclusion_predicted")]))
    assert refused
    return {
        "planned": told[words("planned")],
        **{name: count("items", name) for name in CONCLUSIONS},
        **{name: count("problems", name) for name in ("high", "medium", "low")},
        **{name: count("steps", name) for name in ("machine", "attested", "evidence_missing")},
        "person": count("steps", "person_asked"),
        "open": int(refused[1]),
    }


def of_docx(path: Path) -> Figures:
    rows = (row.cells for table in Document(str(path)).tables for row in table.rows)
    told = {cells[0].text: cells[1].text for cells in rows if len(cells) == 2}
    high, medium, low = re.findall(r"\d+", told["问题（高／中／低；参考）"])[:3]
    steps = {
        "machine": "其中机器判定",
        "attested": "其中人员已答",
        "person": "其中待人员核查",
        "evidence_missing": "其中证据缺失",
    }
    return {
        "planned": int(told["计划判定数"].partition(" = ")[0]),
        **{name: int(told[name]) for name in CONCLUSIONS},
        "high": int(high),
        "medium": int(medium),
        "low": int(low),
        **{name: int(told[word]) for name, word in steps.items()},
        "open": int(told["待核实步骤"]),
    }


def of_html(path: Path) -> Figures:
    page = html.parse(str(path), html.HTMLParser(encoding="utf-8")).getroot()
    charts = [
        [int(number.text) for number in chart.findall(".//li/b")]
        for chart in page.findall(".//figure[@class='chart']")
    ]
    _verdicts, items, severities, coverage = charts
    planned = re.search(r"\d+", page.find(".//p[@class='sum']").text)
    refused = re.search(r"\d+", page.find(".//table[@class='prediction']//small").text)
    assert planned
    assert refused
    return {
        "planned": int(planned[0]),
        **dict(zip(("不符合", "部分符合", "符合", "待核实", "不适用"), items, strict=True)),
        **dict(zip(("high", "medium", "low"), severities, strict=True)),
        **dict(zip(("machine", "attested", "register", "person", "evidence_missing"), coverage, strict=True)),
        "open": int(refused[0]),
    }


def of_pdf(path: Path) -> Figures:
    done = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, text=True, check=True)
    text = "".join(done.stdout.split())

    def number(before: str) -> int:
        found = re.search(rf"{before}(\d+)", text)
        assert found, before
        return int(found[1])

    named = {
        "不符合": "✗不符合",
        "部分符合": "◐部分符合",
        "符合": "✓符合",
        "待核实": r"\?待核实",
        "不适用": "–不适用",
    }
    return {
        "planned": number("计划判定"),
        **{name: number(before) for name, before in named.items()},
        "high": number("▲高"),
        "medium": number("◆中"),
        "low": number("▽低"),
        "machine": number("✓机器判定"),
        "attested": number("✓人员已答"),
        "person": number("☐待人员核查"),
        "evidence_missing": number("证据缺失"),
        "open": number("尚有"),
    }


READ = {"json": of_json, "csv": of_csv, "xlsx": of_xlsx, "docx": of_docx, "html": of_html, "pdf": of_pdf}


def test_every_format_is_read_back() -> None:
    assert READ.keys() == WRITERS.keys()


@pytest.mark.parametrize("name", READ)
def test_the_figures_of_every_format_are_those_of_the_view(
    view: dict[str, Any], tmp_path: Path, name: str
) -> None:
    if name == "pdf" and lacking():
        pytest.skip(lacking())
    told, right = READ[name](written(view, name, tmp_path)), expected(view)
    assert {key: told[key] for key in right if key in told} == {
        key: right[key] for key in right if key in told
    }
    assert len(told) >= (5 if name == "csv" else len(right))


def planted(view: dict[str, Any]) -> dict[str, Any]:
    """The view with hostile texts where no format may trust them, whoever wrote them."""
    view["system"]["name"] = view["document"]["office"] = NASTY
    view["assets"][0]["name"] = view["assets"][0]["address"] = NASTY
    group = view["problems"][0]["groups"][0]
    group["offenders"] = [
        {"id": NASTY, "seen": {"zh": LONG, "en": LONG}, "expected": {"zh": NASTY, "en": NASTY}}
    ]
    view["items"][0]["groups"][0]["steps"][0]["attestation"] = {
        **dict.fromkeys(("person", "record"), NASTY),
        "answer": "符合",
        "date": "2026-03-01",
        "valid_until": "2027-03-01",
        "files": [{"name": NASTY, "sha256": "ab" * 32}],
    }
    return view


@pytest.mark.parametrize("name", READ)
def test_hostile_texts_act_in_no_format(view: dict[str, Any], tmp_path: Path, name: str) -> None:
    if name == "pdf" and lacking():
        pytest.skip(lacking())
    right = expected(view)
    path = written(planted(view), name, tmp_path)
    told = READ[name](path)
    assert {key: told[key] for key in right if key in told} == {
        key: right[key] for key in right if key in told
    }
    match name:
        case "xlsx":
            cells = [
                cell for sheet in load_workbook(path).worksheets for row in sheet.iter_rows() for cell in row
            ]
            assert {cell.data_type for cell in cells} <= {"s", "n"}
            assert not any(mark in str(cell.value) for cell in cells for mark in "\u202e\u2066\x07\x1b")
            assert len(load_workbook(path).worksheets) == len(SHEETS)
        case "csv":
            text = path.read_text("utf-8-sig")
            with path.open(encoding="utf-8-sig", newline="") as stream:
                assert not [
                    cell for row in csv.reader(stream) for cell in row if cell.startswith(tuple("=+-@"))
                ]
            assert not any(mark in text for mark in "\u202e\u2066\x07\x1b\ud800")
        case "html":
            page = html.parse(str(path), html.HTMLParser(encoding="utf-8", huge_tree=True)).getroot()
            acting = [one for one in page.iter("script") if one.get("type") != "application/json"]
            assert len(acting) == 1
            assert not page.xpath("//*[@*[starts-with(name(), 'on')]]")
            assert "\u202e" not in path.read_text("utf-8")
        case "docx":
            body = Document(str(path)).element.body
            assert not body.xpath(".//w:instrText[contains(., 'DDE')]")
            assert "\u202e" not in "".join(body.itertext())
        case "pdf":
            assert not [part for part in (b"/JavaScript", b"/Launch", b"/URI") if part in objects_of(path)]
        case _:
            assert json.loads(path.read_text("utf-8"))["system"]["name"] == NASTY
