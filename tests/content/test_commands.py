"""The commands on content, from the command line to what is printed."""

import json
from pathlib import Path

import pytest

from secaudit.cli.content_source import content_of
from secaudit.cli.main import run

ID = "linux.patching.pending_security_updates"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Outside every workspace."""
    monkeypatch.chdir(tmp_path)


def test_lists_can_be_narrowed(capsys: pytest.CaptureFixture[str]) -> None:
    def ids(*options: str) -> set[str]:
        assert run(["checks", "list", "--format", "json", *options]) == 0
        return {row["id"] for row in json.loads(capsys.readouterr().out)}

    everything = ids()
    assert ID in everything
    assert ids("--kind", "linux") == everything
    assert ids("--kind", "windows") == set()
    assert ids("--advisory") | ids("--proving") == everything
    assert not ids("--advisory") & ids("--proving")
    assert ids("--level", "1") < everything


def test_the_table_tells_how_many(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["checks", "list", "--kind", "windows"]) == 0
    assert "0 checks" in capsys.readouterr().out


def test_show_tells_all_about_a_check(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["checks", "show", ID]) == 0
    shown = capsys.readouterr().out
    for part in (
        "proves",
        "L3-CES1-",
        "decides",
        "pass_when:",
        "probes",
        "remedy",
        "examples",
        "PASS:",
        "UNKNOWN:",
    ):
        assert part in shown
    assert "expected" not in shown.split("examples")[1]


def test_every_check_can_be_shown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    content = content_of(Path())  # read for each it would be nearly all that this test does
    monkeypatch.setattr("secaudit.cli.checks.content_of", lambda *_asked: content)
    assert run(["checks", "list", "--format", "json"]) == 0
    for row in json.loads(capsys.readouterr().out):
        assert run(["checks", "show", row["id"]]) == 0
        assert row["title"] in capsys.readouterr().out


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (["checks", "show", "linux.none"], "There is no check linux.none."),
        (["checks", "test", "linux.none"], "No check begins with linux.none."),
        (["checks", "new", "linux.a.b", "--fact", "none", "--content", "."], "There is no fact none."),
        (["checks", "new", "linux.a.b", "--fact", "os"], "It is not clear into which content folder"),
        (["checks", "new", "b", "--fact", "os", "--content", "."], "b is no id for a check."),
        (["requirements", "show", "nothing"], "There is no requirement nothing."),
    ],
)
def test_what_is_not_there_is_named_with_the_next_step(
    command: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(command) == 2
    complaint = capsys.readouterr().err
    assert message in complaint
    assert "→" in complaint


def test_a_new_check_passes_until_it_is_broken(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = ["--content", str(tmp_path / "own")]
    assert run(["checks", "new", "linux.own.first", "--fact", "os", *own]) == 0
    assert "linux/own/first.yaml" in capsys.readouterr().out
    assert run(["checks", "test", "linux.own", *own]) == 0
    assert "1 checks, 3 examples, 0 failed" in capsys.readouterr().out
    file = tmp_path / "own/checks/linux/own/first.yaml"
    good = file.read_text()
    file.write_text(good.replace("pass_when: os.id ==", "pass_when: os.id !="))
    assert run(["checks", "test", "linux.own", *own]) == 1
    failed = capsys.readouterr().out
    assert "checks/linux/own/first.yaml: as it should be: expected PASS, got FAIL" in failed
    assert "2 failed" in failed
    file.write_text(good.replace("os.id ==", "os.idd =="))
    assert run(["checks", "test", *own]) == 2
    assert "first.yaml:" in capsys.readouterr().err


def test_a_broken_check_of_a_workspace_folder_stops_every_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["init", str(tmp_path / "office")]) == 0
    settings = tmp_path / "office/secaudit.yaml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text + "\ncontent_folders: [own]\n", encoding="utf-8")
    broken = tmp_path / "office/own/checks/linux/own/broken.yaml"
    broken.parent.mkdir(parents=True)
    broken.write_text("title: 1\n")
    capsys.readouterr()
    assert run(["--workspace", str(tmp_path / "office"), "checks", "list"]) == 2
    assert f"{broken}:1: title" in capsys.readouterr().err


def test_requirements_of_a_level(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["requirements", "list", "--level", "3", "--format", "json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 211
    assert run(["requirements", "list", "--level", "4"]) == 0
    assert "228 requirements, 427 steps" in capsys.readouterr().out
    assert run(["requirements", "list", "--level", "5"]) == 2


def test_a_requirement_by_key_and_by_unit(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["requirements", "show", "ces.authentication.a"]) == 0
    shown = capsys.readouterr().out
    assert [f"L{level}-CES1-01" in shown for level in (1, 2, 3, 4)] == [True] * 4
    assert "check: linux.identity.no_empty_password" in shown
    assert run(["requirements", "show", "L3-CES1-01"]) == 0
    assert "L4-CES1-01" not in capsys.readouterr().out


def test_coverage_adds_up(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["requirements", "coverage", "--level", "3", "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert len(rows) == 392
    assert {row["state"] for row in rows} <= {"machine", "part", "person", "no_check"}
    assert run(["requirements", "coverage", "--level", "3"]) == 0
    assert "392  steps" in capsys.readouterr().out
