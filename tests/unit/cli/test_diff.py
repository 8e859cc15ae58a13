"""``secaudit diff``: which runs are meant, what is printed, and what the exit code says."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from secaudit.audit import Asked
from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.main import run
from secaudit.content.folder import content_dir
from secaudit.register.starting import start_workspace
from secaudit.store import open_store
from tests.unit.audit import samples
from tests.unit.audit.nights import Nights

SCHEMA = json.loads((content_dir("reports") / "diff" / "diff.schema.json").read_text("utf-8"))


@dataclass(frozen=True, slots=True)
class Printed:
    """What the command printed, and its exit code."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Workspace:
    """Nights in the database of a workspace."""

    folder: Path
    nights: Nights
    capsys: pytest.CaptureFixture[str]

    def diff(self, *arguments: str) -> Printed:
        """The command in this workspace."""
        code = run(["-w", str(self.folder), "diff", *arguments])
        printed = self.capsys.readouterr()
        return Printed(code, printed.out, printed.err)

    def document(self, *arguments: str) -> Any:
        """Its JSON, which the schema fits."""
        found = json.loads(self.diff(*arguments, "--format", "json").out)
        jsonschema.validate(found, SCHEMA)
        return found


@pytest.fixture
def workspace(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Workspace]:
    """With the few checks of the samples: reading all that ship takes longer than the test."""
    monkeypatch.setattr("secaudit.cli.diff.content_of", lambda _folder: samples.content())
    folder = tmp_path / "w"
    start_workspace(folder, "office", "en")
    with open_store(f"sqlite:///{folder}/secaudit.db") as store:
        yield Workspace(folder, Nights(store), capsys)


@pytest.mark.parametrize(
    ("ages", "down", "code"),
    [
        ((5, 5), (), ExitCode.CLEAN),
        ((12, 12), (), ExitCode.CLEAN),
        ((12, 5), (), ExitCode.CLEAN),
        ((5, 12), (), ExitCode.FINDINGS),
        ((5, 12), ("oa-2",), ExitCode.NOT_JUDGED),
        ((12, 5), ("oa-2",), ExitCode.NOT_JUDGED),
    ],
)
def test_the_exit_code_says_whether_it_got_worse(
    workspace: Workspace, ages: tuple[int, int], down: tuple[str, ...], code: ExitCode
) -> None:
    workspace.nights.run(ages[0])
    workspace.nights.run(ages[1], down=down)
    assert workspace.diff().code == code


def test_a_table_groups_and_counts(workspace: Workspace) -> None:
    first, second = workspace.nights.run(5), workspace.nights.run(12, down=("oa-2",))
    printed = workspace.diff(first, second)
    assert printed.err == ""
    lines = [" ".join(line.split()) for line in printed.out.splitlines()]
    assert lines[0] == "oa"
    assert lines[1].startswith(first)
    assert lines[2].startswith(f"→ {second}")
    assert "new medium text asset 1 1 oa-1" in lines
    assert "coverage lost not reached: not reachable asset 1 1 oa-2" in lines
    assert "2 verdicts compared: new 1, coverage lost 1" in lines


def test_a_table_of_nothing_says_so(workspace: Workspace) -> None:
    workspace.nights.run()
    workspace.nights.run()
    assert workspace.diff().out.splitlines()[-1] == "2 verdicts compared: no difference"


def test_json_and_csv_tell_the_same(workspace: Workspace) -> None:
    first, second = workspace.nights.run(12), workspace.nights.run(12, down=("oa-2",))
    (one,) = workspace.document("--only", "persisting,coverage_lost")["comparisons"]
    assert (one["before"]["run"], one["after"]["run"], one["ruled_alike"]) == (first, second, True)
    told = [(row["kind"], row["asset"], row["cause"], row["reason"]) for row in one["differences"]]
    assert told == [("persisting", "oa-1", None, None), ("coverage_lost", "oa-2", "world", "unreached")]
    assert one["counts"] == {
        **dict.fromkeys(one["counts"], 0),
        "persisting": 1,
        "coverage_lost": 1,
    }
    printed = workspace.diff("--only", "persisting,coverage_lost", "--format", "csv").out
    rows = list(csv.DictReader(StringIO(printed)))
    assert [(row["kind"], row["asset"], row["run_before"]) for row in rows] == [
        ("persisting", "oa-1", first),
        ("coverage_lost", "oa-2", first),
    ]


def test_what_is_not_listed_still_counts(workspace: Workspace) -> None:
    workspace.nights.run(5)
    workspace.nights.run(12)
    printed = workspace.diff("--only", "fixed", "--format", "json")
    (one,) = json.loads(printed.out)["comparisons"]
    assert (one["differences"], one["counts"]["new"], printed.code) == ([], 2, ExitCode.FINDINGS)


def test_names_choose_assets_and_checks(workspace: Workspace) -> None:
    workspace.nights.run(5)
    workspace.nights.run(12)
    (one,) = workspace.document("--asset", "oa-2", "--check", "linux.young")["comparisons"]
    assert [row["asset"] for row in one["differences"]] == ["oa-2"]
    assert (one["compared"], one["counts"]["new"]) == (1, 1)


def test_systems_are_compared_with_what_was_known_then(workspace: Workspace) -> None:
    """Parts of a system and runs that were cut short are not what was known of it."""
    nights = workspace.nights
    first = nights.run(12)
    nights.run(5, asked=Asked(assets=("oa-1",)))
    second = nights.run(12)
    nights.run(5, stop_after=1)
    last = nights.run(5)

    def pair(*arguments: str) -> tuple[str, str]:
        (one,) = workspace.document(*arguments)["comparisons"]
        return one["before"]["run"], one["after"]["run"]

    assert pair() == pair("--last") == pair("oa") == (second, last)
    assert pair("oa", "--since", "2026-11-25") == (first, last)
    assert pair("--since", "2026-11-27") == (second, last)
    assert pair("--since", first) == pair(first, "latest") == (first, last)


def test_a_day_before_all_runs_takes_the_first_and_says_so(workspace: Workspace) -> None:
    first, last = workspace.nights.run(12), workspace.nights.run(5)
    printed = workspace.diff("oa", "--since", "2020-01-01", "--format", "json")
    assert "oa had no whole run before 2020-01-01" in printed.err
    (one,) = json.loads(printed.out)["comparisons"]
    assert (one["before"]["run"], one["after"]["run"]) == (first, last)


def test_systems_audited_apart_are_compared_apart(workspace: Workspace) -> None:
    mail = samples.register(samples.system("mail"))
    workspace.nights.run(5)
    workspace.nights.run(5, register=mail)
    workspace.nights.run(12)
    printed = workspace.diff("--format", "json")
    assert "mail has no earlier whole run" in printed.err
    assert [one["systems"] for one in json.loads(printed.out)["comparisons"]] == [["oa"]]
    workspace.nights.run(12, register=mail)
    assert [one["systems"] for one in workspace.document()["comparisons"]] == [["mail"], ["oa"]]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("nothing",), "no run and no audited system nothing"),
        (("nothing", "latest"), "no run and no audited system nothing"),
        (("latest",), "Two runs are compared"),
        (("latest", "oa"), "Two runs are compared"),
        (("latest", "latest"), "compared with itself"),
        (("oa",), "oa has no earlier whole run"),
        ((), "No system has two whole runs"),
        (("--since", "yesterday"), "--since"),
        (("--since", "2026-11-25"), "No system has two whole runs"),
        (("--since", "2026-11-25", "--last"), "not both"),
        (("--only", "gone"), "known: regressed, new"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    workspace: Workspace, arguments: tuple[str, ...], told: str
) -> None:
    workspace.nights.run()
    printed = workspace.diff(*arguments)
    assert printed.code == ExitCode.USAGE
    assert told in printed.err


@pytest.mark.parametrize("arguments", [("--asset", "oa-9"), ("--check", "linux.yuong")])
def test_a_mistyped_name_is_no_empty_list(workspace: Workspace, arguments: tuple[str, ...]) -> None:
    workspace.nights.run()
    workspace.nights.run()
    printed = workspace.diff(*arguments)
    assert (printed.code, printed.out) == (ExitCode.USAGE, "")
    assert "Did you mean" in printed.err


def test_nothing_was_scanned(workspace: Workspace, tmp_path: Path) -> None:
    assert "Nothing was scanned yet" in workspace.diff().err
    start_workspace(tmp_path / "empty", "office", "en")
    assert run(["-w", str(tmp_path / "empty"), "diff"]) == ExitCode.USAGE
    assert not (tmp_path / "empty" / "secaudit.db").exists()
