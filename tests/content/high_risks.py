"""Which high-risk conditions a failing check shows, and why a host cannot show the others."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from secaudit.content import Content
from secaudit.content.folder import content_dir
from secaudit.content.load import STANDARD_FOLDER
from secaudit.content.tables import Table
from secaudit.model.content import Check
from secaudit.model.text import Text

LEFT = content_dir("profiles") / STANDARD_FOLDER / "high_risks_left_to_people.csv"


@dataclass(frozen=True, slots=True)
class Left:
    """Why assets of a kind cannot show a condition."""

    id: str
    kind: str
    reason: Text


def left_to_people(kind: str) -> dict[str, Left]:
    """Condition → why such assets cannot show it; a table with a mistake fails."""
    table = Table(LEFT, ("id", "kind", "reason_zh", "reason_en"))
    rows = [
        Left(row.text("id"), row.text("kind"), Text(row.text("reason_zh"), row.text("reason_en")))
        for row in table.rows()
    ]
    assert table.problems == []
    found = {row.id: row for row in rows if row.kind == kind}
    assert len(found) == len([row for row in rows if row.kind == kind]), "each condition once"
    return found


def bound(content: Content, kind: str) -> dict[str, list[str]]:
    """Condition → the checks of that kind whose failure shows it."""
    found: dict[str, list[str]] = {}
    for check in sorted(content.checks.values(), key=lambda check: check.id):
        for risk in check.high_risk if check.applies_to == kind else ():
            found.setdefault(risk.id, []).append(check.id)
    return found


def items_of(content: Content, check: Check) -> set[str]:
    """The items that a check speaks of: those of the steps it proves, and those whose clause it names."""
    named = set(clauses_of(content, check.references))
    return named | {step.split("#")[0] for step in check.proves}


def clauses_of(content: Content, references: tuple[str, ...]) -> Iterator[str]:
    """``GB/T 22239-2019 8.1.4.8 b`` → the key of that item, whatever the level."""
    keys: Mapping[str, str] = {
        f"GB/T 22239-2019 {item.clause} {item.item}".strip(): item.key
        for catalogue in content.catalogues.values()
        for item in catalogue.requirements
    }
    return (keys[reference] for reference in references if reference in keys)
