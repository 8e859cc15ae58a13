"""The steps of a view as CSV: one row a step on an object, for whoever reckons further."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from secaudit.model.text import Language
from secaudit.report.output import write_text
from secaudit.report.safe import seen
from secaudit.report.sheet_list import SHEETS
from secaudit.report.tabular import table_words

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
SHEET: Final = next(sheet for sheet in SHEETS if sheet.name == "steps")


def write_csv(view: dict[str, Any], path: Path, language: Language) -> None:
    """UTF-8 with a byte order mark, which Excel and WPS want; no cell is a formula. Raises UsageError."""
    write_text(path, _lines(view, language))


def _lines(view: dict[str, Any], language: Language) -> Iterator[str]:
    words, stream = table_words(language), io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    stream.write("\ufeff")
    about = view["system"]["id"], view["document"]["run"]["id"]
    writer.writerow([words("system_id"), words("run"), *(words(key) for key in SHEET.columns)])
    for row in SHEET.rows(view, words):
        writer.writerow([_safe(cell) for cell in (*about, *(row[key] for key in SHEET.columns))])
        yield stream.getvalue()
        stream.seek(0)
        stream.truncate()
    yield stream.getvalue()


def _safe(cell: object) -> str:
    """A text that a spreadsheet would take for a formula begins with an apostrophe."""
    text = seen(str(cell))
    return f"'{text}" if text.startswith(FORMULA) else text
