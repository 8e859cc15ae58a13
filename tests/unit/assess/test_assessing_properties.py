"""Whatever a system is and whatever is known of it: what is open ends within its bounds, and no order matters."""

from collections.abc import Mapping
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from secaudit.assess import assess
from secaudit.assess.answers import Answers
from secaudit.assess.units import conclude
from secaudit.model.assessment import (
    Assessment,
    Conclusion,
    Decider,
    ItemOutcome,
    ObjectOutcome,
    StepState,
)
from secaudit.model.attestation import Answer
from secaudit.model.content import SeenBy
from secaudit.model.result import Verdict
from tests.unit.assess import samples

WORDS = (Conclusion.NOT_COMPLIANT, Conclusion.PARTLY, Conclusion.COMPLIANT)
KINDS = {
    "h1": ("linux", "ssh"),
    "h2": ("linux", "ssh"),
    "h3": ("linux", "none"),
    "fw": ("security-device", "none"),
}
CHECKS = samples.checks(
    samples.check("linux.one", ("ces.x.a#1",)),
    samples.check("linux.two", ("ces.x.a#1", "ces.x.a#2")),
    samples.check("linux.veto", ("ces.x.a#3",), veto=True),
)
# a gap is filled by a verdict; what a machine leaves to a person stays so
SETTLED = tuple(verdict for verdict in Verdict if verdict is not Verdict.UNKNOWN)
OBJECTS = (("host", "security-device"), ("security-device", "gateway"), ("other:audit-system",), ("host",))


@dataclass(frozen=True)
class Known:
    """What a run and people say: (check, asset) → verdict, (step, object) → answer."""

    results: Mapping[tuple[str, str], Verdict]
    answers: Mapping[tuple[str, str], Answer]


@dataclass(frozen=True)
class World:
    """A system of these assets that owes one item of three steps."""

    assets: tuple[str, ...]
    objects: tuple[str, ...]
    rule: str
    seen_by: tuple[SeenBy, ...]

    def assessed(self, known: Known) -> Assessment:
        """What is known of it, put together in the order of ``known``."""
        steps = (samples.step(n, seen, self.objects) for n, seen in enumerate(self.seen_by, 1))
        item = samples.requirement(*steps, rule=self.rule)
        system = samples.system(*(samples.asset(name, *KINDS[name]) for name in self.assets))
        records = [
            samples.record(
                *(samples.result(v, check, name) for (check, on), v in known.results.items() if on == name),
                asset_id=name,
            )
            for name in dict.fromkeys(on for _check, on in known.results)
        ]
        said = {place: samples.answer(answer, *place) for place, answer in known.answers.items()}
        return assess(system, samples.catalogue(item), CHECKS, records, Answers(said, samples.TODAY))

    def places(self) -> list[tuple[str, str]]:
        """Every check on every asset that is visited."""
        return [(check, name) for check in CHECKS for name in self.assets if KINDS[name][1] == "ssh"]


Bounded = ItemOutcome | ObjectOutcome
worlds = st.builds(
    World,
    st.lists(st.sampled_from(sorted(KINDS)), min_size=1, unique=True).map(tuple),
    st.sampled_from(OBJECTS),
    st.sampled_from(["all", "any", "1|(2&3)", "(1&3)|(2&3)"]),
    st.tuples(*[st.sampled_from(SeenBy)] * 3),
)


def known_of(data: st.DataObject, world: World) -> Known:
    """Some results, and answers of which some are for all objects."""
    owed = {place: data.draw(st.sampled_from([*Verdict, None])) for place in world.places()}
    step = st.sampled_from([f"ces.x.a#{number}" for number in (1, 2, 3)])
    objects = st.sampled_from(["", *world.assets])
    answers = data.draw(st.dictionaries(st.tuples(step, objects), st.sampled_from(Answer), max_size=4))
    return Known({place: verdict for place, verdict in owed.items() if verdict}, answers)


def settled(data: st.DataObject, world: World, known: Known) -> Known:
    """The same when every gap was filled somehow and a person has answered all that was left to people.

    What a check left to people (MANUAL) is no gap: an answer to it may be there already.
    """
    results = {
        place: verdict
        if (verdict := known.results.get(place)) in (*SETTLED, Verdict.MANUAL)
        else data.draw(st.sampled_from(SETTLED))
        for place in world.places()
    }
    left = {f"ces.x.a#{number}": data.draw(st.sampled_from(Answer)) for number in (1, 2, 3)}
    return Known(results, {**{(step, ""): said for step, said in left.items()}, **known.answers})


@given(world=worlds, data=st.data())
def test_what_is_open_ends_within_its_bounds(world: World, data: st.DataObject) -> None:
    known = known_of(data, world)
    (before,), (after,) = (world.assessed(one).items for one in (known, settled(data, world, known)))
    assert after.conclusion is not Conclusion.OPEN
    pairs: list[tuple[Bounded, Bounded]] = [(before, after), *zip(before.objects, after.objects, strict=True)]
    for now, then in pairs:
        if now.conclusion is not Conclusion.OPEN:
            assert now.conclusion is now.worst is now.best
        if Conclusion.NOT_APPLICABLE not in (now.worst, then.conclusion):
            assert WORDS.index(now.worst) <= WORDS.index(then.conclusion) <= WORDS.index(now.best)


@given(world=worlds, data=st.data())
def test_no_order_matters(world: World, data: st.DataObject) -> None:
    known = known_of(data, world)
    shuffled = Known(
        dict(data.draw(st.permutations(list(known.results.items())))),
        dict(data.draw(st.permutations(list(known.answers.items())))),
    )
    first, second = world.assessed(known), world.assessed(shuffled)
    assert _told(first) == _told(second)
    assert first.coverage == second.coverage


def _told(assessment: Assessment) -> list[tuple[object, ...]]:
    return [
        (
            found.object_id,
            found.conclusion,
            found.worst,
            found.best,
            [(s.state, s.decider) for s in found.steps],
        )
        for found in assessment.items[0].objects
    ]


@given(world=worlds, data=st.data())
def test_a_gap_is_never_a_pass_and_no_answer_overrides_a_failure(world: World, data: st.DataObject) -> None:
    known = known_of(data, world)
    for found in world.assessed(known).items[0].objects:
        for step in found.steps:
            verdicts = {result.verdict for result in step.results}
            if Verdict.FAIL in verdicts:
                assert (step.state, step.decider) == (StepState.NOT_MET, Decider.MACHINE)
            elif Verdict.UNKNOWN in verdicts:
                assert (step.state, step.decider) == (StepState.OPEN, Decider.EVIDENCE_MISSING)
            elif step.decider is Decider.MACHINE:
                assert step.unseen == ()


@given(world=worlds, data=st.data())
def test_a_conclusion_is_that_of_its_steps(world: World, data: st.DataObject) -> None:
    known = known_of(data, world)
    for found in world.assessed(known).items[0].objects:
        states = [step.state for step in found.steps]
        vetoed = Conclusion.NOT_COMPLIANT if states[2] is StepState.NOT_MET else None
        if StepState.OPEN not in states:
            assert found.conclusion is (vetoed or conclude(world.rule, states))
