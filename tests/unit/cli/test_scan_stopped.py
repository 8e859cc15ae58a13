"""A scan whose permission ends: what was stored is told, and how to go on."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.main import run
from secaudit.cli.wiring import Workspace
from secaudit.errors import NotAuthorised
from secaudit.model.register import Asset, Authorisation
from tests.end_to_end import workspaces
from tests.ports import unused_port


def permission_ends_after(calls: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Allow that many visits."""
    left = iter(range(calls))
    now = datetime.now(UTC)

    def authorise(_self: Workspace, _system_id: str, _asset: Asset) -> Authorisation:
        if next(left, None) is None:
            raise NotAuthorised("test was revoked", hint="ask again")
        return Authorisation("test", ("oa",), "p", "d", now, now + timedelta(hours=1))

    monkeypatch.setattr(Workspace, "authorise", authorise)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return workspaces.make(tmp_path / "w", {name: unused_port() for name in ("h1", "h2", "h3")})


def test_what_was_visited_is_summed_up(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    permission_ends_after(1, monkeypatch)
    assert run(["-w", str(folder), "scan", "--jobs", "1"]) == ExitCode.NOT_JUDGED
    said = capsys.readouterr()
    assert "stopped after 1 of 3 assets: test was revoked" in said.err
    assert "→ ask again" in said.err
    assert f"secaudit --workspace {folder} scan --resume" in said.err
    assert "h1" in said.out
    assert "h2" not in said.out


def test_without_a_visit_there_is_no_summary(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    permission_ends_after(0, monkeypatch)
    assert run(["-w", str(folder), "scan"]) == ExitCode.NOT_JUDGED
    said = capsys.readouterr()
    assert "stopped after 0 of 3 assets" in said.err
    assert said.out == ""
