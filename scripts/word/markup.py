"""WordprocessingML of a template, piece by piece (ECMA-376 part 1, 17)."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

A4_TWIPS = (11906, 16838)
MARGIN_TWIPS = 1418
WIDE_MARGIN_TWIPS = 1134
GREY = "8C96A3"
HEAD_FILL = "DCE6F1"


@dataclass(frozen=True, slots=True)
class Column:
    """``share``: of the width of the table."""

    head: str
    cell: str
    share: int
    centred: bool = False


def run(text: str, *, bold: bool = False) -> str:
    properties = "<w:rPr><w:b/></w:rPr>" if bold else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def field(instruction: str, shown: str) -> str:
    """A field and what it shows until Word has reckoned it."""
    marks = [f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")]
    code = f'<w:r><w:instrText xml:space="preserve"> {escape(instruction)} </w:instrText></w:r>'
    return marks[0] + code + marks[1] + run(shown) + marks[2]


def paragraph(style: str, content: str, *, properties: str = "") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{content}</w:p>'


def text(style: str, words: str, *, properties: str = "") -> str:
    return paragraph(style, run(words), properties=properties)


def heading(style: str, words: str, number: int) -> str:
    """A heading that the contents refer to."""
    mark = f'<w:bookmarkStart w:id="{number}" w:name="_Toc{number:08d}"/>'
    return paragraph(style, f'{mark}{run(words)}<w:bookmarkEnd w:id="{number}"/>')


def caption(label: str, number: int, words: str) -> str:
    """``words`` begin with what stands between them and the number."""
    content = run(f"{label} ") + field(f"SEQ {label} \\* ARABIC", str(number)) + run(words)
    return paragraph("Caption", content)


def statement(words: str) -> str:
    """``{%p … %}``: a paragraph that docxtpl takes away."""
    return paragraph("Normal", run(f"{{%p {words} %}}"))


def cell(content: str, width: int, *, style: str = "Cell", centred: bool = False, fill: str = "") -> str:
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else ""
    centre = '<w:jc w:val="center"/>' if centred else ""
    properties = f'<w:tcW w:w="{width}" w:type="dxa"/>{shade}<w:vAlign w:val="center"/>'
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{text(style, content, properties=centre)}</w:tc>"


def row(cells: str, *, head: bool = False, height: int = 0) -> str:
    """A row that no page break divides; the head stands on every page."""
    repeated = "<w:tblHeader/>" if head else ""
    tall = f'<w:trHeight w:val="{height}"/>' if height else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{tall}{repeated}</w:trPr>{cells}</w:tr>"


def table(rows: str, widths: Sequence[int], *, bordered: bool = True) -> str:
    kind, colour = ("single", GREY) if bordered else ("none", "auto")
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = "".join(f'<w:{side} w:val="{kind}" w:sz="4" w:space="0" w:color="{colour}"/>' for side in sides)
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    properties = (
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{borders}</w:tblBorders>'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/>'
        "</w:tblCellMar>"
    )
    return f"<w:tbl><w:tblPr>{properties}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"


def listing(columns: Sequence[Column], rows: str, width: int) -> str:
    """A table with a row for each of ``rows``; a cell is a field of ``row`` or a text with placeholders."""
    widths = shares([column.share for column in columns], width)
    head = "".join(
        cell(column.head, size, style="CellHead", centred=True, fill=HEAD_FILL)
        for column, size in zip(columns, widths, strict=True)
    )
    body = "".join(
        cell(f"{{{{ row.{column.cell} }}}}", size, centred=column.centred)
        for column, size in zip(columns, widths, strict=True)
    )
    loop, end = (row(cell(f"{{%tr {words} %}}", sum(widths))) for words in (f"for row in {rows}", "endfor"))
    return table(row(head, head=True) + loop + row(body) + end, widths)


def pairs(rows: Sequence[tuple[str, str]], width: int, *, cover: bool = False) -> str:
    """A table of names and values; that of the cover is larger."""
    widths = shares([30, 70], width)
    prefix, height = ("Cover", 560) if cover else ("", 0)
    made = (
        row(
            cell(name, widths[0], style=f"{prefix}CellHead", fill=HEAD_FILL)
            + cell(value, widths[1], style=f"{prefix}Cell"),
            height=height,
        )
        for name, value in rows
    )
    return table("".join(made), widths)


def shares(parts: Sequence[int], width: int) -> list[int]:
    return [width * part // sum(parts) for part in parts]


def section(header: str, footer: str, *, wide: bool = False, last: bool = False, first_page: int = 0) -> str:
    """The end of a section: A4, upright or across, with its header and footer (ids of relationships)."""
    short, long = A4_TWIPS
    size = f'w:w="{long}" w:h="{short}" w:orient="landscape"' if wide else f'w:w="{short}" w:h="{long}"'
    side = WIDE_MARGIN_TWIPS if wide else MARGIN_TWIPS
    margins = f'w:top="1418" w:bottom="1247" w:left="{side}" w:right="{side}"'
    content = (
        f'<w:headerReference w:type="default" r:id="{header}"/><w:footerReference w:type="default" r:id="{footer}"/>'
        f'<w:type w:val="nextPage"/><w:pgSz {size}/>'
        f'<w:pgMar {margins} w:header="794" w:footer="680" w:gutter="0"/>'
    )
    if first_page:
        content += f'<w:pgNumType w:start="{first_page}"/>'
    made = f"<w:sectPr>{content}</w:sectPr>"
    return made if last else f'<w:p><w:pPr><w:pStyle w:val="Tiny"/>{made}</w:pPr></w:p>'


def style(
    name: str, title: str, paragraph_part: str, run_part: str, *, parent: str = "Normal", more: str = ""
) -> str:
    default = ' w:default="1"' if name == "Normal" else ""
    based = "" if name == "Normal" else f'<w:basedOn w:val="{parent}"/>'
    return (
        f'<w:style w:type="paragraph"{default} w:styleId="{name}"><w:name w:val={quoteattr(title)}/>{based}{more}'
        f"<w:qFormat/><w:pPr>{paragraph_part}</w:pPr><w:rPr>{run_part}</w:rPr></w:style>"
    )
