"""The list of commands is shown without importing any of them."""

import subprocess
import sys
from pathlib import Path

import click
import pytest

from secaudit.cli.commands import COMMANDS
from secaudit.cli.main import LazyGroup, run
from secaudit.cli.report import report
from secaudit.cli.typed import typed_for
from secaudit.register.adding import RESERVED

DEAR = "pydantic sqlalchemy paramiko cel celpy lark univers openpyxl jinja2 rich.console"


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_in_the_list_is_that_of_the_command(name: str) -> None:
    command = LazyGroup().get_command(click.Context(click.Command("secaudit")), name)
    assert command is not None
    assert command.help == COMMANDS[name].help


def test_the_parts_of_report_are_listed_and_no_new_system_is_called_like_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert sorted(report.parts) == sorted(RESERVED)
    assert run(["report", "--help"]) == 0
    told = capsys.readouterr().out.partition("Commands:")[2].split()
    assert set(report.parts) <= set(told)


def imported(*arguments: str) -> set[str]:
    """The libraries among DEAR that a command has loaded."""
    look = f"import sys; from secaudit.cli.main import run; run({list(arguments)!r}); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split()) & set(DEAR.split())


def test_help_imports_no_library() -> None:
    assert imported("--help") == set()


def test_the_list_of_checks_needs_no_connection_and_no_parser() -> None:
    assert not imported("checks", "list") & {"paramiko", "celpy", "lark", "univers", "openpyxl"}


def test_the_register_needs_no_spreadsheets(tmp_path: Path) -> None:
    imported("init", str(tmp_path / "w"))
    assert not imported("--workspace", str(tmp_path / "w"), "system", "list") & {
        "paramiko",
        "celpy",
        "openpyxl",
    }


@pytest.mark.parametrize(
    ("hint", "typed"),
    [
        ("Scan again: secaudit scan", "Scan again: secaudit --workspace '/srv/a b' scan"),
        ("重新扫描：secaudit scan", "重新扫描：secaudit --workspace '/srv/a b' scan"),
        ("secaudit --workspace /srv/c doctor", "secaudit --workspace /srv/c doctor"),
        ("Make one with: secaudit init DIR", "Make one with: secaudit init DIR"),
        ("Upgrade secaudit and restore it then", "Upgrade secaudit and restore it then"),
        ("Correct secaudit.yaml", "Correct secaudit.yaml"),
    ],
)
def test_a_hint_names_the_workspace_that_it_is_of(hint: str, typed: str) -> None:
    assert typed_for(Path("/srv/a b"), hint) == typed
    assert typed_for(Path(), hint) == hint


def test_an_error_tells_a_command_that_can_be_typed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "w"
    assert run(["init", str(folder)]) == 0
    assert run(["-w", str(folder), "diff"]) == 2
    assert f"secaudit --workspace {folder} scan" in capsys.readouterr().err
