"""What stands of a risk: the newest act on each ground, while it saw all that is there now."""

from dataclasses import replace

import pytest

from secaudit.assess.risks import Risk, Risks, RiskTables, risks_of
from secaudit.assess.standing import Standing, defect_of
from secaudit.model.attestation import Answer, Attestation
from secaudit.model.content import HighRisk
from secaudit.model.register import System
from secaudit.model.result import Offender, Result, Verdict
from secaudit.model.risk import Ground, RiskAct, RiskDecision, RiskLevel
from tests.unit.assess import samples
from tests.unit.assess.risk_samples import HAZARDS, UNLIKELY, act, condition
from tests.unit.assess.test_candidates import assessed

CONFIRM, DOWNGRADE, EXCLUDE = RiskAct.CONFIRM, RiskAct.DOWNGRADE, RiskAct.EXCLUDE
RECTIFY, REVOKE = RiskAct.RECTIFY, RiskAct.REVOKE
CHECK = replace(samples.check(), high_risk=(HighRisk("HR-1", samples.TEXT),))
CONDITION = condition(scope="ha_required")
TABLES = RiskTables(samples.checks(CHECK), {"HR-1": CONDITION}, HAZARDS)
FAILED = samples.result(Verdict.FAIL)
PASSED = samples.result(Verdict.PASS)


def risks(
    *acts: RiskDecision,
    results: tuple[Result, ...] = (FAILED,),
    answers: tuple[Attestation, ...] = (),
    system: System | None = None,
    tables: RiskTables = TABLES,
) -> Risks:
    owner = system or samples.system()
    return risks_of(owner, assessed(*results, answers=answers), tables, acts, samples.TODAY)


def only(*acts: RiskDecision, results: tuple[Result, ...] = (FAILED,)) -> Risk:
    (one,) = risks(*acts, results=results).risks
    return one


def seen(*names: str) -> Result:
    return replace(FAILED, offenders=tuple(Offender(name, samples.TEXT, samples.TEXT) for name in names))


def ground(*names: str) -> Ground:
    """The ground that such a result is."""
    return only(results=(seen(*names),)).rulings[0].ground


def _defect() -> Ground:
    answers = (samples.answer(Answer.NOT_MET, "mms.x.a#1"), samples.answer(Answer.MET, "mms.x.a#2"))
    return defect_of(assessed(answers=answers).items[1])


DEFECT = _defect()


@pytest.mark.parametrize(
    ("acts", "standing"),
    [
        ((), Standing.UNDECIDED),
        ((act(CONFIRM),), Standing.CONFIRMED),
        ((act(DOWNGRADE),), Standing.DOWNGRADED),
        ((act(EXCLUDE, grounds=()),), Standing.EXCLUDED),
        ((act(EXCLUDE, grounds=()), act(REVOKE, grounds=())), Standing.UNDECIDED),
        ((act(EXCLUDE, grounds=(), days_ago=400),), Standing.UNDECIDED),
        ((act(CONFIRM), act(DOWNGRADE)), Standing.DOWNGRADED),
        ((act(DOWNGRADE), act(CONFIRM)), Standing.CONFIRMED),
        ((act(DOWNGRADE), act(CONFIRM, days_ago=1)), Standing.DOWNGRADED),
        ((act(CONFIRM), act(REVOKE)), Standing.UNDECIDED),
        ((act(DOWNGRADE, days_ago=366),), Standing.UNDECIDED),
        ((act(DOWNGRADE, days_ago=365),), Standing.DOWNGRADED),
        (
            (act(DOWNGRADE, days_ago=2), act(CONFIRM, valid_until=samples.TODAY.replace(day=1))),
            Standing.UNDECIDED,
        ),
        ((act(CONFIRM, system="other"),), Standing.UNDECIDED),
        ((act(CONFIRM, Ground("h2", "linux.one")),), Standing.CONFIRMED),
        ((act(CONFIRM, days_ago=2), act(RECTIFY)), Standing.CONFIRMED),
    ],
)
def test_the_newest_act_counts(acts: tuple[RiskDecision, ...], standing: Standing) -> None:
    assert only(*acts).standing is standing


def test_a_downgrade_that_is_never_allowed_counts_for_nothing() -> None:
    tables = replace(TABLES, conditions={"HR-1": condition(downgradable="no")})
    (one,) = risks(act(DOWNGRADE), tables=tables).risks
    assert (one.standing, one.rulings[0].reopened) == (Standing.UNDECIDED, None)


def test_more_than_was_seen_reopens_and_less_does_not() -> None:
    decided = act(DOWNGRADE, ground("root", "admin"))
    assert only(decided, results=(seen("admin", "root"),)).standing is Standing.DOWNGRADED
    assert only(decided, results=(seen("root"),)).standing is Standing.DOWNGRADED
    again = only(decided, results=(seen("root", "guest"),))
    assert (again.standing, again.rulings[0].reopened) == (Standing.UNDECIDED, decided)


def test_another_object_is_undecided() -> None:
    other = samples.result(Verdict.FAIL, asset_id="h2")
    system = samples.system(samples.asset(), samples.asset("h2"))
    found = assessed(FAILED, other, system=system)
    (one,) = risks_of(system, found, TABLES, [act(DOWNGRADE)], samples.TODAY).risks
    assert [each.standing for each in one.rulings] == [Standing.DOWNGRADED, Standing.UNDECIDED]
    assert one.undecided


def test_what_was_confirmed_counts_until_it_is_rectified() -> None:
    confirmed = only(act(CONFIRM), results=(PASSED,))
    assert (confirmed.standing, confirmed.is_hazard, confirmed.rectified) == (Standing.CONFIRMED, True, False)
    assert not confirmed.rulings[0].shown
    rectified = only(act(CONFIRM), act(RECTIFY), results=(PASSED,))
    assert (rectified.standing, rectified.is_hazard, rectified.rectified) == (Standing.RECTIFIED, True, True)
    assert not only(act(CONFIRM, hazard=UNLIKELY), results=(PASSED,)).is_hazard


def test_a_confirmation_that_has_expired_is_to_be_decided_again() -> None:
    expired = only(act(CONFIRM, days_ago=366), results=(PASSED,))
    assert (expired.standing, expired.undecided) == (Standing.UNDECIDED, True)
    assert expired.rulings[0].reopened is not None


@pytest.mark.parametrize(
    ("acts", "standing"),
    [
        ((act(CONFIRM), act(RECTIFY), act(REVOKE)), Standing.CONFIRMED),
        ((act(CONFIRM), act(RECTIFY), act(RECTIFY), act(REVOKE)), Standing.CONFIRMED),
        ((act(CONFIRM), act(RECTIFY), act(REVOKE), act(RECTIFY)), Standing.RECTIFIED),
        ((act(CONFIRM), act(RECTIFY), act(REVOKE), act(RECTIFY), act(REVOKE)), Standing.CONFIRMED),
    ],
)
def test_who_revokes_a_rectification_leaves_what_was_confirmed(
    acts: tuple[RiskDecision, ...], standing: Standing
) -> None:
    found = only(*acts, results=(PASSED,))
    assert (found.standing, found.is_hazard) == (standing, True)
    assert not risks(act(CONFIRM), act(RECTIFY), act(REVOKE), act(REVOKE), results=(PASSED,)).risks


@pytest.mark.parametrize(
    "acts", [(act(RECTIFY, days_ago=366),), (act(CONFIRM), act(REVOKE)), (act(DOWNGRADE),)]
)
def test_what_is_shown_no_more_is_gone(acts: tuple[RiskDecision, ...]) -> None:
    assert risks(*acts, results=(PASSED,)).risks == ()


def test_a_hazard_that_no_condition_stands_for_is_there_while_it_is_confirmed() -> None:
    by_hand = act(CONFIRM, Ground("", ""), risk="A-31")
    (one,) = risks(by_hand, results=(PASSED,)).risks
    assert (one.id, one.hazard, one.text, one.is_hazard) == ("A-31", "A-31", samples.TEXT, True)
    assert one.condition is None


def test_what_a_downgrade_leaves() -> None:
    assert only(act(DOWNGRADE)).is_medium
    assert not only(act(DOWNGRADE, level=RiskLevel.LOW)).is_medium
    assert not only(act(CONFIRM)).is_medium


def test_possible_conditions_are_those_that_nobody_excluded() -> None:
    assert [one.id for one in risks(results=(PASSED,)).possible] == ["HR-1"]
    excluded = risks(act(EXCLUDE, grounds=()), results=(PASSED,))
    assert (excluded.possible, excluded.excluded) == ((), frozenset({"HR-1"}))


def test_a_defect_that_was_called_low_is_so_while_nothing_is_added() -> None:
    def lowered(first: Answer, second: Answer, *acts: RiskDecision) -> frozenset[str]:
        answers = (samples.answer(first, "mms.x.a#1"), samples.answer(second, "mms.x.a#2"))
        return risks(*acts, answers=answers).lowered

    seen_then = act(DOWNGRADE, DEFECT, risk="mms.x.a", level=RiskLevel.LOW)
    assert lowered(Answer.NOT_MET, Answer.MET, seen_then) == {"mms.x.a"}
    assert lowered(Answer.PARTLY, Answer.MET, seen_then) == {"mms.x.a"}
    assert lowered(Answer.NOT_MET, Answer.NOT_MET, seen_then) == frozenset()
    assert lowered(Answer.NOT_MET, Answer.MET) == frozenset()
    assert lowered(Answer.NOT_MET, Answer.MET, seen_then, replace(seen_then, act=REVOKE)) == frozenset()
