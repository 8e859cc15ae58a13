"""``nightly:`` of secaudit.yaml: what an office lays down for its nights, or what is wrong with it."""

from datetime import date
from pathlib import Path

import pytest

from secaudit.errors import ContentError
from secaudit.model.nightly import Nightly, Rhythm, WatchPeriod
from secaudit.model.register import Window
from secaudit.register import load_settings
from tests.unit.register import workspaces

EVERY = tuple(range(7))


def settings(folder: Path, text: str) -> Nightly:
    (folder / "secaudit.yaml").write_text(f"office: 本单位\n{text}", encoding="utf-8")
    return load_settings(folder).nightly


def test_without_a_word_every_night_scans_everything_at_any_time(tmp_path: Path) -> None:
    found = settings(tmp_path, "")
    assert found == Nightly(window=Window(EVERY, 720, 720), rhythm=Rhythm(EVERY, 1))
    assert found.rhythm_of("oa") == Rhythm(EVERY, 1)


def test_everything_that_can_be_said(tmp_path: Path) -> None:
    text = """\
nightly:
  days: 工作日
  window: 23:00-05:00
  last_start: "04:30"
  scan: weekly
  systems: {portal: daily, oa: "sat,sun", hr: never}
  formats: [html, docx]
  reports: /srv/reports
  packages_by: 安全管理员
  watch: [{from: 2027-03-01, until: 2027-03-11, systems: [portal], person: 值班员}]
"""
    assert settings(tmp_path, text) == Nightly(
        window=Window((0, 1, 2, 3, 4), 23 * 60, 5 * 60),
        last_start_min=270,
        rhythm=Rhythm(nights=7),
        systems={"portal": Rhythm(), "oa": Rhythm((5, 6)), "hr": Rhythm(())},
        formats=("html", "docx"),
        reports="/srv/reports",
        packages_by="安全管理员",
        watches=(WatchPeriod(date(2027, 3, 1), date(2027, 3, 11), ("portal",), "值班员"),),
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('window: "23:00"', "hours like 23:00-05:00"),
        ('window: "23:00-23:00"', "an end that differs"),
        ('window: "25:00-05:00"', "an hour like 22:00"),
        ("days: sometimes", "days like mon-fri"),
        ("scan: monthly", "days like mon-fri"),
        ('{window: "23:00-05:00", last_start: "06:00"}', "a time within the window"),
        ('{window: "09:00-17:00", last_start: "08:59"}', "a time within the window"),
        ("formats: [../x]", "the name of a format"),
        ("watch: [{from: 2027-03-02, until: 2027-03-01}]", "not before the first"),
        ("watch: [{from: yesterday, until: 2027-03-01}]", "a real date"),
        ("hours: 23", "hours"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ContentError, match=r"secaudit\.yaml:[23]") as refused:
        settings(tmp_path, f"nightly:\n  {text}\n" if not text.startswith("{") else f"nightly: {text}\n")
    assert told in str(refused.value)


@pytest.mark.parametrize(
    "text",
    ["systems: {gone: daily}", "watch: [{from: 2027-03-01, until: 2027-03-02, systems: [gone]}]"],
)
def test_a_system_that_is_not_registered_is_mistyped(tmp_path: Path, text: str) -> None:
    settings = f"{workspaces.WORKSPACE}nightly: {{{text}}}\n"
    (problem,) = workspaces.problems_in(workspaces.make(tmp_path, workspaces.SYSTEM, settings=settings))
    assert "registered system" in problem.expected
    assert "gone" in f"{problem.field} {problem.read}"
