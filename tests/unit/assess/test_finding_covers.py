"""Which acceptance covers a finding."""

from dataclasses import replace

from secaudit.assess.finding_covers import cover_of
from secaudit.model.finding import Source
from tests.unit.assess.acceptances import ONE, weighed
from tests.unit.assess.test_demanding import finding

FOUND = finding(asset="h1", check="linux.one", offender="root")


def test_a_check_is_accepted_with_all_that_it_found_or_name_by_name() -> None:
    assert cover_of(weighed(ONE), FOUND)
    assert cover_of(weighed(replace(ONE, offenders=("root",))), FOUND)
    assert cover_of(weighed(replace(ONE, offenders=("daemon",))), FOUND) is None
    assert cover_of(weighed(replace(ONE, offenders=("root",))), replace(FOUND, offender="")) is None
    assert cover_of(weighed(replace(ONE, assets=("h2",))), FOUND) is None
    assert cover_of(weighed(ONE), replace(FOUND, system="hr")) is None


def test_an_answer_is_accepted_by_its_step() -> None:
    answered = replace(FOUND, source=Source.ANSWER, check="ces.x.a#1", offender="")
    step = replace(ONE, check="", step="ces.x.a#1")
    assert cover_of(weighed(step), answered)
    assert cover_of(weighed(replace(step, assets=("h2",))), answered) is None
    assert cover_of(weighed(ONE), answered) is None


def test_what_others_reported_is_not_accepted_by_accepting_a_check() -> None:
    assert cover_of(weighed(ONE), replace(FOUND, source=Source.POLICE)) is None
