"""The list of commands is shown without importing any of them."""

import subprocess
import sys
from pathlib import Path

import click
import pytest

from secaudit.cli.commands import COMMANDS
from secaudit.cli.main import LazyGroup

DEAR = "pydantic sqlalchemy paramiko cel celpy lark univers openpyxl jinja2 rich.console"


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_in_the_list_is_that_of_the_command(name: str) -> None:
    command = LazyGroup().get_command(click.Context(click.Command("secaudit")), name)
    assert command is not None
    assert command.help == COMMANDS[name].help


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
