"""``weights:`` of ``secaudit.yaml`` and the table that it names: what an office lays down for the 2021 score.

item,class,level
ces.authentication.a,关键,3
L3-CES1-02,重要,
"""

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Final

from secaudit.errors import ContentError, Problem
from secaudit.language import _
from secaudit.model.content import Requirement
from secaudit.model.weights import ItemClass, Weights
from secaudit.register.list_text import list_text

HEADINGS: Final = {
    "item": ("item", "测评项", "测评单元", "编号"),
    "class": ("class", "类别", "重要程度", "权重"),
    "level": ("level", "级别", "等级"),
}
CLASSES: Final = {
    word: kind
    for kind, words in (
        (ItemClass.GENERAL, ("一般", "general", "1")),
        (ItemClass.IMPORTANT, ("重要", "important", "2")),
        (ItemClass.KEY, ("关键", "key", "3")),
    )
    for word in words
}


@dataclass(frozen=True, slots=True)
class WeightSettings:
    """What ``weights:`` says; ``table`` is a path in the workspace, "" for none."""

    technical_share: Fraction
    source: str
    table: str


@dataclass(slots=True)
class _Reading:
    """The rows so far: (level, item) → class, and the line on which each was said."""

    file: str
    problems: list[Problem] = field(default_factory=list)
    classes: dict[tuple[int, str], ItemClass] = field(default_factory=dict)
    lines: dict[tuple[int, str], int] = field(default_factory=dict)

    def complain(self, line: int, column: str, read: str, expected: str) -> None:
        self.problems.append(Problem(self.file, line, column, repr(read)[:80] if read else "", expected))

    def say(self, line: int, place: tuple[int, str], kind: ItemClass) -> None:
        if place in self.lines:
            told = _("each item once expected; it stands in line {line}, too").format(line=self.lines[place])
            self.complain(line, "item", place[1], told)
        self.lines.setdefault(place, line)
        self.classes.setdefault(place, kind)


def load_weights(workspace: Path, settings: WeightSettings | None, items: Iterable[Requirement]) -> Weights:
    """The weights of an office; ``items`` are those of all levels.

    Raises ContentError with every bad row of the table, UsageError where it cannot be read.
    """
    if settings is None:
        return Weights()
    classes, digest = _table(workspace, settings.table, items) if settings.table else ({}, "")
    return Weights(classes, settings.technical_share, settings.source, settings.table, digest)


def _table(
    workspace: Path, table: str, items: Iterable[Requirement]
) -> tuple[dict[tuple[int, str], ItemClass], str]:
    file = workspace / table
    reading = _Reading(table)
    if not file.resolve().is_relative_to(workspace.resolve()):
        reading.complain(0, "", "", _("a file of the workspace expected, not a link out of it"))
        raise ContentError(tuple(reading.problems))
    text = list_text(file)
    known = _known(items)
    for line, row in _rows(text, reading):
        _row(line, row, known, reading)
    if reading.problems:
        raise ContentError(tuple(dict.fromkeys(reading.problems)))
    return reading.classes, hashlib.sha256(file.read_bytes()).hexdigest()


def _known(items: Iterable[Requirement]) -> dict[str, list[tuple[int, str]]]:
    """What the first column may name, an item or the unit that judges it → (level, item)."""
    found: dict[str, list[tuple[int, str]]] = {}
    for item in items:
        for name in {item.key, item.unit}:
            found.setdefault(name, []).append((item.level, item.key))
    return found


def _rows(text: str, reading: _Reading) -> Iterator[tuple[int, dict[str, str]]]:
    """Line and cells by column, of the rows that are not empty."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    columns: list[str] = []
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if not columns:
                columns = _columns(reader.line_num, cells, reading)
                continue
            if len(cells) > len(columns):
                told = _("at most {count} cells expected").format(count=len(columns))
                reading.complain(reader.line_num, "", str(len(cells)), told)
            yield reader.line_num, dict(zip(columns, (cell.strip() for cell in cells), strict=False))
    except csv.Error as error:
        reading.complain(reader.line_num, "", "", _("CSV expected: {reason}").format(reason=error))
        return
    if not columns:
        reading.complain(0, "", "", _("a line of headings expected"))


def _columns(line: int, cells: Iterable[str], reading: _Reading) -> list[str]:
    """The columns of the heading; raises ContentError: nothing can be read without it."""
    columns = [_column(cell) for cell in cells]
    known = [column for column in columns if column in HEADINGS]
    if len(known) != len(columns) or len(set(known)) != len(known) or not {"item", "class"} <= set(known):
        expected = ", ".join(f"{words[0]}/{words[1]}" for words in HEADINGS.values())
        reading.complain(line, "", "", _("the headings {names} expected, each once").format(names=expected))
        raise ContentError(tuple(reading.problems))
    return columns


def _column(cell: str) -> str:
    plain = cell.strip().lower()
    return next((name for name, words in HEADINGS.items() if plain in words), plain)


def _row(
    line: int, row: Mapping[str, str], known: Mapping[str, list[tuple[int, str]]], reading: _Reading
) -> None:
    item, level = row.get("item", ""), row.get("level", "")
    places = known.get(item, [])
    if not places:
        reading.complain(line, "item", item, _("an item like ces.audit.a or a unit like L3-CES1-01 expected"))
    named = [place for place in places if not level or str(place[0]) == level]
    if places and not named:
        levels = ", ".join(str(place[0]) for place in places)
        reading.complain(line, "level", level, _("one of {choices} expected").format(choices=levels))
    kind = CLASSES.get(row.get("class", "").lower())
    if kind is None:
        choices = ", ".join(ItemClass)
        reading.complain(
            line, "class", row.get("class", ""), _("one of {choices} expected").format(choices=choices)
        )
        return
    for place in named:
        reading.say(line, place, kind)
