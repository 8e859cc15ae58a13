"""The summary of a scan: its exit code, its sums, and that no target draws on the terminal."""

import io
from dataclasses import replace
from datetime import date

import pytest
from rich.console import Console

from secaudit.assess.acceptances import Cover
from secaudit.cli import words
from secaudit.cli.accepted import Covers, nothing_covers
from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.summary import show_summary
from secaudit.cli.tally import tally_of
from secaudit.model.acceptance import AcceptanceKind
from secaudit.model.content import Check, Severity
from secaudit.model.evidence import Gap, GapReason
from secaudit.model.result import Offender, Result, Verdict
from secaudit.model.run import AssetRecord, PluginVersion, RunState
from secaudit.model.text import Text
from tests.unit.assess import samples

HOSTILE = "\x1b[2J\x07\u202eevil\x00[bold]not ours[/bold]"


def check(name: str, severity: Severity = Severity.MEDIUM, *, advisory: bool = False) -> Check:
    """A check of that severity."""
    text = samples.TEXT
    return Check(name, text, severity, "linux", ("os",), text, advisory=advisory)


CHECKS = {
    one.id: one for one in (check("a", Severity.LOW, advisory=True), check("b", Severity.HIGH), check("c"))
}


def record(
    words: str, asset: str = "h1", gap: Gap | None = None, offenders: tuple[Offender, ...] = ()
) -> AssetRecord:
    """An asset whose checks a, b, c … have these verdicts."""
    results = tuple(
        Result(
            name,
            asset,
            asset,
            Verdict(word),
            offenders if word == "FAIL" else (),
            Gap(GapReason.NEEDS_ROOT) if word == "UNKNOWN" else None,
        )
        for name, word in zip("abcdef", words.split(), strict=False)
    )
    return AssetRecord(asset, samples.NOW, samples.NOW, None, "x", gap, {}, results)


def shown(*records: AssetRecord, width: int = 160) -> str:
    """The summary of these assets."""
    stream = io.StringIO()
    tally = tally_of(records, CHECKS)
    screen = Console(file=stream, width=width, highlight=False)
    show_summary(screen, "r1", tally, tally.verdicts.total(), ["do this"])
    return stream.getvalue()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("PASS PASS", ExitCode.CLEAN),
        ("PASS MANUAL NOT_APPLICABLE", ExitCode.CLEAN),
        ("PASS FAIL", ExitCode.FINDINGS),
        ("PARTIAL", ExitCode.FINDINGS),
        ("FAIL UNKNOWN", ExitCode.NOT_JUDGED),
        ("UNKNOWN MANUAL", ExitCode.NOT_JUDGED),
    ],
)
def test_exit_codes(words: str, code: ExitCode) -> None:
    assert tally_of([record(words)], CHECKS).exit_code == code


def test_what_is_accepted_moves_the_exit_code_alone() -> None:
    cover = Cover(AcceptanceKind.RISK, date(2027, 3, 1), ("oa-1",))
    on_h1: Covers = lambda result: cover if result.asset_id == "h1" else None  # noqa: E731
    records = [record("FAIL PARTIAL PASS"), record("PASS FAIL PASS", "h2")]
    for covers, several, code, accepted in (
        (on_h1, records, ExitCode.FINDINGS, 2),
        (on_h1, records[:1], ExitCode.CLEAN, 2),
        (on_h1, [record("FAIL UNKNOWN")], ExitCode.NOT_JUDGED, 1),
        (nothing_covers, records[:1], ExitCode.FINDINGS, 0),
    ):
        tally = tally_of(several, CHECKS, covers=covers)
        assert (tally.exit_code, tally.accepted) == (code, accepted)
        assert tally.verdicts == tally_of(several, CHECKS).verdicts
    stream = io.StringIO()
    show_summary(Console(file=stream, width=160), "r1", tally_of(records, CHECKS, covers=on_h1), 6, [])
    assert "1 of 2 accepted or deferred, until 2027-03-01" in stream.getvalue()
    assert "2 accepted or deferred, the first until 2027-03-01" in stream.getvalue()
    assert "✗ high" in stream.getvalue()
    assert "accepted" not in shown(*records)


def test_weak_algorithms_are_named() -> None:
    weak = replace(record("PASS", "old-1"), channel={"weak_algorithms": f"aes128-cbc{HOSTILE}"})
    text = shown(weak, record("PASS", "new-1"))
    assert "Visited by weak SSH algorithms" in text
    assert "  ! old-1: aes128-cbc" in text
    assert "\x1b" not in text
    assert "! new-1" not in text
    assert "Visited by weak" not in shown(record("PASS", "new-1"))


def test_nothing_reached_has_a_code_of_its_own() -> None:
    down = Gap(GapReason.REFUSED)
    lost, reached = record("UNKNOWN", "h1", down), record("PASS", "h2")
    assert tally_of([lost], CHECKS).exit_code == ExitCode.NOTHING_REACHED
    assert tally_of([lost, reached], CHECKS).exit_code == ExitCode.NOT_JUDGED
    assert tally_of([], CHECKS).exit_code == ExitCode.CLEAN


def test_a_plugin_whose_checks_are_broken_may_owe_more_than_anybody_knows() -> None:
    ready = PluginVersion("checks", "disk", "theirs", "1.0")
    clean = record("PASS PASS PASS")
    for group, code in (
        ("checks", ExitCode.NOT_JUDGED),
        ("facts", ExitCode.CLEAN),
        ("transports", ExitCode.CLEAN),
    ):
        broken = replace(ready, group=group, reason="no folder")
        assert tally_of([clean], CHECKS, [broken]).exit_code == code
    assert tally_of([clean], CHECKS, [ready]).exit_code == ExitCode.CLEAN


def test_broken_plugins_are_named() -> None:
    broken = PluginVersion("facts", "disk", "theirs", "1.0", "no module \x1b[2J")
    stream = io.StringIO()
    show_summary(Console(file=stream, width=160), "r1", tally_of([record("PASS")], CHECKS, [broken]), 1, [])
    assert "Broken plug-ins" in stream.getvalue()
    assert r"✗ theirs 1.0, secaudit.facts: disk: no module \x1b[2J" in stream.getvalue()


def test_the_gravest_problem_comes_first() -> None:
    tally = tally_of([record("FAIL PARTIAL FAIL"), record("PASS FAIL FAIL", "h2")], CHECKS)
    assert [problem.check.id for problem in tally.by_severity()] == ["b", "c", "a"]
    assert [problem.partial for problem in tally.by_severity()] == [False, False, False]
    assert tally.problems["b"].objects == ["h1", "h2"]


def test_planned_is_the_sum_of_verdicts() -> None:
    said = shown(record("PASS FAIL UNKNOWN MANUAL"), record("PASS PASS", "h2"))
    line = (
        "Run r1: 6 verdicts planned = 3 PASS + 0 PARTIAL + 1 FAIL + 0 NOT_APPLICABLE + 1 UNKNOWN + 1 MANUAL"
    )
    assert line in said.splitlines()


def test_a_missing_verdict_is_our_bug() -> None:
    with pytest.raises(AssertionError, match="planned"):
        show_summary(Console(file=io.StringIO()), "r1", tally_of([record("PASS")], CHECKS), 2, [])


def test_all_parts_are_there() -> None:
    said = shown(
        record("FAIL UNKNOWN", offenders=(Offender("root", Text("永不过期", "never"), Text("90", "90")),)),
        record("UNKNOWN", "h2", Gap(GapReason.REFUSED, "port 22")),
    )
    for part in (
        "Problems",
        "(good practice)",
        "root: never",
        "needs root",
        "✗ h2: connection refused: port 22",
    ):
        assert part in said, part
    assert "→ do this" in said


def test_a_command_stays_on_one_line() -> None:
    stream, step = io.StringIO(), "secaudit " + "--asset web " * 20
    show_summary(Console(file=stream, width=60), "r1", tally_of([record("PASS")], CHECKS), 1, [step])
    assert f"→ {step}" in stream.getvalue()


def test_a_clean_run_shows_no_empty_parts() -> None:
    said = shown(record("PASS PASS"))
    assert "Problems" not in said
    assert "Not judged" not in said
    assert "Not reached" not in said


def test_many_offenders_and_places_are_counted() -> None:
    several = tuple(Offender(f"user{n}", Text("x", "x"), Text("y", "y")) for n in range(9))
    said = shown(*(record("PASS FAIL", f"h{n}", offenders=several) for n in range(9)))
    assert "… and 78 more" in said
    assert "h0, h1, h2, h3, h4, h5 and 3 more" in said


@pytest.mark.parametrize("width", [40, 80, 200])
def test_what_a_target_says_does_not_draw(width: int) -> None:
    hostile = Offender(HOSTILE, Text(HOSTILE, HOSTILE), Text(HOSTILE, HOSTILE))
    said = shown(
        record("FAIL", HOSTILE, offenders=(hostile,)),
        record("UNKNOWN", "h2", Gap(GapReason.REFUSED, HOSTILE)),
        width=width,
    )
    assert not set(said) & {"\x1b", "\x07", "\x00", "\u202e"}
    if width == 200:
        assert "[bold]not ours" in said


def test_every_word_is_there() -> None:
    assert set(words.gap_words()) == set(GapReason)
    assert len(set(words.gap_words().values())) == len(GapReason)
    assert {words.severity_word(severity) for severity in Severity} == {"high", "medium", "low"}
    assert {words.state_word(state) for state in RunState} == {"running", "interrupted", "complete"}
