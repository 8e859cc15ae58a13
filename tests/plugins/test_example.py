"""A third party's package with a plug-in of each kind, installed by pip: from the register to the report."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from secaudit.cli.exit_codes import ExitCode
from secaudit.content.folder import content_dir
from tests.end_to_end import workspaces
from tests.end_to_end.workspaces import secaudit as without_plugins
from tests.plugins.installed import environment, secaudit

pytestmark = pytest.mark.end_to_end

ASSETS = """\
id: oa
name: 办公系统
organisation: office
grade: S3A3G3
profile: quick
assets:
  - {id: here, kind: linux, name: 本机, reach: {transport: gently}}
  - {id: switch, kind: network-device, name: 交换机, address: 127.0.0.1, reach: {transport: gently}}
"""


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return environment(tmp_path_factory.mktemp("example"), "example")


@pytest.fixture(scope="module")
def scanned(python: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = workspaces.make(tmp_path_factory.mktemp("scan") / "w", {"here": 0})
    (folder / "systems/oa.yaml").write_text(ASSETS, "utf-8")
    settings = folder / "secaudit.yaml"
    settings.write_text(settings.read_text("utf-8") + "\nplugins: {require: [Secaudit_Example]}\n", "utf-8")
    told = secaudit(python, folder, "scan")
    assert told.code in (ExitCode.FINDINGS, ExitCode.NOT_JUDGED), told
    assert "Broken" not in told.out
    return folder


def test_what_is_installed_is_listed(python: Path, scanned: Path) -> None:
    told = secaudit(python, scanned, "plugins", "list", "--format", "csv")
    assert told.code == 0
    assert told.out.splitlines() == [
        "group,name,package,version,state,reason",
        "transports,gently,secaudit-example,1.0,ready,",
        "facts,host_name,secaudit-example,1.0,ready,",
        "checks,example,secaudit-example,1.0,ready,",
        "formats,md,secaudit-example,1.0,ready,",
    ]


def test_its_checks_are_tested_as_ours_are(python: Path, scanned: Path) -> None:
    told = secaudit(python, scanned, "checks", "test", "linux.example", "network-device")
    assert (told.code, told.out) == (0, "2 checks, 6 examples, 0 failed\n")


def test_its_transport_asks_ours_and_its_own_questions(python: Path, scanned: Path) -> None:
    told = secaudit(python, scanned, "results", "--format", "json")
    verdicts = {(row["asset"], row["check"]): row["verdict"] for row in json.loads(told.out)}
    assert verdicts["here", "linux.example.host_name"] == "PASS"
    assert verdicts["switch", "network-device.example.host_name"] == "PASS"
    ours = [
        verdict for (asset, check), verdict in verdicts.items() if asset == "here" and "example" not in check
    ]
    assert len(ours) > 40
    assert "PASS" in ours
    assert "FAIL" in ours


def test_its_format_stands_beside_ours(python: Path, scanned: Path, tmp_path: Path) -> None:
    told = secaudit(python, scanned, "report", "--format", "md,json,html", "--out", str(tmp_path))
    assert told.code == 0, told
    files = {Path(line).suffix: Path(line) for line in told.out.splitlines()}
    assert sorted(files) == [".html", ".json", ".md"]
    assert files[".md"].stat().st_mode & 0o077 == 0
    assert "等级保护自查报告" in files[".md"].read_text("utf-8")
    view = json.loads(files[".json"].read_text("utf-8"))
    schema = json.loads((content_dir("reports") / "self-assessment/view.schema.json").read_text("utf-8"))
    assert list(Draft202012Validator(schema).iter_errors(view)) == []
    plugins = view["document"]["versions"]["plugins"]
    assert [(plugin["group"], plugin["state"]) for plugin in plugins] == [
        ("transports", "ready"), ("facts", "ready"), ("checks", "ready"),
    ]  # fmt: skip
    assert {asset["channel"]["transport"] for asset in view["assets"]} == {"gently"}
    assert "secaudit-example 1.0" in files[".html"].read_text("utf-8")


def test_a_plan_names_its_commands(python: Path, scanned: Path) -> None:
    told = secaudit(python, scanned, "plan")
    assert "(gently 127.0.0.1, sudo: none)" in told.out
    assert "      uname -n" in told.out


def test_without_the_plugins_nothing_is_quietly_left_out(scanned: Path) -> None:
    told = without_plugins(scanned, "scan")
    assert told.code == ExitCode.USAGE
    assert "one of none, local, ssh, bundle expected" in told.err
    (scanned / "systems/oa.yaml").rename(scanned / "oa.yaml")
    try:
        told = without_plugins(scanned, "checks", "list")
        assert told.code == ExitCode.USAGE
        assert "requires plug-ins that are not installed: Secaudit_Example" in told.err
    finally:
        (scanned / "oa.yaml").rename(scanned / "systems/oa.yaml")


def test_a_mistyped_transport_is_told_what_is_near(python: Path, scanned: Path) -> None:
    file = scanned / "systems/oa.yaml"
    file.write_text(ASSETS.replace("gently", "gentle"), "utf-8")
    try:
        told = secaudit(python, scanned, "system", "validate")
        assert told.code == ExitCode.USAGE
        assert (
            "one of none, local, ssh, bundle, gently expected; did you mean: gently (read: 'gentle')"
            in told.err
        )
    finally:
        file.write_text(ASSETS, "utf-8")
