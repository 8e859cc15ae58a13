"""Asset lists as CSV: Chinese or English headings, UTF-8 or GB18030, as spreadsheets write them."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from secaudit.errors import ContentError, Problem
from secaudit.language import _
from secaudit.register.asset_ids import id_from
from secaudit.register.classified import is_secrecy_grade, refusal
from secaudit.register.csv_headings import (
    REACH,
    accepted_headings,
    column_of,
    is_left_out,
    kind_of,
    nearest_heading,
    word_of,
)
from secaudit.register.csv_rows import csv_rows
from secaudit.register.importing import Found, document_of
from secaudit.register.list_text import list_text
from secaudit.register.service_text import services_of

Row = tuple[int, list[str]]


def read_csv(path: Path, defaults: dict[str, str]) -> Found:
    """The assets of a CSV file; ``defaults`` fill ``user`` and ``key`` of assets that are visited.

    Raises ContentError for what is no CSV at all, UsageError for a file that cannot be read.
    """
    rows = list(csv_rows(list_text(path), path.name))
    if not rows:
        raise ContentError((Problem(path.name, 0, "", "", _("a line of headings expected")),))
    (line, headings) = rows[0]
    columns = [column_of(heading) for heading in headings]
    problems = list(_unknown(path.name, line, headings, columns))
    assets: list[tuple[int, dict[str, Any]]] = []
    for line, cells in rows[1:]:
        reader = _RowReader(path.name, line, problems)
        assets.append((line, reader.asset(columns, cells, defaults)))
    return Found(document_of(path.name, assets), tuple(_remarks(headings, columns)), tuple(problems))


def _remarks(headings: list[str], columns: list[str | None]) -> Iterator[str]:
    """What a person should know of the columns."""
    if not {"kind", "os"} & set(columns):
        yield _("There is no column kind: every asset is taken as linux.")
    ignored = [
        heading[:80] for heading, column in zip(headings, columns, strict=True) if heading and not column
    ]
    if ignored:
        told = _("Columns that are not imported: {ignored}. Those that are: {known}")
        yield told.format(ignored=", ".join(ignored), known=accepted_headings())


def _unknown(file: str, line: int, headings: list[str], columns: list[str | None]) -> Iterator[Problem]:
    for heading, column in zip(headings, columns, strict=True):
        if column is None and not is_left_out(heading) and (near := nearest_heading(heading)):
            meant = _("unknown heading; did you mean {name}?").format(name=near)
            yield Problem(file, line, heading[:80], "", meant)
        if column is not None and columns.count(column) > 1:
            yield Problem(file, line, heading[:80], "", _("each column once expected"))
    if not {"id", "name", "address"} & set(columns):
        yield Problem(file, line, "", "", _missing())


def _missing() -> str:
    expected = _("a column id, name or address expected; known headings: {known}")
    return expected.format(known=accepted_headings())


class _RowReader:
    """One row → one asset as a system file has it; mistakes go to ``problems``."""

    def __init__(self, file: str, line: int, problems: list[Problem]) -> None:
        self.file, self.line, self.problems = file, line, problems

    def asset(self, columns: list[str | None], cells: list[str], defaults: dict[str, str]) -> dict[str, Any]:
        if len(cells) > len(columns):
            self.problem("", str(len(cells)), _("at most {count} cells expected").format(count=len(columns)))
        named = dict(zip(columns, cells, strict=False))
        row = {name: word_of(name, cell) for name, cell in named.items() if name is not None and cell}
        row["kind"] = kind_of(row.get("kind", ""), row.pop("os", ""))
        self.refuse_classified(row)
        asset: dict[str, Any] = {
            "id": row.get("id") or id_from(row.get("name", ""), row.get("address", "")),
            "kind": row["kind"],
            "name": row.get("name") or row.get("address") or row.get("id", ""),
        }
        asset |= {name: row[name] for name in ("address", "zone", "importance", "hypervisor") if name in row}
        if reach := _reach(row, defaults):
            asset["reach"] = reach
        if "services" in row:
            asset["services"], wrong = services_of(row["services"])
            for part in wrong:
                self.problem("services", part, _("PORT/tcp PURPOSE; PORT/udp PURPOSE expected"))
        return asset

    def refuse_classified(self, row: dict[str, str]) -> None:
        yes = row.get("classified", "").lower() in ("yes", "true", "1", "y", "是")
        if yes or is_secrecy_grade(row.get("secrecy", "")):
            self.problem("secrecy", row.get("secrecy", ""), refusal())

    def problem(self, field: str, read: str, expected: str) -> None:
        self.problems.append(Problem(self.file, self.line, field, repr(read)[:80] if read else "", expected))


def _reach(row: dict[str, str], defaults: dict[str, str]) -> dict[str, Any]:
    reach: dict[str, Any] = {name: row[name] for name in REACH if name in row}
    if not reach and not (defaults and row["kind"] == "linux"):
        return {}
    reach = {"transport": "ssh", **reach}
    if reach["transport"] == "ssh":
        if "password" in reach:
            defaults = {name: text for name, text in defaults.items() if name != "key"}
        reach = {**defaults, **reach}
    if "jump" in reach:
        reach["jump"] = [name for name in re.split("[\\s;,>\uff0c\uff1b\u2192]+", reach["jump"]) if name]
    if re.fullmatch("[0-9]{1,9}", reach.get("port", "")):
        reach["port"] = int(reach["port"])
    return reach
