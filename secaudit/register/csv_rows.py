"""Rows of a CSV text as somebody saved it, whichever of comma, semicolon and tab stands between its cells."""

import csv
import io
from collections.abc import Iterator

from secaudit.errors import ContentError, Problem
from secaudit.language import _


def csv_rows(text: str, file: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not empty, each with the line it ends on. Raises ContentError."""
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), strict=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, [cell.strip() for cell in cells]
    except csv.Error as error:
        problem = Problem(file, reader.line_num, "", "", _("CSV expected: {reason}").format(reason=error))
        raise ContentError((problem,)) from error
