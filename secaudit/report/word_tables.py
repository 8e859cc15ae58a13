"""What a Word template may place: tables, row by row, each cell a text in the language of the report."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from secaudit.report.sheet_list import SHEETS
from secaudit.report.tabular import Row, View
from secaudit.report.texts import Words
from secaudit.report.word_fields import CONCLUSIONS, STEPS
from secaudit.report.word_rows_judged import coverage, points, problems, records
from secaudit.report.word_rows_risks import GROUNDS, acceptances, hazards, rectified, risks
from secaudit.report.word_rows_visits import assets, authorisations, gaps, plugins, visits


@dataclass(frozen=True, slots=True)
class Table:
    """``section``: of the view, without which there are no rows; "" where every view has them.

    ``urgent``: rows that go before others where a file has no room for all.
    """

    columns: frozenset[str]
    rows: Callable[[View, Words], Iterator[Row]]
    section: str
    urgent: Callable[[Row, Words], bool] | None = None


def _of_sheet(name: str) -> tuple[frozenset[str], Callable[[View, Words], Iterator[Row]]]:
    sheet = next(sheet for sheet in SHEETS if sheet.name == name)
    return frozenset(sheet.columns), sheet.rows


TABLES: Final[Mapping[str, Table]] = {
    "coverage": Table(
        frozenset({"domain", "items_count", *(f"steps_{name}" for name in STEPS)}), coverage, ""
    ),
    "points": Table(
        frozenset({"domain", "control_point", "objects", "objects_count", *CONCLUSIONS}), points, "items"
    ),
    "records": Table(
        frozenset(
            {"clause", "unit", "control_point", "step", "question", "methods", "objects", "objects_count"}
        )
        | {"state", "decider", "record", "conclusion"},
        records,
        "items",
        lambda row, words: row["state"] in (words("not_met"), words("partly")),
    ),
    "problems": Table(
        frozenset({"severity", "title", "check", "clauses", "verdict", "objects", "objects_count", "seen"})
        | {"remedy", "advisory", "unsampled", "accepted"},
        problems,
        "problems",
    ),
    "risks": Table(GROUNDS, risks, "risks"),
    "hazard_rows": Table(GROUNDS, hazards, "risks"),
    "rectified": Table(GROUNDS, rectified, "risks"),
    "gaps": Table(frozenset({"reason", "asset", "facts", "details", "checks"}), gaps, "gaps"),
    "assets": Table(
        frozenset({"id", "name", "kind", "address", "zone", "os", "support", "updates", "reached"}),
        assets,
        "assets",
    ),
    "visits": Table(
        frozenset({"id", "started", "ended", "by", "authorisation", "evidence", "verdicts", "reached"}),
        visits,
        "assets",
    ),
    "authorisations": Table(
        frozenset({"id", "approver", "document", "valid", "port_scan"}), authorisations, ""
    ),
    "acceptances": Table(
        frozenset({"id", "kind", "state", "subject", "assets", "reason", "approver", "document", "until"}),
        acceptances,
        "acceptances",
    ),
    "plugins": Table(frozenset({"name", "version", "state"}), plugins, ""),
    "ports": Table(*_of_sheet("ports"), "tables"),
    "findings": Table(*_of_sheet("findings"), "problems"),
}


def rows_of(name: str, view: View, words: Words, most: int) -> tuple[list[dict[str, str]], str]:
    """At most ``most`` rows of a table, and what must be said of it: that it is empty, or cut; else ""."""
    table, count = TABLES[name], 0
    urgent: list[tuple[int, dict[str, str]]] = []
    others: list[tuple[int, dict[str, str]]] = []
    for count, row in enumerate(table.rows(view, words), 1):
        kept = urgent if table.urgent and table.urgent(row, words) else others
        if len(kept) < most:
            kept.append((count, {key: str(value) for key, value in row.items()}))
    chosen = [*urgent, *others[: most - len(urgent)]]
    shown = [row for _place, row in sorted(chosen, key=lambda one: one[0])]
    if table.section in view["document"].get("left_out", ()):
        return shown, words("docx_left_out")
    if not count:
        return [], words("docx_none")
    if count == len(shown):
        return shown, ""
    cut = "docx_cut_urgent" if table.urgent else "docx_cut"
    return shown, words(cut, all=count, shown=len(shown), rest=count - len(shown), table=name)
