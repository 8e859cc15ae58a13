"""``secaudit trend``: what is followed, and every format."""

import csv
import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import jsonschema
import pytest

from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.main import run
from secaudit.cli.trend_table import sparkline
from secaudit.content.folder import content_dir
from secaudit.register.starting import start_workspace
from secaudit.store import open_store
from tests.unit.audit import samples
from tests.unit.audit.nights import Nights

SCHEMA = json.loads((content_dir("reports") / "trend" / "trend.schema.json").read_text("utf-8"))
SPAN = ("--per", "day", "--periods", "4", "--until", "2026-11-27")


class Workspace:
    """Audits of two systems in its database; none is registered any more."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capsys = folder, capsys

    def trend(self, *arguments: str) -> tuple[int, str, str]:
        """Exit code, output, errors."""
        code = run(["-w", str(self.folder), "trend", *arguments])
        printed = self._capsys.readouterr()
        return code, printed.out, printed.err


@pytest.fixture
def workspace(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Workspace]:
    monkeypatch.setattr("secaudit.cli.trend.content_of", lambda _folder: samples.content())
    folder = tmp_path / "w"
    start_workspace(folder, "office", "en")
    with open_store(f"sqlite:///{folder}/secaudit.db") as store:
        nights = Nights(store)
        nights.run(12)
        nights.run(5, register=samples.register(samples.system("mail")))
        nights.run(12, down=("oa-2",))
        yield Workspace(folder, capsys)


def test_systems_are_listed_with_their_course(workspace: Workspace) -> None:
    code, out, _err = workspace.trend(*SPAN)
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert code == ExitCode.CLEAN
    assert lines[0] == "2026-11-24 to 2026-11-27: failing"
    assert "oa oa █·▅· 2 1 -1 0 1 0 1 50.0% 2026-11-26" in lines
    assert "mail mail ·▁·· 0 0 0 0 0 0 0 100.0% 2026-11-25" in lines


def test_a_single_one_is_told_period_by_period(workspace: Workspace) -> None:
    _code, out, _err = workspace.trend("oa", *SPAN)
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert lines[0] == "oa oa"
    assert f"2026-11-24 {'█' * 10} 2 0 2 0 2 0 100.0% 2/2" in lines
    assert "2026-11-25 no whole audit" in lines
    assert f"2026-11-26 {'█' * 5} 1 0 1 0 1 1 50.0% 1/2" in lines


@pytest.mark.parametrize("by", ["system", "item", "check", "organisation"])
def test_json_fits_its_schema_and_csv_tells_the_same(workspace: Workspace, by: str) -> None:
    found = json.loads(workspace.trend("--by", by, *SPAN, "--format", "json")[1])
    jsonschema.validate(found, SCHEMA)
    rows = list(csv.DictReader(StringIO(workspace.trend("--by", by, *SPAN, "--format", "csv")[1])))
    told = [
        (one["id"], str(point["failing"]) if point else "")
        for one in found["trends"]
        for point in one["points"]
    ]
    assert [(row["id"], row["failing"]) for row in rows] == told


def test_items_are_listed_the_worst_first(workspace: Workspace) -> None:
    _code, out, _err = workspace.trend("--by", "check", *SPAN)
    assert "linux.young" in out


def test_html_is_written_where_it_is_wanted(workspace: Workspace) -> None:
    code, out, _err = workspace.trend(*SPAN, "--format", "html")
    path = workspace.folder / "reports" / "trend.html"
    assert (code, out) == (ExitCode.CLEAN, f"{path}\n")
    assert path.stat().st_mode & 0o777 == 0o600
    other = workspace.folder / "other.html"
    workspace.trend(*SPAN, "--format", "html", "--out", str(other), "--lang", "zh")
    assert "自查" in other.read_text(encoding="utf-8")


def test_time_without_an_audit_is_empty(workspace: Workspace) -> None:
    code, out, _err = workspace.trend("--until", "2020-01-31")
    assert (code, out) == (ExitCode.CLEAN, "No whole audit in 2019-02 to 2020-01.\n")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("nothing",), "no organisation and no audited system nothing"),
        (("--until", "yesterday"), "--until"),
        (("--until", "2026-13-01"), "--until"),
        (("--per", "year"), "year"),
        (("--periods", "0"), "periods"),
    ],
)
def test_what_cannot_be_followed_is_refused(
    workspace: Workspace, arguments: tuple[str, ...], told: str
) -> None:
    code, _out, err = workspace.trend(*arguments)
    assert code == ExitCode.USAGE
    assert told in err


def test_nothing_was_scanned(tmp_path: Path) -> None:
    start_workspace(tmp_path / "empty", "office", "en")
    assert run(["-w", str(tmp_path / "empty"), "trend"]) == ExitCode.USAGE


def test_lines_begin_at_nothing() -> None:
    assert sparkline([0, 1, None, 50, 100]) == "▁▂·▅█"
    assert sparkline([0, 0]) == "▁▁"
    assert sparkline([None]) == "·"
