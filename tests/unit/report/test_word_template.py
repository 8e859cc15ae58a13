"""Templates that offices change: what is refused, and that none can act."""

import io
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from secaudit.errors import UsageError
from secaudit.report.word import SELF_ASSESSMENT
from secaudit.report.word_filling import refuse_faults
from secaudit.report.word_package import PARTS_LIMIT
from secaudit.report.word_template import environment, template_faults

CONTENT = SELF_ASSESSMENT.shipped("zh").read_bytes()
BODY = "word/document.xml"
TYPES = "[Content_Types].xml"
RELATIONS = "word/_rels/document.xml.rels"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def changed(parts: Mapping[str, bytes]) -> bytes:
    """The shipped template with parts added or replaced."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(CONTENT)) as there, zipfile.ZipFile(made, "w") as package:
        for name in there.namelist():
            package.writestr(name, parts.get(name, there.read(name)))
        for name in parts.keys() - set(there.namelist()):
            package.writestr(name, parts[name])
    return made.getvalue()


def part(name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(CONTENT)) as there:
        return there.read(name).decode()


def with_text(text: str, place: int = 4) -> bytes:
    """The shipped template with a text in the place of a paragraph."""
    document = Document(io.BytesIO(CONTENT))
    document.paragraphs[place].runs[0].text = text
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def related(relation: str) -> bytes:
    end = "</Relationships>"
    return changed({RELATIONS: part(RELATIONS).replace(end, f"{relation}{end}").encode()})


def relation(kind: str, target: str, mode: str = "") -> str:
    return f'<Relationship Id="rId99" Type="{OFFICE}/{kind}" Target="{target}"{mode}/>'


def fielded(code: str) -> bytes:
    return changed({BODY: part(BODY).replace(" TOC ", code, 1).encode()})


def test_what_word_saves_has_no_fault() -> None:
    assert template_faults(SELF_ASSESSMENT, with_text("某市自查报告 {{ system }}")) == ()


@pytest.mark.parametrize(
    "text",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ system.__class__ }}",
        "{{ system.format(1) }}",
        "{{ self.__init__.__globals__ }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{% include '/etc/passwd' %}",
        "{% import 'x' as y %}",
        "{% extends '/etc/passwd' %}",
        "{% set a = 1 %}",
        "{% autoescape false %}{{ system }}{% endautoescape %}",
        "{{ system | safe }}",
        "{{ system * 100000 }}",
        "{{ [1] }}",
        "{% for a in range(100000) %}{% endfor %}",
        "{% for a in records %}{% for b in records %}{% endfor %}{% endfor %}",
        "{% for a in records if a %}{% endfor %}",
        "{% macro m() %}{% endmacro %}",
        "{% call m() %}{% endcall %}",
        "{% filter upper %}{% endfilter %}",
        "{% with x = system %}{% endwith %}",
        "{%p block x %}",
        "{{p system }}",
        "{{r system }}",
    ],
)
def test_nothing_but_plain_placing_is_allowed(text: str) -> None:
    assert template_faults(SELF_ASSESSMENT, with_text(text)) != ()


def test_the_environment_knows_no_name() -> None:
    made = environment()
    assert (made.loader, dict(made.globals), dict(made.filters), dict(made.tests)) == (None, {}, {}, {})
    assert made.sandboxed


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ systm }}", "there is no field 'systm'"),
        ("{% for row in recrds %}{% endfor %}", "there is no table 'recrds'"),
        ("{% for row in records %}{{ row.stat }}{% endfor %}", "there is no field 'row.stat'"),
        ("{{ row.state }}", "there is no field 'row.state'"),
        ("{% if system %}", "near"),
        ("{{ system", "near"),
        ("{% fro row in records %}", "near"),
    ],
)
def test_mistakes_are_named(text: str, said: str) -> None:
    (fault, *_rest) = template_faults(SELF_ASSESSMENT, with_text(text))
    assert said in fault


def test_what_every_report_must_say_is_missed() -> None:
    document = Document(io.BytesIO(CONTENT))
    for paragraph in document.paragraphs:
        if "{{ statement }}" in paragraph.text or "records_note" in paragraph.text:
            paragraph.runs[0].text = "x"
    made = io.BytesIO()
    document.save(made)
    found = template_faults(SELF_ASSESSMENT, made.getvalue())
    assert "the field statement is missing" in found
    assert any("endif" in fault or "records_note" in fault for fault in found)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no Word document"),
        (b"PK\x03\x04nonsense", "no Word document"),
        (CONTENT[: len(CONTENT) // 2], "no Word document"),
        (changed({"word/vbaProject.bin": b"x"}), "macros"),
        (changed({TYPES: part(TYPES).replace("document.main", "x.macroEnabled.main").encode()}), "macros"),
        (changed({"word/embeddings/oleObject1.bin": b"x"}), "embedded object"),
        (related(relation("image", "http://192.0.2.1/x.png", ' TargetMode="External"')), "outside"),
        (related(relation("attachedTemplate", "x.dotm")), "attachedTemplate"),
        (related(relation("aFChunk", "x.html")), "aFChunk"),
        (fielded(" DDEAUTO cmd "), "'DDEAUTO'"),
        (fielded(' INCLUDETEXT "/etc/passwd" '), "'INCLUDETEXT'"),
        (changed({BODY: b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'}), "no plain XML"),
        (changed({BODY: b"<a"}), "no plain XML"),
        (changed({f"word/x{number}.xml": b"<a/>" for number in range(PARTS_LIMIT)}), "no Word document"),
        (changed({"word/big.bin.xml": b"<a>" + b" " * 41_000_000 + b"</a>"}), "no Word document"),
    ],
    ids=range(15),
)  # fmt: skip
def test_what_acts_or_reaches_outside_is_refused(content: bytes, said: str) -> None:
    assert any(said in fault for fault in template_faults(SELF_ASSESSMENT, content))


def test_a_field_in_many_runs_is_seen() -> None:
    split = "DDE</w:instrText></w:r><w:r><w:instrText>AUTO cmd "
    assert any("'DDEAUTO'" in fault for fault in template_faults(SELF_ASSESSMENT, fielded(split)))


def test_a_workbook_is_no_template() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("xl/workbook.xml", "<a/>")
    assert template_faults(SELF_ASSESSMENT, made.getvalue()) == ("it is no Word document (.docx)",)


@pytest.mark.parametrize(
    "content",
    [
        with_text("{{ 1 if records > 3 else 2 }}"),
        changed(
            {
                BODY: part(BODY)
                .replace("<w:tblGrid>", "<w:x>", 1)
                .replace("</w:tblGrid>", "</w:x>", 1)
                .encode()
            }
        ),
        changed({"word/header1.xml": b"<a/>", RELATIONS: b"<a/>"}),
    ],
    ids=["compared", "no_grid", "no_relations"],
)
def test_what_cannot_be_filled_in_is_told_when_it_is_checked(content: bytes) -> None:
    with pytest.raises(UsageError, match="cannot be used as a template"):
        refuse_faults(SELF_ASSESSMENT, Path("t.docx"), content)


@given(place=st.integers(0, len(CONTENT) - 1), byte=st.integers(0, 255))
def test_a_spoilt_file_is_refused_or_whole(place: int, byte: int) -> None:
    spoilt = bytearray(CONTENT)
    spoilt[place] = byte
    with suppress(UsageError):
        refuse_faults(SELF_ASSESSMENT, Path("t.docx"), bytes(spoilt))
        assert spoilt[place] == CONTENT[place] or Document(io.BytesIO(spoilt)).paragraphs
