"""Whose answer counts: the newest about the object, of the system or of an organisation above it, not expired."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from secaudit.assess import assess
from secaudit.assess.answers import Answers, answers_for
from secaudit.model.assessment import Conclusion
from secaudit.model.attestation import Answer, Attestation
from secaudit.model.content import SeenBy
from secaudit.model.register import Organisation
from tests.unit.assess import samples

TODAY = samples.NOW.date()
TREE = (Organisation("city", "市"), Organisation("office", "局", "city"), Organisation("other", "它", "city"))
STEP, MANAGED = "ces.x.a#1", "mms.y.a#1"
DOMAINS = {STEP: "CES", MANAGED: "MMS"}


def answers(*said: Attestation, day: date = TODAY, tree: Sequence[Organisation] = TREE) -> Answers:
    return answers_for(samples.system(), tree, said, DOMAINS, day)


def word(found: Attestation | None) -> Answer | None:
    return found.answer if found else None


def test_a_system_without_an_id_has_the_answers_of_its_organisations_alone() -> None:
    own = samples.answer(step_id="pss.x.a#1", object_id="")
    office = samples.answer(Answer.PARTLY, "pss.x.a#1", "", organisation="office")
    other = samples.answer(Answer.NOT_MET, "pss.x.a#1", "", organisation="elsewhere")
    nobody = replace(samples.system(), id="")
    organisations = (Organisation("office", "局"), Organisation("elsewhere", "他"))
    found = answers_for(nobody, organisations, [own, office, other], {"pss.x.a#1": "PSS"}, samples.TODAY)
    assert found.to("pss.x.a#1", "") == office


def test_the_newest_counts_and_of_one_day_the_last() -> None:
    old = samples.answer(Answer.MET, day=TODAY - timedelta(days=2))
    new = samples.answer(Answer.NOT_MET)
    assert word(answers(new, old).to(STEP, "h1")) is Answer.NOT_MET
    again = samples.answer(Answer.PARTLY)
    assert word(answers(new, again).to(STEP, "h1")) is Answer.PARTLY


def test_one_about_the_object_that_has_expired_hides_none_about_all() -> None:
    for_all = samples.answer(Answer.MET, object_id="")
    own = samples.answer(Answer.NOT_MET, day=TODAY - timedelta(days=900))
    assert word(answers(for_all, own).to(STEP, "h1")) is Answer.MET


def test_one_of_a_later_day_does_not_count_yet() -> None:
    assert answers(samples.answer(Answer.MET, day=TODAY + timedelta(days=1))).to(STEP, "h1") is None


def test_one_about_the_object_is_stronger_than_one_about_all() -> None:
    for_all = samples.answer(Answer.MET, object_id="")
    own = samples.answer(Answer.NOT_MET, day=TODAY - timedelta(days=9))
    found = answers(for_all, own)
    assert word(found.to(STEP, "h1")) is Answer.NOT_MET
    assert word(found.to(STEP, "h2")) is Answer.MET


def test_it_holds_on_its_last_day_and_reopens_after_it() -> None:
    said = samples.answer(valid_days=10)
    assert answers(said, day=said.valid_until).to(STEP, "h1") is said
    assert answers(said, day=said.valid_until + timedelta(days=1)).to(STEP, "h1") is None


def test_an_expired_answer_is_not_replaced_by_an_older_one_that_still_holds() -> None:
    old = samples.answer(Answer.MET, day=TODAY - timedelta(days=9), valid_days=900)
    new = samples.answer(Answer.NOT_MET, day=TODAY - timedelta(days=5), valid_days=1)
    assert answers(old, new).to(STEP, "h1") is None


def test_nobody_else_answers_for_the_system() -> None:
    other = samples.answer()
    assert answers_for(samples.system(), TREE, [], DOMAINS, TODAY).to(STEP, "h1") is None
    foreign = Attestation(STEP, Answer.MET, "某人", TODAY, TODAY, object_id="h1", system="another")
    assert answers(foreign).to(STEP, "h1") is None
    assert answers(other).to("ces.z.a#1", "h1") is None


def test_organisations_above_answer_for_management_only() -> None:
    above = samples.answer(Answer.MET, MANAGED, "", organisation="city")
    own = samples.answer(Answer.NOT_MET, MANAGED, "", organisation="office")
    beside = samples.answer(Answer.PARTLY, MANAGED, "", organisation="other")
    technical = samples.answer(Answer.MET, STEP, "", organisation="city")
    assert word(answers(above).to(MANAGED, "any")) is Answer.MET
    assert word(answers(own, above).to(MANAGED, "any")) is Answer.NOT_MET
    assert answers(beside).to(MANAGED, "any") is None
    assert answers(technical).to(STEP, "h1") is None


def test_the_system_is_stronger_than_its_organisation_on_the_same_day() -> None:
    own = samples.answer(Answer.NOT_MET, MANAGED, "")
    above = samples.answer(Answer.MET, MANAGED, "", organisation="office")
    assert word(answers(own, above).to(MANAGED, "any")) is Answer.NOT_MET


def test_a_tree_that_bites_its_tail_ends() -> None:
    tree = (Organisation("office", "局", "city"), Organisation("city", "市", "office"))
    assert answers(samples.answer(Answer.MET, MANAGED, "", organisation="city"), tree=tree).to(MANAGED, "x")


def test_answers_close_an_item_and_one_less_opens_it() -> None:
    steps = (samples.step(1, SeenBy.PERSON), samples.step(2, SeenBy.PERSON))
    catalogue = samples.catalogue(samples.requirement(*steps))
    said = [samples.answer(step_id=step.id) for step in steps]
    whole = assess(samples.system(), catalogue, {}, [], answers(*said))
    assert whole.items[0].conclusion is Conclusion.COMPLIANT
    assert (whole.coverage[0].attested, whole.coverage[0].person) == (2, 0)
    less = assess(samples.system(), catalogue, {}, [], answers(said[0]))
    assert less.items[0].conclusion is Conclusion.OPEN
    assert (less.coverage[0].attested, less.coverage[0].person) == (1, 1)
