"""The impact notice as text for a terminal: at most 100 cells a line, only commands may be longer."""

from collections.abc import Iterator, Sequence
from typing import Any, Final, assert_never

from rich.cells import cell_len

from secaudit.cli.escaping import printable
from secaudit.cli.wrapping import wrapped
from secaudit.report.notice_blocks import Blanks, Block, Bullets, Fields, Grid, Listing, Paragraph
from secaudit.report.notice_sections import head_of, sections_of
from secaudit.report.texts import Words

WIDTH: Final = 100
BLANK: Final = "____________________"


def notice_lines(view: dict[str, Any], t: Words) -> Iterator[str]:
    """The notice line by line."""
    yield from (t("page_marking"), "", t("notice"), "")
    yield from _block(head_of(view, t))
    yield ""
    yield from wrapped(t("lead"), WIDTH)
    sections = sections_of(view, t)
    for number, section in enumerate(sections, 1):
        title = section.title if number == len(sections) else f"{number}. {section.title}"
        yield from ("", title, "-" * cell_len(title))
        for block in section.blocks:
            yield from _block(block)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Paragraph(text):
            yield from wrapped(printable(text), WIDTH)
        case Bullets(lines):
            for line in lines:
                yield from _indented("- ", printable(line))
        case Fields(pairs):
            for name, value in pairs:
                yield from _indented(f"{name}: ", printable(value))
        case Blanks(names):
            for name in names:
                yield f"{name}: {BLANK}"
        case Grid():
            yield from _grid(block)
        case Listing(heading, text):
            yield from ("", printable(heading))
            yield from (f"    {printable(line)}" for line in text.splitlines())
        case _:
            assert_never(block)


def _indented(mark: str, text: str) -> Iterator[str]:
    """The text beside its mark; where it breaks, below itself."""
    indent = " " * min(cell_len(mark), 4)
    first, *rest = list(wrapped(mark + text, WIDTH)) or [mark]
    yield first
    for line in wrapped(" ".join(rest), WIDTH - len(indent)) if rest else ():
        yield indent + line


def _grid(grid: Grid) -> Iterator[str]:
    """A table; where it is too wide its rows stand one below the other, each cell with its heading."""
    cells = [[printable(cell) for cell in row] for row in (grid.headings, *grid.rows)]
    widths = [max(map(cell_len, column)) for column in zip(*cells, strict=True)]
    if sum(widths) + 2 * len(widths) > WIDTH:
        yield from _stacked(cells[0], cells[1:])
        return
    for row in cells:
        padded = (
            _padded(cell, width, right=place in grid.right)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield "  ".join(padded).rstrip()


def _stacked(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    for first, *rest in rows:
        yield from wrapped(first, WIDTH)
        named = zip(headings[1:], rest, strict=True)
        told = rest if len(rest) == 1 else [f"{heading}: {cell}" for heading, cell in named if cell]
        for line in wrapped("  ".join(told), WIDTH - 4):
            yield f"    {line}"


def _padded(cell: str, width: int, *, right: bool) -> str:
    space = " " * (width - cell_len(cell))
    return space + cell if right else cell + space
