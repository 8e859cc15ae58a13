"""Plug-ins that break, each in its own way: what depends on them is UNKNOWN and says why; nothing else is touched."""

import json
from pathlib import Path
from typing import Any

import pytest

from secaudit.cli.exit_codes import ExitCode
from tests.end_to_end import workspaces
from tests.end_to_end.workspaces import Printed
from tests.plugins.installed import environment, secaudit

pytestmark = pytest.mark.end_to_end

SYSTEM = """\
id: oa
name: 办公系统
organisation: office
grade: S3A3G3
profile: quick
assets:
  - {id: here, kind: linux, name: 本机, reach: {transport: local}}
  - {id: a-quits, kind: linux, name: 甲, reach: {transport: quits}}
  - {id: a-raises, kind: linux, name: 乙, reach: {transport: raises}}
  - {id: a-babbles, kind: linux, name: 丙, reach: {transport: babbles}}
"""
STATES = {
    ("transports", "none"): "the name none is one of secaudit's own",
    ("transports", "quits"): "SystemExit: I want to be the program",
    ("facts", "needs_more"): "ModuleNotFoundError: No module named 'secaudit_no_such_library'",
    ("facts", "no_fact"): "FactPlugin expected, this is str",
    ("facts", "old_fact"): "it was written for version 0 of the plug-in API, this secaudit has 1",
    ("facts", "kernel"): "the name kernel is one of secaudit's own",
    ("facts", "host_name"): "has the same name",
    ("checks", "old"): "it was written for version 99 of the plug-in API, this secaudit has 1",
    ("checks", "taken"): "check linux.access.umask is there already",
    ("checks", "lost"): "secaudit_broken.lost is no package with a folder checks",
    ("checks", "broken"): "checks/linux/broken/no_yaml.yaml:2: not valid YAML",
    ("formats", "gone"): "AttributeError: module 'secaudit_broken.formats' has no attribute 'GONE'",
    ("formats", "html"): "the name html is one of secaudit's own",
}
# check → what its verdict says beside the name of the plug-in
UNKNOWN = {
    "linux.broken.needs_more": "No module named 'secaudit_no_such_library'",
    "linux.broken.no_fact": "FactPlugin expected",
    "linux.broken.old_fact": "version 0",
    "linux.broken.stumbles": "ValueError (facts.py:",
    "linux.broken.misshapen": "its value does not have its shape: value.size: int",
    "linux.broken.shy": "KeyError (facts.py:",
    "linux.broken.wrong_type": "kernel",
    "linux.broken.no_yaml": "not valid YAML",
    "linux.broken.beside": "check linux.access.umask is there already",
    "linux.old.one": "version 99",
    "linux.example.host_name": "has the same name",
}


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return environment(tmp_path_factory.mktemp("broken"), "example", "broken")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = workspaces.make(tmp_path_factory.mktemp("scan") / "w", {"here": 0})
    (folder / "systems/oa.yaml").write_text(SYSTEM, "utf-8")
    return folder


@pytest.fixture(scope="module")
def told(python: Path, workspace: Path) -> Printed:
    return secaudit(python, workspace, "-v", "scan")


@pytest.fixture(scope="module")
def results(python: Path, workspace: Path, told: Printed) -> list[dict[str, Any]]:
    assert told.code == ExitCode.NOT_JUDGED, told
    rows: list[dict[str, Any]] = json.loads(secaudit(python, workspace, "results", "--format", "json").out)
    return rows


def test_the_list_names_each_and_why(python: Path, workspace: Path) -> None:
    listed = secaudit(python, workspace, "plugins", "list", "--format", "json")
    assert listed.code == ExitCode.USAGE
    broken = {(row["group"], row["name"]): row["reason"] for row in json.loads(listed.out) if row["reason"]}
    assert broken.keys() == STATES.keys()
    for plugin, reason in STATES.items():
        assert reason in broken[plugin]


def test_no_row_is_missing(results: list[dict[str, Any]]) -> None:
    for asset in ("here", "a-quits", "a-raises", "a-babbles"):
        owed = {row["check"] for row in results if row["asset"] == asset}
        assert owed >= UNKNOWN.keys()
        assert len(owed) > 50


@pytest.mark.parametrize("check", UNKNOWN)
def test_a_check_that_depends_on_one_says_why(results: list[dict[str, Any]], check: str) -> None:
    (row,) = [row for row in results if (row["asset"], row["check"]) == ("here", check)]
    assert row["verdict"] == "UNKNOWN"
    assert "plug-in is broken" in row["seen"]
    assert "secaudit-" in row["seen"]
    assert UNKNOWN[check] in row["seen"]
    assert "\n" not in row["seen"]


@pytest.mark.parametrize(
    ("asset", "why"),
    [
        ("a-quits", "secaudit.transports: quits: SystemExit: I want to be the program"),
        ("a-raises", "secaudit.transports: raises: RuntimeError (transports.py:"),
        ("a-babbles", "secaudit.transports: babbles: TypeError (transports.py:"),
    ],
)
def test_an_asset_of_a_broken_transport_is_a_gap(
    results: list[dict[str, Any]], told: Printed, asset: str, why: str
) -> None:
    rows = [row for row in results if row["asset"] == asset]
    assert {row["verdict"] for row in rows} <= {"UNKNOWN", "MANUAL"}  # no data set is declared: a person's
    ours = [row["seen"] for row in rows if row["verdict"] == "UNKNOWN" and row["check"] not in UNKNOWN]
    assert len(ours) > 40
    assert all("plug-in is broken" in seen and why in seen for seen in ours)
    assert f"✗ {asset}: plug-in secaudit-broken 0.1, {why}" in told.out


def test_what_does_not_depend_on_one_is_judged(results: list[dict[str, Any]]) -> None:
    here = {row["check"]: row["verdict"] for row in results if row["asset"] == "here"}
    assert here["linux.access.umask"] in ("PASS", "FAIL", "PARTIAL")
    assert {"PASS", "FAIL"} <= set(here.values())


def test_the_summary_names_the_broken(told: Printed) -> None:
    assert "Broken plug-ins" in told.out
    assert "✗ secaudit-broken 0.1, secaudit.checks: lost:" in told.out
    assert "mend the plug-in of their transport" in told.out


def test_what_an_error_quotes_is_kept_nowhere(
    told: Printed, workspace: Path, results: list[dict[str, Any]]
) -> None:
    assert "hunter2-canary" not in told.out + told.err
    assert "hunter2-canary" not in json.dumps(results)
    assert b"login failed with" not in (workspace / "secaudit.db").read_bytes()


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("bad", "secaudit.formats: bad: ZeroDivisionError: no such number"),
        ("text", "secaudit.formats: text: TypeError: bytes expected, this is str"),
        ("gone", "secaudit.formats: gone: AttributeError"),
    ],
)
def test_other_formats_are_written_all_the_same(
    python: Path, workspace: Path, told: Printed, tmp_path: Path, name: str, why: str
) -> None:
    report = secaudit(python, workspace, "report", "--format", f"{name},html,json", "--out", str(tmp_path))
    assert report.code == ExitCode.USAGE
    assert why in report.err
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".html", ".json"]
    (view,) = (json.loads(path.read_text("utf-8")) for path in tmp_path.glob("*.json"))
    broken = {plugin["name"] for plugin in view["document"]["versions"]["plugins"] if plugin["reason"]}
    assert broken == {name for group, name in STATES if group != "formats"}
    (page,) = (path.read_text("utf-8") for path in tmp_path.glob("*.html"))
    assert "secaudit_broken.lost is no package with a folder checks" in page.replace("&#39;", "'")


def test_a_run_is_judged_again_once_its_plugins_are_others(
    workspace: Path, told: Printed, tmp_path: Path
) -> None:
    file = workspace / "systems/oa.yaml"
    file.write_text(SYSTEM.split("  - {id: a-quits")[0], "utf-8")
    try:
        report = workspaces.secaudit(workspace, "report", "--out", str(tmp_path))
        assert report.code == ExitCode.USAGE
        assert "was judged with other checks" in report.err
        again = workspaces.secaudit(workspace, "judge", "latest")
        assert "no longer planned" in again.err
        assert workspaces.secaudit(workspace, "report", "--out", str(tmp_path)).code == 0
    finally:
        file.write_text(SYSTEM, "utf-8")
