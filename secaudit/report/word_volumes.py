"""What a Word report has no room for: tables of more rows than it shows, each whole in files of its own."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Final

from secaudit.report.output import write_bytes
from secaudit.report.texts import Words
from secaudit.report.word_fields import FIELDS
from secaudit.report.word_filling import About, Template, document_of, placed_row, placed_rows, template_of
from secaudit.report.word_form import WordForm
from secaudit.report.word_tables import TABLES

LONG: Final = ("points", "risks", "problems", "assets", "findings", "visits", "gaps", "records", "ports")
VOLUMES_LIMIT: Final = 10  # of a table: some 3,000 pages
OWN: Final = frozenset({"volume", "volumes", "first", "last", "rows_all", "rest"})
VOLUME: Final = WordForm(
    "self-assessment-volume",
    FIELDS | OWN,
    OWN
    | {"marking", "number", "statement", "conclusion", "open_steps", "run", "template", "rule", "tool"}
    | {"content_hash", "time_zone", "template_file"},
    {name: TABLES[name].columns for name in LONG},
    whole=frozenset(LONG),
)


def write_volumes(
    view: dict[str, Any],
    path: Path,
    words: Words,
    fields: dict[str, str],
    about: About,
    rows: int,
    workspace: Path | None = None,
) -> list[Path]:
    """The files beside the report at ``path``, at most ``rows`` rows in each; none where it has room for all.

    ``fields`` are those of the report. Raises UsageError.
    """  # fmt: skip
    template: Template | None = None
    written = []
    for name in LONG:
        count = sum(1 for _row in TABLES[name].rows(view, words))
        if count <= rows:
            continue
        template = template or template_of(VOLUME, words.language, workspace)
        for number, own in enumerate(_volumes(name, view, words, count, rows), 1):
            file = path.with_name(f"{path.stem}-{name}-{number:02}{path.suffix}")
            said = {**fields, **own[0], "template_file": template_name(words, template)}
            placed = {**placed_row(said), **{other: [] for other in LONG}, name: placed_rows(own[1])}
            write_bytes(file, [document_of(template.content, placed, about)])
            written.append(file)
    return written


def _volumes(
    name: str, view: dict[str, Any], words: Words, count: int, rows: int
) -> Iterator[tuple[dict[str, str], list[dict[str, object]]]]:
    """The fields and the rows of each volume of a table."""
    source = iter(TABLES[name].rows(view, words))
    volumes = min(-(-count // rows), VOLUMES_LIMIT)
    left = max(count - volumes * rows, 0)
    for number in range(1, volumes + 1):
        first = (number - 1) * rows + 1
        part = [dict(row) for row in islice(source, rows)]
        yield (
            {
                "volume": str(number),
                "volumes": str(volumes),
                "first": str(first),
                "last": str(first + len(part) - 1),
                "rows_all": str(count),
                "rest": words("docx_volumes_end", limit=volumes, rest=left) if left else "",
            },
            part,
        )


def template_name(words: Words, template: Template) -> str:
    """Which template a document is placed in."""
    return words("docx_own", hash=template.own_hash) if template.own_hash else words("docx_shipped")
