"""``nightly`` as a test calls it, what it goes through, and what it left."""

import json
from pathlib import Path
from typing import Any

import pytest

from secaudit.cli.main import run
from secaudit.model.run import RunState
from secaudit.store import open_store

ALLOWED = """\
id: test
systems: [oa]
approver: test
document: test
valid_from: 2026-01-01
valid_until: 2030-12-31
"""
STAGES = [
    "workspace",
    "scan",
    "judge",
    "findings",
    "assess",
    "reports",
    "ledger",
    "packages",
    "notices",
    "retention",
    "backup",
]


def nightly(folder: Path, *arguments: str) -> int:
    return run(["-w", str(folder), "nightly", *arguments])


def status(folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[dict[str, Any]]]:
    capsys.readouterr()
    code = nightly(folder, "--status", "--format", "json")
    rows: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return code, rows


def runs(folder: Path) -> list[RunState]:
    with open_store(f"sqlite:///{folder}/secaudit.db") as store:
        return [run.state for run in store.runs()]
