"""A scan within the hours that were allowed: it stops starting visits when they end, and goes on in the next ones."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from secaudit.cli import visiting
from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.main import run
from secaudit.collect import visit_asset
from secaudit.model.evidence import Visit
from secaudit.register.times import in_zone
from tests.clocks import Clock
from tests.end_to_end import workspaces
from tests.ports import unused_port

pytestmark = pytest.mark.end_to_end


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """An hour into the window of three hours that the workspaces here allow."""
    return Clock(
        datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(days=1), monkeypatch
    )


def make(folder: Path, clock: Clock, zones: dict[str, str]) -> Path:
    """Assets that refuse, each in its zone; allowed every day from an hour ago for three hours, in zone a."""
    workspaces.make(folder, {name: unused_port() for name in zones}, authorised=False)
    file = folder / "systems" / "oa.yaml"
    text = file.read_text(encoding="utf-8")
    for name, zone in zones.items():
        text = text.replace(f"id: {name},", f"id: {name}, zone: {zone},")
    file.write_text(text, encoding="utf-8")
    start = in_zone(clock.now - timedelta(hours=1))
    window = f"daily {start:%H:%M}-{start + timedelta(hours=3):%H:%M}"
    given = [
        "--approver",
        "甲",
        "--document",
        "1号",
        "--until",
        "2999-12-31",
        "--zone",
        "a",
        "--window",
        window,
    ]
    assert run(["-w", str(folder), "authorise", "add", "--system", "oa", *given]) == 0
    return folder


def closes_after_the_first_visit(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the first asset is visited the window closes."""
    visit = visit_asset

    def visit_and_close(*arguments: Any, **named: Any) -> Visit:
        ended = visit(*arguments, **named)
        clock.later(hours=3)
        return ended

    monkeypatch.setattr(visiting, "visit_asset", visit_and_close)


def test_a_window_closes_in_the_middle_and_the_scan_goes_on_in_the_next(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = make(tmp_path / "w", clock, {"h1": "a", "h2": "a", "h3": "a"})
    opened, opens = clock.now, in_zone(clock.now - timedelta(hours=1) + timedelta(days=1))
    with monkeypatch.context() as patched:
        closes_after_the_first_visit(clock, patched)
        assert run(["-w", str(folder), "scan", "--jobs", "1"]) == ExitCode.NOT_JUDGED
    said = capsys.readouterr().err
    assert "stopped after 1 of 3 assets" in said
    assert f"opens at {opens:%Y-%m-%d %H:%M}" in said
    assert f"secaudit --workspace {folder} scan --resume" in said
    assert run(["-w", str(folder), "scan", "--resume"]) == ExitCode.USAGE
    assert f"opens at {opens:%Y-%m-%d %H:%M}" in capsys.readouterr().err
    assert run(["-w", str(folder), "scan"]) == ExitCode.USAGE
    clock.now = opened + timedelta(days=1)
    capsys.readouterr()
    assert run(["-w", str(folder), "scan", "--resume"]) == ExitCode.NOTHING_REACHED
    capsys.readouterr()
    run(["-w", str(folder), "results", "--format", "json"])
    rows = json.loads(capsys.readouterr().out)
    assert {row["asset"] for row in rows} == {"h1", "h2", "h3"}


def test_what_nobody_allowed_is_a_gap_with_its_next_step(
    tmp_path: Path, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = make(tmp_path / "w", clock, {"h1": "a", "h2": "b"})
    assert run(["-w", str(folder), "scan"]) == ExitCode.NOTHING_REACHED
    said = capsys.readouterr()
    assert "h2: not authorised: No authorisation to scan asset h2 of system oa is on record" in said.out
    assert (
        f"h2: to visit them too, have them allowed: secaudit --workspace {folder} authorise add" in said.out
    )
    run(["-w", str(folder), "results", "--format", "json", "--asset", "h2"])
    rows = json.loads(capsys.readouterr().out)
    assert {row["authorisation"] for row in rows} == {""}
    assert any("not authorised" in row["seen"] for row in rows)
    assert run(["-w", str(folder), "scan", "--asset", "h2"]) == ExitCode.USAGE
    assert "h2" in capsys.readouterr().err
