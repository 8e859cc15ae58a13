"""The daily report of a period of heavy protection (零报告): what changed since the night before, or that nothing did.

It says “nothing” only where all that is watched was seen in both nights. Whether there was an incident a person says.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from secaudit import __version__
from secaudit.content.folder import content_dir
from secaudit.model.content import Check
from secaudit.model.difference import DARKER, Difference, Kind
from secaudit.model.notice import WatchVerdict
from secaudit.model.result import Offender
from secaudit.model.text import Language
from secaudit.report.html import page_of
from secaudit.report.output import write_bytes, write_text
from secaudit.report.safe import seen
from secaudit.report.sheets import LINE, LINE_HEIGHT, fit_page, lines, put
from secaudit.report.texts import Words, load_texts

TEMPLATE: Final = "watch"
CHANGED: Final = frozenset({Kind.REGRESSED, Kind.NEW, Kind.FIXED, Kind.UNDECIDED, Kind.COVERAGE_WON})
_WIDTHS: Final = (14, 22, 22, 40, 26, 40)


@dataclass(frozen=True, slots=True)
class Watched:
    """A night of a period: ``begin`` to ``end``, both included; ``systems`` are their names.

    ``unreached`` and ``unknown`` are of this night, ``standing`` what fails in it and did before. ``compared_with`` is
    the night before, None where there was none.
    """

    office: str
    night: date
    begin: date
    end: date
    systems: Sequence[str]
    person: str
    assets: int
    unreached: int
    unknown: int
    standing: int
    compared_with: date | None
    differences: Sequence[Difference] = ()
    checks: Mapping[str, Check] = field(default_factory=dict)

    @property
    def verdict(self) -> WatchVerdict:
        """``zero`` only where nothing is out of sight; what changed is told before what could not be seen."""
        if any(one.kind in CHANGED for one in self.differences):
            return WatchVerdict.CHANGED
        dark = self.unreached or self.unknown or any(one.kind in DARKER for one in self.differences)
        return WatchVerdict.UNVERIFIED if dark or self.compared_with is None else WatchVerdict.ZERO


def write_watch(watched: Watched, folder: Path, language: Language) -> list[Path]:
    """The report as a page and as a workbook; raises UsageError."""
    view = view_of(watched, language)
    stem = folder / f"watch-{watched.night.isoformat()}"
    page, book = stem.with_suffix(".html"), stem.with_suffix(".xlsx")
    write_text(page, _page(view, language))
    write_bytes(book, [_workbook(view, language)])
    return [page, book]


def words_of(language: Language) -> Words:
    """The words of the report."""
    return Words(load_texts(content_dir("reports") / TEMPLATE / "texts.yaml"), language)


def view_of(watched: Watched, language: Language) -> dict[str, Any]:
    """What both forms show, in words."""
    t = words_of(language)
    days = (watched.end - watched.begin).days + 1
    day_of = t("day_of", day=(watched.night - watched.begin).days + 1, days=days)
    changes = sum(one.kind in CHANGED for one in watched.differences)
    facts = [
        (t("night"), watched.night.isoformat()),
        (t("period"), f"{watched.begin} – {watched.end}（{day_of}）"),
        (t("systems"), "、".join(watched.systems) if language == "zh" else ", ".join(watched.systems)),
        (t("compared"), str(watched.compared_with or t("gone_first"))),
        (t("assets"), str(watched.assets)),
        (t("unreached"), str(watched.unreached)),
        (t("unknown"), str(watched.unknown)),
        (t("changes"), str(changes)),
        (t("standing"), str(watched.standing)),
        (t("tool"), f"secaudit {__version__}"),
    ]
    headings = [t(key) for key in ("kind", "system", "asset", "check", "where", "seen")]
    rows = [_row(one, watched.checks, t) for one in watched.differences]
    return {
        "office": watched.office,
        "night": watched.night.isoformat(),
        "verdict": watched.verdict,
        "said": _said(watched, changes, t),
        "facts": facts,
        "headings": headings,
        "rows": rows,
        "person": watched.person,
    }


def _said(watched: Watched, changes: int, t: Words) -> list[str]:
    if watched.compared_with is None:
        return [t("said_first")]
    if watched.verdict == "zero":
        return [t("said_zero")]
    dark = watched.unreached or watched.unknown or any(one.kind in DARKER for one in watched.differences)
    return [
        *([t("said_changed", count=changes)] if changes else []),
        *([t("said_unverified")] if dark else []),
    ]


def _row(one: Difference, checks: Mapping[str, Check], t: Words) -> list[str]:
    check = checks.get(one.check_id)
    offender: Offender | None = one.offender
    return [
        t(one.kind.value),
        one.system_id,
        one.asset_id,
        check.title.of(t.language) if check else one.check_id,
        offender.id if offender else "",
        offender.seen.of(t.language) if offender else "",
    ]


def _page(view: Mapping[str, Any], language: Language) -> Iterator[str]:
    return page_of(
        TEMPLATE,
        "report.html.j2",
        view=view,
        t=words_of(language),
        lang=language,
    )


def _workbook(view: Mapping[str, Any], language: Language) -> bytes:
    t = words_of(language)
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = t("sheet")
    fit_page(sheet)
    put(sheet, 1, 1, t("title")).font = Font(bold=True, size=16)
    put(sheet, 2, 1, t(view["verdict"])).font = Font(bold=True, size=14)
    put(sheet, 3, 1, " ".join(view["said"]))
    put(sheet, 4, 1, t("marking", office=view["office"]))
    row = 6
    for name, value in view["facts"]:
        put(sheet, row, 1, name)
        put(sheet, row, 2, value)
        row += 1
    row = _table(sheet, row + 1, view["headings"], view["rows"])
    put(sheet, row + 1, 1, t("incidents")).font = Font(bold=True)
    put(sheet, row + 2, 1, f"{t('no_incident')}{t('between_boxes')}{t('incident')}")
    for place, key in enumerate(("signature", "head", "seal", "date")):
        put(sheet, row + 4, place + 1, t(key)).border = LINE
        put(sheet, row + 5, place + 1, view["person"] if key == "signature" else "").border = LINE
    sheet.row_dimensions[row + 5].height = 48
    put(sheet, row + 7, 1, t("scope"))
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _table(sheet: Any, row: int, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    """The row after it."""
    for place, (heading, width) in enumerate(zip(headings, _WIDTHS, strict=True), 1):
        cell = put(sheet, row, place, heading)
        cell.font, cell.border = Font(bold=True), LINE
        sheet.column_dimensions[get_column_letter(place)].width = width
    for number, cells in enumerate(rows, row + 1):
        for place, text in enumerate(cells, 1):
            cell = put(sheet, number, place, seen(text))
            cell.border, cell.alignment = LINE, Alignment(wrap_text=True, vertical="top")
        needed = max(lines(text, width) for text, width in zip(cells, _WIDTHS, strict=True))
        sheet.row_dimensions[number].height = min(needed * LINE_HEIGHT, 400)
    return row + 1 + len(rows)
