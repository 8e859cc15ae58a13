"""A preflight that is broken off: what was seen until then is shown."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from secaudit.audit.preflight import AssetReport
from secaudit.cli import preflight
from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.main import run
from tests.end_to_end import workspaces


def interrupted(*_arguments: object) -> Iterator[AssetReport]:
    yield AssetReport("oa", "h1", True, ())
    raise KeyboardInterrupt


def test_what_was_seen_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = workspaces.make(tmp_path / "w", {"h1": 1, "h2": 1})
    monkeypatch.setattr(preflight, "look_ahead", interrupted)
    assert run(["-w", str(folder), "preflight"]) == ExitCode.INTERRUPTED
    said = capsys.readouterr().out
    assert "✓ h1  would be visited whole" in said
    assert "not looked at: 1" in said
