"""What preflight prints: as a table, as JSON, as CSV."""

import csv
import io
import json
from functools import partial

import pytest

from secaudit import language
from secaudit.audit.findings import Finding, Topic, Weight, as_root, here, person
from secaudit.audit.preflight import AssetReport
from secaudit.cli.preflight_show import Sight, show, told_of
from tests.unit.store import samples

KEY = Finding(
    Weight.BLOCKS,
    Topic.HOST_KEY,
    "h1 (192.0.2.1 port 22): unknown host key \x1b[2J" + "long " * 30,
    (as_root("ssh-keygen -lf key"), here("secaudit hostkeys trust h1"), person("Compare.")),
)
ROOT = Finding(Weight.LACKS, Topic.SUDO, "no root", (), ("a.b", "a.c", "a.d", "a.e"))
NOTE = Finding(Weight.NOTE, Topic.SHELL, "noise")
DISK = Finding(Weight.BLOCKS, Topic.DISK, "=full")

show_table = partial(show, output_format="table", command=lambda arguments: f"secaudit {arguments}")


def sight(*reports: AssetReport, workspace: tuple[Finding, ...] = ()) -> Sight:
    return Sight(samples.plan(), list(workspace), list(reports), {"h2": 3.6})


def report(name: str, *findings: Finding, reached: bool = True) -> AssetReport:
    return AssetReport("oa", name, reached, findings)


def test_each_asset_has_a_line_and_below_it_what_mends_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    show_table(sight(report("h2", NOTE), report("h1", KEY, ROOT, reached=False)))
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["Workspace", "✓ nothing is wrong on this side"]
    assert lines[4] == "✗ h1  would not be visited: host key"
    assert lines[5].startswith("    host key: h1 (192.0.2.1 port 22): unknown host key")
    assert "\\x1b[2J" in "".join(lines)
    assert "      → on h1, as root: ssh-keygen -lf key" in lines
    assert "      → here: secaudit hostkeys trust h1" in lines
    assert "      → Compare." in lines
    assert "(up to 4 checks UNKNOWN: a.b, a.c, a.d …)" in " ".join(map(str.strip, lines))
    assert "✓ h2  would be visited whole; its last visit took 4 s" in lines
    assert "Assets: 2. Would be visited whole: 1, in part: 0, not: 1;" in " ".join(lines)
    assert max(map(len, lines[:-1])) <= 60


def test_a_command_is_never_broken(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    long = "echo " + "x" * 100
    show_table(sight(report("h1", Finding(Weight.LACKS, Topic.SUDO, "no", (as_root(long),)))))
    assert long in capsys.readouterr().out


def test_the_next_step_depends_on_what_was_found(capsys: pytest.CaptureFixture[str]) -> None:
    show_table(sight(report("h1"), report("h2", NOTE)))
    assert "scan them: secaudit scan" in capsys.readouterr().out
    show_table(sight(report("h1", ROOT), report("h2")))
    assert "look again: secaudit preflight --asset h1\n" in capsys.readouterr().out
    show_table(sight(workspace=(DISK,)))
    told = capsys.readouterr().out
    assert "✗   disk: =full" in told
    assert "look again: secaudit preflight\n" in told
    assert "not looked at: 2" in told


def test_as_data(capsys: pytest.CaptureFixture[str]) -> None:
    show(sight(report("h1", KEY, reached=False), report("h2"), workspace=(DISK,)), "json", str)
    told = json.loads(capsys.readouterr().out)
    assert [finding["topic"] for finding in told["workspace"]] == ["disk"]
    first, second = told["assets"]
    assert (first["asset"], first["state"], first["reached"]) == ("h1", "not", False)
    assert first["findings"][0]["fixes"][1] == {"where": "here", "text": "secaudit hostkeys trust h1"}
    assert second == {
        "system": "oa",
        "asset": "h2",
        "state": "whole",
        "reached": True,
        "last_visit_s": 3.6,
        "findings": [],
    }


def test_as_csv_a_row_a_finding_and_formula_safe(capsys: pytest.CaptureFixture[str]) -> None:
    show(sight(report("h1", ROOT, NOTE), report("h2"), workspace=(DISK,)), "csv", str)
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [(row["asset"], row["state"], row["topic"]) for row in rows] == [
        ("", "", "disk"),
        ("h1", "part", "sudo"),
        ("h1", "part", "shell"),
        ("h2", "whole", ""),
    ]
    assert rows[0]["problem"] == "'=full"


def test_one_line_about_an_asset() -> None:
    assert told_of(report("h1", KEY)) == "h1: would not be visited: host key"
    language.use("zh")
    assert told_of(report("h1", ROOT)) == "h1：只能部分采集"
