"""How far a scan is: one line an asset, with nothing of a target's in it that could draw."""

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from rich.console import Console

from secaudit.cli import progress
from secaudit.model.evidence import Gap, GapReason, Visit
from secaudit.model.result import Verdict
from tests.unit.assess import samples

VISIT = Visit("h1", samples.NOW, samples.NOW + timedelta(seconds=2.5), samples.NOW, "a", ())
RESULTS = [
    samples.result(verdict) for verdict in (Verdict.PASS, Verdict.FAIL, Verdict.PARTIAL, Verdict.UNKNOWN)
]


def test_a_visit_is_told_in_a_line() -> None:
    assert progress.told_of(VISIT, RESULTS) == "h1: 4 verdicts, 2 failed, 1 not judged (2.5 s)"


def test_an_unreached_asset_says_why() -> None:
    lost = replace(VISIT, gap=Gap(GapReason.AUTH_FAILED, "no key \x1b[2J"))
    assert progress.told_of(lost, []) == "not reached: h1: login failed: no key \\x1b[2J"
    assert progress.told_of(replace(VISIT, gap=Gap(GapReason.REFUSED)), []).strip().endswith("refused")


def test_elsewhere_each_asset_has_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    with progress.progress(2) as teller:
        teller(VISIT, RESULTS)
        teller(replace(VISIT, asset_id="h2"), [])
    said = capsys.readouterr()
    assert [line.split(":")[0] for line in said.err.splitlines()] == ["[1/2] h1", "[2/2] h2"]
    assert said.out == ""


def test_a_terminal_has_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Console(file=io.StringIO(), force_terminal=True, width=80, _environ={"TERM": "xterm"})
    monkeypatch.setattr(progress, "console", lambda stderr: screen)
    with progress.progress(2) as teller:
        teller(VISIT, RESULTS)
        assert isinstance(screen.file, io.StringIO)
    assert "h1: 4 verdicts" in screen.file.getvalue()
    assert "1/2" in screen.file.getvalue()
