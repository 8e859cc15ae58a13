"""The daily report of a heavy-protection period says “nothing” only where everything was seen and nothing changed."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from secaudit.content.folder import content_dir
from secaudit.content.watch import load_watched
from secaudit.errors import ContentError
from secaudit.model.difference import Difference, Kind
from secaudit.model.result import Offender
from secaudit.model.text import Text
from secaudit.report.watch import CHANGED, Watched, view_of, words_of, write_watch
from tests.content import inventory

QUIET = Watched(
    office="市局",
    night=date(2027, 3, 2),
    begin=date(2027, 3, 1),
    end=date(2027, 3, 11),
    systems=["门户网站", "办公系统"],
    person="值班员",
    assets=12,
    unreached=0,
    unknown=0,
    standing=3,
    compared_with=date(2027, 3, 1),
)
PORT = Difference(
    Kind.NEW,
    "portal",
    "web1",
    "web1",
    "linux.ports.undeclared_listeners",
    offender=Offender("tcp/4444", Text("=cmd <b>", "x"), Text("", "")),
)


def test_nothing_new_and_everything_seen_is_zero() -> None:
    view = view_of(QUIET, "zh")
    assert (view["verdict"], view["rows"]) == ("zero", [])
    assert ("保障期", "2027-03-01 – 2027-03-11（第 2 天，共 11 天）") in view["facts"]


@pytest.mark.parametrize("change", [{"unreached": 1}, {"unknown": 1}, {"compared_with": None}])
def test_what_was_not_seen_is_never_zero(change: dict[str, int | None]) -> None:
    assert replace(QUIET, **change).verdict == "unverified"  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.PERSISTING])
def test_every_difference_is_told(kind: Kind) -> None:
    watched = replace(QUIET, differences=[replace(PORT, kind=kind)])
    assert watched.verdict == ("changed" if kind in CHANGED else "unverified")
    assert view_of(watched, "en")["rows"][0][0] == words_of("en")(kind.value)


def test_a_change_hides_no_gap() -> None:
    said = view_of(replace(QUIET, differences=[PORT], unreached=2), "zh")["said"]
    assert len(said) == 2
    assert "1 处" in said[0]
    assert "不作零报告" in said[1]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_both_forms_hold_what_changed_as_text(tmp_path: Path, language: str) -> None:
    watched = replace(QUIET, differences=[PORT], checks=inventory.shipped().checks)
    page, book = write_watch(watched, tmp_path, "zh" if language == "zh" else "en")
    html = page.read_text(encoding="utf-8")
    assert "tcp/4444" in html
    assert "<b>" not in html.partition("</style>")[2]
    assert page.stat().st_mode & 0o777 == book.stat().st_mode & 0o777 == 0o600
    cells = [cell for row in load_workbook(book).worksheets[0].iter_rows() for cell in row if cell.value]
    assert "tcp/4444" in {cell.value for cell in cells}
    assert {cell.data_type for cell in cells} == {"s"}


def test_what_is_watched_are_checks() -> None:
    known = inventory.shipped().checks
    watched = load_watched(content_dir("reports") / "watch" / "checks.yaml", known)
    assert len(set(watched)) == len(watched) > 10


@pytest.mark.parametrize("text", ["", "checks: []", "checks: 5", "[a]", "checks: [linux.no.such]"])
def test_a_list_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "checks.yaml").write_text(text)
    with pytest.raises(ContentError):
        load_watched(tmp_path / "checks.yaml", {"linux.a.b"})
