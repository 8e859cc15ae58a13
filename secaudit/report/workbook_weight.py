"""What a workbook would make of memory and time, seen by a reader that keeps nothing, before anything is built of it.

A hundred kilobytes can unpack to millions of cells; a line of XML can merge, or hold, a cell at the far end of a sheet.
"""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from xml.parsers import expat

from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries
from openpyxl.utils.exceptions import CellCoordinatesException

from secaudit.errors import UsageError
from secaudit.language import _

CHUNK_BYTES: Final = 1 << 16
LIMIT_CELLS: Final = 2_000_000
LIMIT_ELEMENTS: Final = 12_000_000
LIMIT_MERGED: Final = 10_000  # cells of one area
LIMIT_COLUMNS: Final = 500


def refuse_heavy(path: Path, archive: zipfile.ZipFile) -> None:
    """Raise UsageError for more cells than are read, one beyond the columns that are, a vast merged area, a DOCTYPE.

    Each part is looked at, whatever its name: relationships say what a part is. What is no XML is passed over. Raises
    what zipfile raises for a damaged part.
    """
    scale = _Scale(path)
    for member in archive.infolist():
        scale.look(archive, member)


class _Scale:
    """Counts over all parts of a workbook."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._cells = self._elements = 0

    def look(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._element
        parser.StartDoctypeDeclHandler = self._doctype
        try:
            for chunk in _chunks(archive, member):
                parser.Parse(chunk)
        except expat.ExpatError:  # no XML, or damaged: whoever builds it stumbles at the same place
            return

    def _element(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if self._elements > LIMIT_ELEMENTS:
            raise self._too_much()
        match name.rpartition(":")[2]:
            case "c":
                self._cell(attributes.get("r", ""))
            case "mergeCell":
                self._merged(attributes.get("ref", ""))

    def _cell(self, place: str) -> None:
        self._cells += 1
        if self._cells > LIMIT_CELLS:
            raise self._too_much()
        if _column(place) > LIMIT_COLUMNS:
            told = _("{path} has a cell at {place}: at most {limit} columns are read.")
            raise UsageError(told.format(path=self._path, place=place, limit=LIMIT_COLUMNS))

    def _merged(self, area: str) -> None:
        if _size(area) > LIMIT_MERGED:
            told = _("{path} merges the cells {area}: such a workbook is not opened.")
            raise UsageError(told.format(path=self._path, area=area))

    def _doctype(self, *_details: object) -> None:
        raise UsageError(_("{path} holds a DOCTYPE, which no workbook has.").format(path=self._path))

    def _too_much(self) -> UsageError:
        told = _("{path} holds too much: at most {limit} cells are read.")
        return UsageError(told.format(path=self._path, limit=LIMIT_CELLS))


def _chunks(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(member) as part:
        while chunk := part.read(CHUNK_BYTES):
            yield chunk


def _column(place: str) -> int:
    """``XFD9`` → 16384, as openpyxl reads it; 0 for what it does not read."""
    try:
        return coordinate_to_tuple(place)[1] if place else 0
    except (ValueError, LookupError, CellCoordinatesException):
        return 0


def _size(area: str) -> int:
    """How many cells ``A1:C3`` has, as openpyxl reads it; 0 for what it does not read."""
    try:
        ends = range_boundaries(area)
    except (ValueError, LookupError, TypeError, CellCoordinatesException):
        return 0
    left, top, right, bottom = (end or 0 for end in ends)
    whole = None in ends  # columns or rows from end to end
    return LIMIT_MERGED + 1 if whole else (right - left + 1) * (bottom - top + 1)
