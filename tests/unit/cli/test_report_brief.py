"""``secaudit report brief``: which quarter, which organisation, from what a workspace holds."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from secaudit import clock
from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.main import run
from secaudit.cli.report_brief import _ended_last
from secaudit.register.starting import start_workspace
from secaudit.store import open_store
from tests.unit.audit import samples
from tests.unit.audit.nights import Nights

NOW = datetime(2026, 11, 27, 1, tzinfo=UTC)


class Briefs:
    """A workspace with two systems, ``oa`` of a department and ``mail`` of the city, and audits of ``oa``."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """Exit code, output, errors."""
        code = run(["-w", str(self.folder), "report", "brief", *arguments])
        printed = self._capsys.readouterr()
        return code, printed.out, printed.err

    def view(self, *arguments: str) -> Any:
        """Its JSON."""
        code, out, err = self.run("--format", "json", *arguments)
        assert code == ExitCode.CLEAN, err
        return json.loads(Path(out.strip()).read_text(encoding="utf-8"))


@pytest.fixture
def briefs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Briefs]:
    monkeypatch.setattr("secaudit.cli.report_brief.content_of", lambda _folder: samples.content())
    monkeypatch.setattr(clock, "now", lambda: NOW)
    folder = tmp_path / "w"
    start_workspace(folder, "市网信办", "zh")
    settings = yaml.safe_load((folder / "secaudit.yaml").read_text(encoding="utf-8"))
    owners = [("city", "市", None), ("dept", "局", "city"), ("idle", "空", None)]
    settings["organisations"] = [
        {"id": name, "name": title} | ({"parent": parent} if parent else {}) for name, title, parent in owners
    ]
    (folder / "secaudit.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    for name, owner in (("oa", "dept"), ("mail", "city")):
        text = f"id: {name}\nname: {name} 系统\norganisation: {owner}\ngrade: S3A3G3\nassets: []\n"
        (folder / "systems" / f"{name}.yaml").write_text(text, encoding="utf-8")
    (folder / "nights").mkdir()
    for day in ("2026-11-24", "2026-11-25"):
        (folder / "nights" / f"{day}.jsonl").write_text("", encoding="utf-8")
    with open_store(f"sqlite:///{folder}/secaudit.db") as store:
        nights = Nights(store)
        oa = replace(samples.system(), organisation="dept")
        nights.count = -90
        nights.run(12, register=samples.register(oa))
        nights.count = 0
        nights.run(12, register=samples.register(oa))
        nights.run(5, register=samples.register(oa))
        yield Briefs(folder, capsys)


def test_the_quarter_as_far_as_it_has_gone(briefs: Briefs) -> None:
    view = briefs.view("--quarter", "2026-Q4")
    document = view["document"]
    assert (document["quarter"], document["day"], document["organisation"]) == (
        "2026-Q4",
        "2026-11-27",
        "市网信办",
    )
    assert [(one["id"], one["audits"]) for one in view["systems"]] == [("mail", 0), ("oa", 2)]
    assert (view["before"]["failing"], view["now"]["failing"]) == (2, 0)
    assert len(view["weeks"]) == 9
    assert [week["point"] for week in view["weeks"][:7]] == [None] * 7
    assert view["nights"] == {"held": 2, "missed": 1}, "that of the 26th"


def test_without_a_name_the_last_that_ended_is_meant(briefs: Briefs) -> None:
    view = briefs.view()
    assert (view["document"]["quarter"], view["document"]["day"]) == ("2026-Q3", "2026-09-30")
    assert view["now"]["failing"] == 2
    assert view["before"] is None
    assert [_ended_last(date(2026, month, 15)) for month in (1, 4, 12)] == [
        date(2025, 10, 1),
        date(2026, 1, 1),
        date(2026, 7, 1),
    ]


def test_an_organisation_has_what_is_below_it(briefs: Briefs) -> None:
    assert [one["id"] for one in briefs.view("city")["systems"]] == ["mail", "oa"]
    view = briefs.view("dept", "--number", "市网信〔2026〕7号")
    assert [one["id"] for one in view["systems"]] == ["oa"]
    assert (view["document"]["number"], view["document"]["organisation"]) == ("市网信〔2026〕7号", "局")


def test_files_are_named_and_private(briefs: Briefs, tmp_path: Path) -> None:
    out = tmp_path / "out"
    code, printed, _err = briefs.run("dept", "--format", "docx,html", "--lang", "en", "--out", str(out))
    paths = [Path(line) for line in printed.splitlines()]
    assert code == ExitCode.CLEAN
    assert [path.name for path in paths] == ["brief-dept-2026-Q3.en.docx", "brief-dept-2026-Q3.en.html"]
    assert [path.stat().st_mode & 0o777 for path in paths] == [0o600, 0o600]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("nobody",), "no organisation nobody"),
        (("idle",), "idle has no system"),
        (("--quarter", "2026-Q5"), "a quarter like 2026-Q3"),
        (("--quarter", "0000-Q1"), "a quarter like 2026-Q3"),
        (("--quarter", "2027-Q1"), "has not begun"),
        (("--format", "csv"), "csv is no format"),
        (("--format", ","), "– is no format"),
    ],
)
def test_what_cannot_be_briefed_is_refused(briefs: Briefs, arguments: tuple[str, ...], told: str) -> None:
    code, _out, err = briefs.run(*arguments)
    assert code == ExitCode.USAGE
    assert told in err
