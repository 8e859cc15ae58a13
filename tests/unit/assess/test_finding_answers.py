"""Which answers are findings, of what object, and which checks prove a step wholly."""

from datetime import UTC, date, datetime, time, timedelta

from secaudit.assess.answers import answers_of
from secaudit.assess.finding_answers import failed_answers, proving
from secaudit.assess.findings import FailedAnswer
from secaudit.model.attestation import Answer, Attestation
from secaudit.model.content import Catalogue, Check, HighRiskCondition, Requirement, SeenBy, Severity, Step
from secaudit.model.text import Text
from tests.unit.store import samples

DAY = date(2026, 11, 20)
TEXT = Text("应有制度", "There is a policy")
STEPS = (
    Step("mms.policy.a#1", 1, ("核查",), ("制度",), TEXT, SeenBy.PERSON, ()),
    Step("mms.policy.a#2", 2, ("核查",), ("主机",), TEXT, SeenBy.MACHINE, ()),
)
ITEM = Requirement(
    *("mms.policy.a", 3, "8.1.7.1", "a", "安全管理制度", "MMS"),
    *(TEXT, "L3-MMS1-01", "G", TEXT),
    "person",
    "all",
    STEPS,
)
CATALOGUE = Catalogue("GB/T 22239-2019", 3, (ITEM,))
CONDITION = HighRiskCondition("HR-1", "SG2025", 3, "", TEXT, TEXT, "no", "", ("mms.policy.a",))


def said(answer: Answer, step: str = "mms.policy.a#1", object_id: str = "", days: int = 9) -> Attestation:
    return Attestation(step, answer, "张三", DAY, DAY + timedelta(days=days), "\udcff", object_id, "oa")


def failed(*given: Attestation, conditions: tuple[HighRiskCondition, ...] = ()) -> list[FailedAnswer]:
    answers = answers_of(given, DAY + timedelta(days=3))
    found = failed_answers(samples.system(), CATALOGUE, answers, conditions, first_moment)
    return list(found)


def first_moment(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def test_only_failing_answers_in_force_to_steps_that_are_owed_are_findings() -> None:
    assert [one.step for one in failed(said(Answer.NOT_MET))] == ["mms.policy.a#1"]
    assert len(failed(said(Answer.PARTLY, "mms.policy.a#2"), said(Answer.NOT_MET))) == 2
    for answer in (Answer.MET, Answer.NOT_APPLICABLE):
        assert failed(said(answer)) == []
    assert failed(said(Answer.NOT_MET, days=2)) == []
    assert failed(said(Answer.NOT_MET, "mms.other.a#1")) == []
    assert failed(said(Answer.NOT_MET), said(Answer.MET)) == []


def test_of_what_object_an_answer_is() -> None:
    places = [
        (failed(said(Answer.NOT_MET, object_id=name))[0].asset, name) for name in ("", "h1", "oa-db", "制度")
    ]
    assert places == [("", ""), ("h1", "h1"), ("h1", "oa-db"), ("", "制度")]
    objects = [failed(said(Answer.NOT_MET, object_id=name))[0].object_id for name in ("", "h1", "oa-db")]
    assert objects == ["", "", "oa-db"]


def test_answers_are_told_apart_and_graver_where_they_show_a_high_risk() -> None:
    (one,), (other,) = failed(said(Answer.NOT_MET)), failed(said(Answer.PARTLY))
    assert one.digest != other.digest
    assert (one.severity, one.at) == (Severity.MEDIUM, first_moment(DAY))
    assert failed(said(Answer.NOT_MET), conditions=(CONDITION,))[0].severity is Severity.HIGH


def test_only_steps_that_a_machine_sees_wholly_are_proved_by_checks() -> None:
    steps = ("mms.policy.a#1", "mms.policy.a#2")
    one, other = (Check(name, TEXT, Severity.LOW, "linux", (), TEXT, proves=steps) for name in ("a", "b"))
    advisory = Check("c", TEXT, Severity.LOW, "linux", (), TEXT, proves=steps, advisory=True)
    assert proving([CATALOGUE], [one, other, advisory]) == {"mms.policy.a#2": ("a", "b")}
