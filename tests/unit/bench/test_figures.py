"""The arithmetic of the bench; what it measures is measured by ``make bench``."""

import sys
import time
from pathlib import Path

import pytest

from bench import __main__ as bench
from bench.figures import NotHere, Row, Target
from bench.peers.race import _playbook, _questions
from bench.timing import in_turn, program
from secaudit.model.evidence import Probe


@pytest.mark.parametrize(
    ("target", "value", "met"),
    [
        (Target(1.3), 1.3, True),
        (Target(1.3), 1.31, False),
        (Target(30, at_least=True), 30, True),
        (Target(30, at_least=True), 29.9, False),
    ],
)
def test_a_target_is_a_bound(target: Target, value: float, met: bool) -> None:
    assert target.met(value) is met


def test_a_row_says_whether_its_target_is_met() -> None:
    kept = Row("a visit", "8 ms", "bare: 7 ms", 8 / 7, Target(1.3))
    missed = Row("a visit", "2 s", "theirs: 40 s", 20, Target(30, at_least=True))
    assert kept.shown() == "| a visit | 8 ms | bare: 7 ms | 1.14 × | ≤ 1.3 × | yes |"
    assert missed.shown() == "| a visit | 2 s | theirs: 40 s | 20 × | ≥ 30 × | **no** |"


def test_sides_take_turns_and_the_first_round_does_not_count() -> None:
    done: list[str] = []
    ours, other = in_turn(lambda: done.append("ours"), lambda: done.append("other"), 2)
    assert done == ["ours", "other"] * 3
    assert ours.wall_s >= 0 <= other.cpu_s


def test_a_program_is_charged_for_what_it_takes(tmp_path: Path) -> None:
    begun = time.monotonic()
    ended = program([sys.executable, "-c", "print('x' * 50_000_000)"], tmp_path)
    assert ended.code == 0
    assert ended.peak_bytes > 50_000_000
    assert 0 < ended.wall_s <= time.monotonic() - begun
    assert (tmp_path / "output").stat().st_size == 50_000_001


def test_a_figure_that_cannot_be_taken_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere() -> tuple[Row, ...]:
        raise NotHere("no lab")

    monkeypatch.setitem(bench.ALONE, "memory", nowhere)
    assert list(bench.lines(["memory"]))[2:] == ["| memory | not taken: no lab | | | | |"]


def test_an_unknown_figure_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["speed"]) == 2
    assert "no figure speed; there are: visit, scan" in capsys.readouterr().err


def test_questions_are_asked_again_until_there_are_enough() -> None:
    asked = _questions([Probe("os", "uname"), Probe("ids", "id", root=True)])
    assert len(asked) == 50
    assert [probe.command.splitlines()[-1] for probe in asked[:3]] == ["uname", "id", "uname"]
    assert len({probe.id for probe in asked}) == 50


def test_ansible_takes_no_question_for_a_template() -> None:
    assert "cmd: !unsafe 'echo {{ x }}'" in _playbook([Probe("braces", "echo {{ x }}")])
