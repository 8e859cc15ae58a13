"""What an act is about: the grounds as they are now, and no others."""

from dataclasses import replace

import pytest

from secaudit.assess.deciding import Matter
from secaudit.assess.risks import risks_of
from secaudit.errors import UsageError
from secaudit.model.attestation import Answer, Attestation
from secaudit.model.result import Result, Verdict
from secaudit.model.risk import Ground, RiskAct, RiskDecision, RiskLevel
from tests.unit.assess import samples
from tests.unit.assess.risk_samples import GROUND, HAZARD, UNLIKELY, act, condition
from tests.unit.assess.test_candidates import assessed
from tests.unit.assess.test_risks import DEFECT, FAILED, PASSED, TABLES

CONFIRM, RECTIFY = RiskAct.CONFIRM, RiskAct.RECTIFY
STEP = "mms.x.a#1"


def matter(
    *acts: RiskDecision,
    results: tuple[Result, ...] = (FAILED,),
    answers: tuple[Attestation, ...] = (),
    name: str = "HR-1",
    objects: tuple[str, ...] = (),
) -> Matter:
    system, found = samples.system(), assessed(*results, answers=answers)
    risks = risks_of(system, found, TABLES, acts, samples.TODAY)
    return Matter(system, found, risks, TABLES, name, objects)


def refused(told: str, one: Matter, method: str) -> None:
    with pytest.raises(UsageError, match=told):
        getattr(one, method)()


def test_what_is_shown_is_confirmed_and_downgraded() -> None:
    assert matter().to_confirm() == matter().to_downgrade() == (GROUND,)
    assert matter(objects=("h1",)).to_confirm() == (GROUND,)


def test_what_nothing_shows_a_person_confirms_alone() -> None:
    assert matter(results=(PASSED,)).to_confirm() == (Ground("", ""),)
    assert matter(name="A-31", objects=("h1",)).to_confirm() == (Ground("h1", ""),)
    refused("no asset and no data set", matter(name="A-31", objects=("h9",)), "to_confirm")
    refused("nothing to downgrade", matter(results=(PASSED,)), "to_downgrade")


def test_a_condition_for_other_systems_is_refused() -> None:
    tables = replace(TABLES, conditions={"HR-1": replace(condition(), min_level=4)})
    refused("does not concern oa: level 4", replace(matter(), tables=tables), "to_confirm")


def test_an_item_is_downgraded_by_what_is_not_met_of_it() -> None:
    answers = (samples.answer(Answer.NOT_MET, STEP), samples.answer(Answer.MET, "mms.x.a#2"))
    assert matter(answers=answers, name="mms.x.a").to_downgrade() == (DEFECT,)
    refused("nothing to downgrade", matter(name="mms.x.a"), "to_downgrade")


def test_what_was_confirmed_and_passes_now_is_rectified() -> None:
    assert matter(act(CONFIRM), results=(PASSED,)).to_rectify() == ((GROUND,), HAZARD)
    other = act(CONFIRM, Ground("h1", ""), hazard=UNLIKELY)
    grounds, said = matter(act(CONFIRM), other, results=(PASSED,)).to_rectify()
    assert (set(grounds), said) == ({GROUND, Ground("h1", "")}, HAZARD)
    plain = matter(act(CONFIRM, risk="HR-1"), results=(PASSED,))
    assert plain.to_rectify()[1] == HAZARD


@pytest.mark.parametrize(
    "results", [(FAILED,), (), (samples.result(Verdict.UNKNOWN),), (samples.result(Verdict.MANUAL),)]
)
def test_what_is_shown_or_unknown_is_not_rectified(results: tuple[Result, ...]) -> None:
    refused("not shown to be rectified on h1", matter(act(CONFIRM), results=results), "to_rectify")


def test_what_is_gone_from_the_register_is_rectified() -> None:
    gone = Ground("h9", "linux.one")
    assert matter(act(CONFIRM, gone), results=()).to_rectify()[0] == (gone,)


@pytest.mark.parametrize(("said", "rectified"), [(Answer.MET, True), (None, False)])
def test_an_answered_step_is_rectified_by_another_answer(said: Answer | None, rectified: bool) -> None:
    answers = (samples.answer(said, STEP),) if said else ()
    for place in (Ground("h1", STEP), Ground("document", STEP)):
        one = matter(act(CONFIRM, place), results=(PASSED,), answers=answers)
        if rectified:
            assert one.to_rectify()[0] == (place,)
        else:
            refused("not shown to be rectified", one, "to_rectify")


def test_only_what_was_confirmed_is_rectified() -> None:
    refused("is not confirmed", matter(), "to_rectify")
    refused("is not confirmed", matter(act(CONFIRM), act(RECTIFY), results=(PASSED,)), "to_rectify")


def test_what_was_confirmed_is_not_excluded_beside() -> None:
    refused("was confirmed", matter(act(CONFIRM), results=(PASSED,)), "refuse_excluding")
    refused("was confirmed", matter(act(CONFIRM)), "refuse_excluding")
    for one in (matter(), matter(act(CONFIRM), act(RiskAct.REVOKE)), matter(results=(PASSED,))):
        one.refuse_excluding()


def test_what_was_decided_is_revoked() -> None:
    assert matter(act(CONFIRM)).to_revoke() == (GROUND,)
    reopened = act(RiskAct.DOWNGRADE, valid_until=samples.TODAY.replace(year=2025), days_ago=500)
    assert matter(reopened).to_revoke() == (GROUND,)
    excluded = act(RiskAct.EXCLUDE, grounds=())
    assert matter(excluded).to_revoke() == matter(excluded, results=(PASSED,)).to_revoke() == ()
    refused("Nothing was decided on HR-1", matter(), "to_revoke")


def test_an_item_that_was_called_low_is_revoked() -> None:
    answers = (samples.answer(Answer.NOT_MET, STEP), samples.answer(Answer.MET, "mms.x.a#2"))
    low = act(RiskAct.DOWNGRADE, DEFECT, risk="mms.x.a", level=RiskLevel.LOW)
    assert matter(low, answers=answers, name="mms.x.a").to_revoke() == (DEFECT,)
