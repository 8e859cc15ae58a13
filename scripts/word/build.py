"""Builds the Word templates that ship: ``python -m scripts.word.build``."""

import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from scripts.word import brief_outline, notice_outline, outline, parts, recheck_outline, volume_outline
from scripts.word.markup import (
    A4_TWIPS,
    MARGIN_TWIPS,
    WIDE_MARGIN_TWIPS,
    Column,
    caption,
    cell,
    field,
    heading,
    listing,
    pairs,
    paragraph,
    row,
    run,
    section,
    shares,
    statement,
    table,
    text,
)
from scripts.word.styles import W, fonts, numbering, settings, styles

REPORTS = Path(__file__).parents[2] / "reports"
OUTLINES: dict[str, Callable[[], Iterator[parts.Part]]] = {
    "self-assessment": outline.outline,
    "self-assessment-volume": volume_outline.outline,
    "rectification-notice": notice_outline.outline,
    "quarterly-brief": brief_outline.outline,
    "recheck": recheck_outline.outline,
}
LANGUAGES = ("zh", "en")
DAY_ONE = (1980, 1, 1, 0, 0, 0)  # of a zip: the file follows from this script byte by byte
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
RELATED = {
    "rId1": ("styles", "styles"),
    "rId2": ("numbering", "numbering"),
    "rId3": ("settings", "settings"),
    "rId4": ("fontTable", "fontTable"),
    "rId5": ("header", "header1"),
    "rId6": ("footer", "footer1"),
}


class Builder:
    """The body of a template in one language."""

    def __init__(self, outline: Callable[[], Iterator[parts.Part]], language: str) -> None:
        self._outline = list(outline())
        self._place = LANGUAGES.index(language)
        self._headings: list[tuple[str, str, int]] = []
        self._tables = 0
        self._across = False
        self._width = A4_TWIPS[0] - 2 * MARGIN_TWIPS

    def body(self) -> str:
        """The parts of the outline; what follows the last end of a section, if there is any, stands across the page."""
        made = []
        ends = [place for place, part in enumerate(self._outline) if isinstance(part, parts.SectionEnd)]
        last_upright = max(ends, default=len(self._outline))
        for place, part in enumerate(self._outline):
            if place == last_upright + 1:
                self._across, self._width = True, A4_TWIPS[1] - 2 * WIDE_MARGIN_TWIPS
            made.append(self._part(part))
        contents = self._contents() if self._headings else ""
        return "".join(made).replace("@contents@", contents) + section(
            "rId5", "rId6", wide=self._across, last=True
        )

    def _part(self, part: parts.Part) -> str:
        match part:
            case parts.Heading():
                return self._heading(part)
            case parts.Text():
                return text(part.style, self._said(part.words))
            case parts.Pairs():
                return self._pairs(part)
            case parts.Listing():
                return self._listing(part)
            case parts.Rows():
                loop = statement(f"for row in {part.rows}"), statement("endfor")
                return loop[0] + text(part.style, f"{{{{ row.{part.column} }}}}") + loop[1]
            case parts.Contents():
                return "@contents@"
            case parts.Signatures():
                return self._signatures(part)
            case parts.SectionEnd():
                return section("rId5", "rId6")
            case parts.When():
                return self._when(part)

    def _when(self, part: parts.When) -> str:
        alone = part.part
        made = (
            self._table(alone) + text("Tiny", "")
            if isinstance(alone, parts.Listing)
            else text(alone.style, self._said(alone.words))
        )
        return statement(f"if {part.rows}") + made + statement("endif")

    def _said(self, words: parts.Both) -> str:
        return words[self._place]

    def _heading(self, part: parts.Heading) -> str:
        words = self._said(part.words)
        if part.style.startswith("Plain"):
            return text(part.style, words)
        number = len(self._headings) + 1
        self._headings.append((part.style, words, number))
        return heading(part.style, words, number)

    def _caption(self, words: str) -> str:
        self._tables += 1
        label, space = (("表", "　"), ("Table", "  "))[self._place]
        return caption(label, self._tables, space + words)

    def _pairs(self, part: parts.Pairs) -> str:
        rows = [(self._said(name), value) for name, value in part.rows]
        made = pairs(rows, self._width, cover=not part.caption[0])
        return self._caption(self._said(part.caption)) + made + text("Tiny", "") if part.caption[0] else made

    def _table(self, part: parts.Listing) -> str:
        columns = [
            Column(self._said(head), name.lstrip("="), share, name.startswith("="))
            for head, name, share in part.columns
        ]
        return listing(columns, part.rows, self._width)

    def _listing(self, part: parts.Listing) -> str:
        """The table where it has rows; below it what must be said of it."""
        made = self._caption(self._said(part.caption)) + self._table(part)
        note = text("Note", f"{{{{ {part.rows}_note }}}}")
        empty = text(
            "Note", f"{self._said(part.caption)}{('：', ': ')[self._place]}{{{{ {part.rows}_note }}}}"
        )
        return "".join(
            (
                statement(f"if {part.rows}"),
                made,
                text("Tiny", ""),
                statement(f"if {part.rows}_note"),
                note,
                statement("endif"),
                statement("else"),
                empty,
                statement("endif"),
            )
        )

    def _signatures(self, part: parts.Signatures) -> str:
        widths = shares([28, 36, 12, 24], self._width)
        rows = []
        for who, day in part.rows:
            cells = [
                cell(self._said(who), widths[0], style="CellHead"),
                cell("", widths[1]),
                cell(self._said(day), widths[2], style="CellHead"),
                cell("", widths[3]),
            ]
            rows.append(row("".join(cells), height=1200 if who is part.rows[-1][0] else 620))
        return text("Tiny", "") + text("Body", "") + table("".join(rows), widths) + text("Tiny", "")

    def _contents(self) -> str:
        """A field for Word to reckon, filled with what it would find."""
        lines = [self._line(*one) for one in self._numbered()]
        begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        code = '<w:r><w:instrText xml:space="preserve"> TOC \\o "1-2" \\h \\z \\u </w:instrText></w:r>'
        between = '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        style, first = lines[0]
        made = paragraph(style, begin + code + between + first)
        made += "".join(paragraph(style, content) for style, content in lines[1:])
        return made + paragraph("Tiny", '<w:r><w:fldChar w:fldCharType="end"/></w:r>')

    def _numbered(self) -> Iterator[tuple[str, str, int]]:
        chapter = section_number = letter = 0
        for style, words, number in self._headings:
            if style == "Heading1":
                chapter, section_number = chapter + 1, 0
                yield "TOC1", f"{chapter} {words}", number
            elif style == "Heading2":
                section_number += 1
                yield "TOC2", f"{chapter}.{section_number} {words}", number
            else:
                letter += 1
                yield "TOC1", f"{('附录', 'Appendix ')[self._place]}{chr(64 + letter)} {words}", number

    def _line(self, style: str, words: str, number: int) -> tuple[str, str]:
        page = field(f"PAGEREF _Toc{number:08d} \\h", "")
        content = f"{run(words)}<w:r><w:tab/></w:r>{page}"
        return style, f'<w:hyperlink w:anchor="_Toc{number:08d}" w:history="1">{content}</w:hyperlink>'


def build(form: str, language: str) -> bytes:
    """The template of a document as a file."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in _members(form, language).items():
            info = zipfile.ZipInfo(name, DAY_ONE)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 3
            package.writestr(info, (HEAD + content).encode())
    return made.getvalue()


def _members(form: str, language: str) -> dict[str, str]:
    place = LANGUAGES.index(language)
    page = ("第 {} 页　共 {} 页", "page {} of {}")[place].split("{}")
    footer = run(page[0]) + field("PAGE", "1") + run(page[1]) + field("NUMPAGES", "1") + run(page[2])
    header = text("Header", "{{ marking }}")
    body = Builder(OUTLINES[form], language).body()
    return {
        "[Content_Types].xml": _types(),
        "_rels/.rels": _relations({"rId1": (f"{OFFICE}/officeDocument", "word/document.xml")}),
        "word/_rels/document.xml.rels": _relations(
            {key: (f"{OFFICE}/{kind}", f"{name}.xml") for key, (kind, name) in RELATED.items()}
        ),
        "word/document.xml": f"<w:document {W} {R}><w:body>{body}</w:body></w:document>",
        "word/styles.xml": styles(
            language, letter=form != "self-assessment", brief=form == "quarterly-brief"
        ),
        "word/numbering.xml": numbering(("附录", "Appendix ")[place]),
        "word/settings.xml": settings(),
        "word/fontTable.xml": fonts(),
        "word/header1.xml": f"<w:hdr {W}>{header}</w:hdr>",
        "word/footer1.xml": f"<w:ftr {W}>{paragraph('Footer', footer)}</w:ftr>",
    }


def _types() -> str:
    overrides = {name: kind for kind, name in RELATED.values()} | {"document": "document.main"}
    made = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{WORD}.{kind}+xml"/>'
        for name, kind in sorted(overrides.items())
    )
    defaults = (
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
    )
    return f'<Types xmlns="{PACKAGE}/content-types">{defaults}{made}</Types>'


def _relations(targets: dict[str, tuple[str, str]]) -> str:
    made = "".join(
        f'<Relationship Id="{key}" Type="{kind}" Target="{target}"/>'
        for key, (kind, target) in targets.items()
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{made}</Relationships>'


if __name__ == "__main__":
    for document in OUTLINES:
        for tongue in LANGUAGES:
            place = REPORTS / f"{document}-docx" / f"template.{tongue}.docx"
            place.write_bytes(build(document, tongue))
