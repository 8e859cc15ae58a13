"""Lines for a terminal, measured in cells: a Chinese character takes two, and a line may end after it."""

import re
import textwrap
from collections.abc import Iterable, Iterator
from typing import Final

import click
from rich.cells import cell_len

from secaudit.language import _

# A word or one wide character (with the number of what it counts: 3 个), with what may not end a line before it and
# what may not begin one after it; spaces are pieces of their own.
_PIECE: Final = re.compile(
    r"\s+|[“‘《（\[(]*(?:[0-9]+ [\u1100-\U0003ffff]|[^\s\u1100-\U0003ffff]+|\S)[，。；：、！？）》”’…\])]*",
    re.DOTALL,
)


def wrapped(text: str, width: int) -> Iterator[str]:
    """The text in lines of at most ``width`` cells; only a word that is longer gets a longer line."""
    line = ""
    for piece in _pieces(text):
        if line.strip() and cell_len((line + piece).rstrip()) > width:
            yield line.rstrip()
            line = ""
        line += piece if line else piece.lstrip()
    if line:
        yield line.rstrip()


def _pieces(text: str) -> Iterator[str]:
    for found in _PIECE.finditer(text):
        yield " " if found[0].isspace() else found[0]


class WideFormatter(click.HelpFormatter):
    """click's help with its columns and lines measured in cells."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The line that shows how it is called; click's own words for options and commands are ours."""
        for words, ours in (("[OPTIONS]", _("[OPTIONS]")), ("COMMAND [ARGS]...", _("COMMAND [ARGS]..."))):
            args = args.replace(words, ours)
        super().write_usage(prog, args, prefix)

    def write_text(self, text: str) -> None:
        """Paragraphs at the current indentation."""
        indent = " " * self.current_indent
        paragraphs = ["\n".join(wrapped(part, self.width - len(indent))) for part in text.split("\n\n")]
        self.write(textwrap.indent("\n\n".join(paragraphs), indent) + "\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Terms and what they mean, in two columns; a term wider than ``col_max`` has a line of its own."""
        rows = list(rows)
        indent = " " * self.current_indent
        column = min(max((cell_len(term) for term, _meaning in rows), default=0), col_max) + col_spacing
        for term, meaning in rows:
            lines = list(wrapped(meaning, max(self.width - column - len(indent), 10)))
            if cell_len(term) + col_spacing > column or not lines:
                self.write(f"{indent}{term}\n")
            else:
                self.write(f"{indent}{term}{' ' * (column - cell_len(term))}{lines.pop(0)}\n")
            for line in lines:
                self.write(f"{indent}{' ' * column}{line}\n")
