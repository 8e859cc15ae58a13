"""The order of verdicts: gaps, does not apply, a person's, passes, passes in part, fails."""

from dataclasses import replace
from typing import Any

import pytest

from secaudit.judge import Judge
from secaudit.model.content import Profile
from secaudit.model.evidence import Gap, GapReason
from secaudit.model.result import Offender, Result, Verdict
from secaudit.model.run import Expected
from secaudit.model.text import Text
from tests.unit.judge.samples import AGE, ASSET, FRESH, NOW, PROFILE, SYSTEM, Account, Backup, judged

GAP = Gap(GapReason.NO_PERMISSION, "shadow")
STRICT = Profile("strict", 3, Text("严", "Strict"), {AGE.id: {"max_days": 30}})


def plainly(id_: str, seen: str, expected: str) -> Offender:
    """An offender without words: the same in both languages."""
    return Offender(id_, Text(seen, seen), Text(expected, expected))


def test_pass_rests_on_its_facts_and_probes() -> None:
    probes = {"accounts": ("accounts.passwd", "accounts.shadow")}
    assert judged(AGE, {"accounts": (Account("a", 90),)}, rests_on=probes) == Result(
        AGE.id,
        ASSET.id,
        ASSET.id,
        Verdict.PASS,
        facts=("accounts",),
        probes=("accounts.passwd", "accounts.shadow"),
    )


def test_probes_of_two_facts_are_named_once() -> None:
    both = replace(AGE, needs=("accounts", "ageing"))
    probes = {"accounts": ("passwd", "shadow"), "ageing": ("shadow",)}
    assert judged(both, {"accounts": (), "ageing": ()}, rests_on=probes).probes == ("passwd", "shadow")


def test_fail_names_the_offenders() -> None:
    result = judged(AGE, {"accounts": (Account("a", 90), Account("b", 99999))})
    assert result.verdict is Verdict.FAIL
    assert result.offenders == (plainly("b", "99999", "90"),)


def test_a_profile_tightens() -> None:
    assert judged(AGE, {"accounts": (Account("a", 60),)}, profile=STRICT).verdict is Verdict.FAIL
    assert judged(AGE, {"accounts": (Account("a", 60),)}).verdict is Verdict.PASS


def test_the_first_gap_of_the_needed_facts_makes_it_unknown() -> None:
    both = replace(AGE, needs=("ageing", "accounts"), pass_when="true || accounts.size() > ageing.size()")
    result = judged(both, {"accounts": Gap(GapReason.NO_TOOL), "ageing": GAP})
    assert (result.verdict, result.gap, result.gap_source) == (Verdict.UNKNOWN, GAP, "ageing")
    assert result.facts == ("ageing", "accounts")


def test_a_gap_elsewhere_does_no_harm() -> None:
    assert judged(AGE, {"accounts": (), "packages": GAP}).verdict is Verdict.PASS


def test_a_fact_that_was_never_built_is_a_gap() -> None:
    result = judged(AGE, {})
    assert result.verdict is Verdict.UNKNOWN
    assert result.gap is not None
    assert (result.gap.reason, result.gap_source) == (GapReason.NOT_COLLECTED, "accounts")


@pytest.mark.parametrize(
    ("applies", "manual", "passes", "partly", "verdict"),
    [
        ("false", "true", "true", "true", Verdict.NOT_APPLICABLE),
        ("true", "true", "true", "true", Verdict.MANUAL),
        ("true", "false", "true", "true", Verdict.PASS),
        ("true", "false", "false", "true", Verdict.PARTIAL),
        ("true", "false", "false", "false", Verdict.FAIL),
        ("", "", "false", "", Verdict.FAIL),
    ],
)
def test_the_order(applies: str, manual: str, passes: str, partly: str, verdict: Verdict) -> None:
    check = replace(
        AGE,
        applies_when=applies,
        manual_when=manual,
        pass_when=passes,
        partial_when=partly,
        offenders='[{"id": "x", "seen": true, "expected": ["a", "b"]}]',
    )
    result = judged(check, {"accounts": ()})
    assert result.verdict is verdict
    wanted = (plainly("x", "true", "a, b"),) if verdict in (Verdict.FAIL, Verdict.PARTIAL) else ()
    assert result.offenders == wanted


def test_words_are_told_in_both_languages_and_values_as_they_are() -> None:
    offenders = (
        'accounts.map(a, {"id": a.name, "seen": say("最长 ", "at most ") + string(a.max_days), '
        '"expected": a.max_days > 90 ? say("缩短", "less") : "ok"})'
    )
    rows = (Account("a", 99), Account("b", 9))
    assert judged(replace(AGE, pass_when="false", offenders=offenders), {"accounts": rows}).offenders == (
        Offender("a", Text("最长 99", "at most 99"), Text("缩短", "less")),
        Offender("b", Text("最长 9", "at most 9"), Text("ok", "ok")),
    )


def test_a_check_without_offenders_fails_without_them() -> None:
    assert judged(replace(AGE, pass_when="false", offenders=""), {"accounts": ()}).offenders == ()


@pytest.mark.parametrize(
    "condition",
    [
        "asset.id == 'web-1' && asset.kind == 'linux' && asset.zone == 'dmz' && asset.name == 'Web'",
        "system.level == 3 && system.s == 3 && system.a == 2 && system.internet_facing",
        f"now == {int(NOW.timestamp())}",
        "accounts.map(a, a.name).join('+').lowerAscii() == 'a+b'",
    ],
)
def test_what_a_condition_may_name(condition: str) -> None:
    facts = {"accounts": (Account("A", 1), Account("B", 2))}
    assert judged(replace(AGE, pass_when=condition), facts).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("passes", "error"),
    [("1", "TypeError"), ("accounts[5].max_days > 1", "IndexError"), ("accounts.all(a, a.none)", "KeyError")],
)
def test_what_breaks_is_unknown_and_logged(passes: str, error: str, caplog: pytest.LogCaptureFixture) -> None:
    result = judged(replace(AGE, pass_when=passes), {"accounts": (Account("a", 1),)})
    assert result.verdict is Verdict.UNKNOWN
    assert result.gap == Gap(GapReason.INTERNAL, f"{AGE.id}: {error}")
    assert result.gap_source == ""
    assert "Traceback" in caplog.text


@pytest.mark.parametrize("value", ["\ud800", object()])
def test_a_fact_that_cel_cannot_hold_breaks_only_its_checks(value: Any) -> None:
    other = replace(AGE, id="linux.other", needs=("other",), pass_when="other == 1")
    results = Judge({AGE.id: AGE, other.id: other}).judge_asset(
        [Expected(AGE.id, ASSET.id), Expected(other.id, ASSET.id)],
        {"accounts": (Account("a", value),), "other": 1},
        ASSET,
        SYSTEM,
        PROFILE,
        NOW,
        {},
    )
    assert [result.verdict for result in results] == [Verdict.UNKNOWN, Verdict.PASS]


def test_an_object_is_judged_on_its_own_row() -> None:
    facts = {"backups": (Backup("old", 30), Backup("new", 3))}
    assert judged(FRESH, facts, "new").verdict is Verdict.PASS
    failed = judged(FRESH, facts, "old")
    assert (failed.verdict, failed.object_id) == (Verdict.FAIL, "old")
    assert failed.offenders == (plainly("old", "30", "24"),)


def test_a_declared_object_without_a_row_is_unknown() -> None:
    result = judged(FRESH, {"backups": ()}, "lost")
    assert result.verdict is Verdict.UNKNOWN
    assert result.gap is not None
    assert (result.gap.reason, result.gap_source) == (GapReason.NOT_COLLECTED, "backups")


def test_nothing_declared_is_a_question_for_a_person() -> None:
    assert judged(FRESH, {"backups": ()}).verdict is Verdict.MANUAL
    assert judged(FRESH, {"backups": GAP}).verdict is Verdict.UNKNOWN


def test_one_result_for_each_verdict_that_is_owed_in_that_order() -> None:
    owed = [
        Expected(FRESH.id, "new"),
        Expected("linux.gone", ASSET.id),
        Expected(AGE.id, ASSET.id),
        Expected(FRESH.id, "old"),
    ]
    facts = {"backups": (Backup("old", 30), Backup("new", 3)), "accounts": GAP}
    results = Judge({AGE.id: AGE, FRESH.id: FRESH}).judge_asset(owed, facts, ASSET, SYSTEM, PROFILE, NOW, {})
    assert [(result.check_id, result.object_id) for result in results] == [
        (expected.check_id, expected.object_id) for expected in owed
    ]
    assert [result.verdict for result in results] == ["PASS", "UNKNOWN", "UNKNOWN", "FAIL"]
    assert results[1].gap is not None
    assert results[1].gap.reason is GapReason.NOT_SUPPORTED


def test_parameters_of_one_check_do_not_reach_the_next() -> None:
    lax = replace(
        AGE, id="linux.lax", parameters={}, pass_when="accounts.all(a, a.max_days <= params.max_days)"
    )
    results = Judge({AGE.id: AGE, lax.id: lax}).judge_asset(
        [Expected(AGE.id, ASSET.id), Expected(lax.id, ASSET.id)],
        {"accounts": (Account("a", 1),)},
        ASSET,
        SYSTEM,
        PROFILE,
        NOW,
        {},
    )
    assert [result.verdict for result in results] == [Verdict.PASS, Verdict.UNKNOWN]


def test_a_check_of_a_broken_plugin_is_unknown_whatever_is_known() -> None:
    broken = replace(AGE, broken="plug-in theirs: no module")
    result = judged(broken, {"accounts": (Account("a", 90),)})
    assert result.verdict is Verdict.UNKNOWN
    assert result.gap == Gap(GapReason.PLUGIN_BROKEN, "plug-in theirs: no module")
