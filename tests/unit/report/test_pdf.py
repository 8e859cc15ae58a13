"""The report on paper: the same figures, fonts of its own, nothing fetched, and what is missing is named."""

import hashlib
import importlib.abc
import importlib.machinery
import json
import re
import subprocess
import sys
import zlib
from collections.abc import Sequence
from pathlib import Path
from shutil import which
from types import ModuleType
from typing import Any

import pytest

from secaudit.errors import UsageError
from secaudit.model.text import Language
from secaudit.report import Material, pdf, view_of
from secaudit.report.pdf import refuse_missing, write_pdf
from secaudit.report.pdf_parts import rows_of
from tests.unit.report.conftest import HOSTILE

LANGUAGES: tuple[Language, ...] = ("zh", "en")
NASTY = (
    f"{HOSTILE}\x07\x0c\ufffe\ud800\u202e]]>",
    '<img src="file:///etc/passwd"><link rel=stylesheet href="http://127.0.0.1:1/x.css">' + "x" * 5_000,
)


def lacking() -> str:
    """What this machine lacks for a PDF to be made and read back; "" for nothing."""
    try:
        refuse_missing()
    except UsageError as error:
        return str(error)
    return "" if which("pdftotext") else "poppler-utils is not installed"


needs_all = pytest.mark.skipif(
    "lacking()", reason="WeasyPrint, Pango, a Chinese font and pdftotext are needed"
)


@pytest.fixture
def view(material: Material) -> dict[str, Any]:
    """As it would be read back from JSON."""
    return json.loads(json.dumps(view_of(material)))  # type: ignore[no-any-return]


def said(program: str, *arguments: str) -> str:
    return subprocess.run([program, *arguments], check=True, capture_output=True, text=True).stdout


def text_of(view: dict[str, Any], folder: Path, language: Language = "zh") -> str:
    write_pdf(view, folder / "r.pdf", language)
    return said("pdftotext", "-layout", str(folder / "r.pdf"), "-")


@needs_all
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_has_marking_number_and_fonts_of_its_own(
    view: dict[str, Any], tmp_path: Path, language: Language
) -> None:
    view["document"] |= {"number": "网安〔2026〕7号", "marking": {"zh": "内部 试验", "en": "internal trial"}}
    pages = text_of(view, tmp_path, language).split("\f")[:-1]
    marking, folio = {
        "zh": ("内部 试验", "第 {} 页 共 {} 页"),
        "en": ("internal trial", "Page {} of {}"),
    }[language]
    assert len(pages) > 3
    for number, page in enumerate(pages, 1):
        words = "".join(page.split())
        assert marking.replace(" ", "") in words, number
        assert folio.format(number, len(pages)).replace(" ", "") in words, number
    assert "网安〔2026〕7号" in pages[0]
    fonts = said("pdffonts", str(tmp_path / "r.pdf")).splitlines()[2:]
    assert fonts
    assert all(line.split()[-5:-2] == ["yes"] * 3 for line in fonts), "embedded, in part, with its characters"
    assert b"/Outlines" in objects_of(tmp_path / "r.pdf")
    sizes = {line.split("size:")[1].strip() for line in sized(tmp_path / "r.pdf")}
    assert {size.partition(" pts")[0] for size in sizes} == {"595.276 x 841.89", "841.89 x 595.276"}


def objects_of(file: Path) -> bytes:
    """The dictionaries of a PDF, those in streams too (ISO 32000-1, 7.5.7)."""
    content = file.read_bytes()
    streams = re.findall(rb"/Type /ObjStm.*?stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL)
    assert streams
    return content + b"".join(map(zlib.decompress, streams))


def sized(file: Path) -> list[str]:
    told = said("pdfinfo", "-f", "1", "-l", "100", str(file))
    return [line for line in told.splitlines() if "size:" in line and line.startswith("Page ")]


@needs_all
def test_the_figures_are_those_of_the_view(
    view: dict[str, Any], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    told = " ".join(text_of(view, tmp_path).split())
    summary, prediction = view["summary"], view["prediction"]
    assert f"计划判定 {summary['planned']} 项" in told
    for key, word in (("FAIL", "未通过"), ("PASS", "通过"), ("UNKNOWN", "未知")):
        assert f"{word} {summary['verdicts'][key]}" in told
    assert f"待核实 {summary['items']['待核实']}" in told
    assert f"{prediction['conclusion']['refused_for']['open_steps']} 个步骤" in told
    assert view["document"]["versions"]["content_hash"] in told.replace(" ", "")
    assert [record.name for record in caplog.records if record.levelname == "WARNING"] == []


@needs_all
def test_no_text_of_a_target_acts(view: dict[str, Any], tmp_path: Path) -> None:
    view["system"]["name"], view["assets"][0]["name"] = (nasty[:400] for nasty in NASTY)
    view["assets"][0]["gap"] = {"reason": "refused", "detail": NASTY[1]}
    told = text_of(view, tmp_path)
    assert all(nasty[:12] in told for nasty in NASTY)
    assert "x" * 40 in told
    assert "\u202e" not in told
    assert view["document"]["versions"]["content_hash"] in told, "the end is there"
    content = objects_of(tmp_path / "r.pdf")
    assert b"/Dest" in content, "links within the document"
    acting = (b"/JavaScript", b"/JS", b"/Launch", b"/URI", b"/EmbeddedFile", b"/Image")
    assert [name for name in acting if name in content] == []


@needs_all
def test_nothing_is_fetched(tmp_path: Path) -> None:
    picture = tmp_path / "p.svg"
    picture.write_text('<svg xmlns="http://www.w3.org/2000/svg"><text>fetched</text></svg>', encoding="utf-8")
    (tmp_path / "r.pdf").write_bytes(
        pdf._laid_out(
            f'<link rel=stylesheet href="{picture.as_uri()}"><link rel=attachment href="{picture.as_uri()}">'
            f'<img src="{picture.as_uri()}"><p>there'
        )[1]
    )
    assert said("pdftotext", str(tmp_path / "r.pdf"), "-").strip() == "there"
    assert b"EmbeddedFile" not in objects_of(tmp_path / "r.pdf")


@needs_all
def test_what_is_too_much_paper_goes_without_evidence(
    view: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    evidence = sum(len(asset["evidence"]) for asset in view["assets"])
    monkeypatch.setattr(pdf, "ROWS_LIMIT", rows_of(view) - evidence)
    assert "原始证据清单过长" in "".join(text_of(view, tmp_path).split())
    assert view["assets"][0]["evidence"], "the view of other formats stays whole"


@needs_all
def test_what_is_more_still_comes_out_in_parts(
    view: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "ROWS_LIMIT", 1)
    monkeypatch.setattr(pdf, "PART_ROWS", rows_of(view) // 3)
    (tmp_path / "r-60.pdf").write_text("of an earlier report")
    more = write_pdf(view, tmp_path / "r.pdf", "zh")
    assert [path.name for path in more] == [f"r-{number:02}.pdf" for number in range(2, len(more) + 2)]
    main = "".join(said("pdftotext", "-layout", str(tmp_path / "r.pdf"), "-").split())
    assert f"第1册（共{len(more) + 1}册）" in main
    for path in more:
        assert path.name in main
        assert hashlib.sha256(path.read_bytes()).hexdigest() in main
        told = said("pdftotext", "-layout", str(path), "-").split("\f")[0]
        assert view["document"]["run"]["id"] in told
    assert not (tmp_path / "r-60.pdf").exists()
    whole = main + "".join("".join(said("pdftotext", str(path), "-").split()) for path in more)
    titles = ("".join(view["checks"][one["check"]]["title"]["zh"].split()) for one in view["problems"])
    assert [title for title in titles if title[:8] not in whole] == []


@needs_all
def test_what_no_office_prints_is_refused(
    view: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "ROWS_LIMIT", 1)
    monkeypatch.setattr(pdf, "PART_ROWS", 1)
    monkeypatch.setattr(pdf, "PARTS_LIMIT", 2)
    with pytest.raises(UsageError, match="A PDF of oa would fill") as refused:
        write_pdf(view, tmp_path / "none.pdf", "zh")
    assert "docx" in (refused.value.hint or "")
    assert not list(tmp_path.iterdir())


@needs_all
def test_a_machine_without_a_chinese_font_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "SAMPLE", "<p>\U000f1234")
    with pytest.raises(UsageError, match="No font with Chinese characters") as refused:
        refuse_missing()
    assert "fonts-noto-cjk" in (refused.value.hint or "")


class Broken(importlib.abc.MetaPathFinder):
    """WeasyPrint as it is without its extra, or without Pango."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name == "weasyprint":
            raise self.error
        return None


@pytest.mark.parametrize(
    ("error", "told", "hint"),
    [
        (ModuleNotFoundError("weasyprint"), "not installed", r"pip install 'secaudit\[pdf\]'"),
        (
            OSError("cannot load library 'libpango-1.0-0': no such file"),
            "libpango-1.0-0",
            "dnf install pango",
        ),
    ],
)
def test_what_is_not_installed_is_named(
    view: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    told: str,
    hint: str,
) -> None:
    monkeypatch.delitem(sys.modules, "weasyprint", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Broken(error), *sys.meta_path])
    with pytest.raises(UsageError, match=told) as refused:
        write_pdf(view, tmp_path / "r.pdf", "zh")
    assert hint.replace("\\", "") in (refused.value.hint or "")
