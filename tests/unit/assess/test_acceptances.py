"""What an acceptance is worth on a day, and that it covers just what it names."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from secaudit.assess.acceptances import NOTHING_ACCEPTED, AcceptanceState, Cover
from secaudit.model.acceptance import Acceptance, AcceptanceKind
from secaudit.model.attestation import EvidenceFile
from secaudit.model.result import Offender, Result, Verdict
from tests.unit.assess import samples
from tests.unit.assess.acceptances import DAY, ONE, deferral, weighed

DAY_AFTER = timedelta(days=1)
FILE = EvidenceFile("批复.pdf", "a" * 64)
COVERED = Cover(AcceptanceKind.RISK, ONE.until, (ONE.id,))


def failed(*offenders: str, asset: str = "h1", verdict: Verdict = Verdict.FAIL) -> Result:
    """A failure of the check, with what it found."""
    found = tuple(Offender(name, samples.TEXT, samples.TEXT) for name in offenders)
    return replace(samples.result(verdict, asset_id=asset), offenders=found)


@pytest.mark.parametrize(
    ("one", "day", "state"),
    [
        (ONE, DAY, "valid"),
        (ONE, ONE.start, "valid"),
        (ONE, ONE.start - DAY_AFTER, "not_begun"),
        (ONE, ONE.until, "valid"),
        (ONE, ONE.until + DAY_AFTER, "expired"),
        (deferral(date(2026, 12, 1)), date(2026, 12, 1), "valid"),
        (deferral(date(2026, 12, 1)), date(2026, 12, 2), "overdue"),
        (replace(ONE, system="gone"), DAY, "gone"),
        (replace(ONE, check="linux.gone"), DAY, "gone"),
        (replace(ONE, check="", step="ces.gone.a#1"), DAY, "gone"),
        (replace(ONE, check="", step="ces.x.a#1"), DAY, "valid"),
        (replace(ONE, assets=("gone",)), DAY, "gone"),
        (replace(ONE, assets=("gone", "h1")), DAY, "valid"),
    ],
)
def test_a_state_is_that_of_the_day(one: Acceptance, day: date, state: str) -> None:
    (found,) = weighed(one, day=day).weighed
    assert found.state == state
    assert bool(weighed(one, day=day).cover("oa", failed())) == (state == "valid")


def test_what_is_gone_is_named() -> None:
    assert weighed(replace(ONE, assets=("gone", "h1"))).weighed[0].gone == ("gone",)
    assert weighed(replace(ONE, check="linux.gone")).weighed[0].gone == ("linux.gone",)


def test_a_revoked_one_and_one_whose_file_changed_cover_nothing() -> None:
    with_file = replace(ONE, files=(FILE,))
    for found, state in (
        (weighed(ONE, revoked=[ONE.id]), AcceptanceState.REVOKED),
        (weighed(with_file, altered=[FILE.sha256]), AcceptanceState.ALTERED),
    ):
        assert found.weighed[0].state is state
        assert found.cover("oa", failed()) is None
    assert weighed(with_file, altered=["b" * 64]).cover("oa", failed()) == COVERED


def test_none_holds_longer_than_the_office_allows() -> None:
    found = weighed(ONE, longest_days=10, day=date(2026, 11, 11))
    assert found.weighed[0].last_day == date(2026, 11, 11)
    assert found.weighed[0].state is AcceptanceState.VALID
    assert weighed(ONE, longest_days=10, day=date(2026, 11, 12)).weighed[0].state is AcceptanceState.EXPIRED


@pytest.mark.parametrize("verdict", Verdict)
def test_only_a_failure_is_covered(verdict: Verdict) -> None:
    covered = verdict in (Verdict.FAIL, Verdict.PARTIAL)
    assert weighed(ONE).cover("oa", failed(verdict=verdict)) == (COVERED if covered else None)


def test_another_system_check_or_asset_is_not_covered() -> None:
    assert weighed(ONE).cover("other", failed()) is None
    assert weighed(ONE).cover("oa", samples.result(Verdict.FAIL, "linux.two")) is None
    on_h1 = weighed(replace(ONE, assets=("h1",)))
    assert on_h1.cover("oa", failed()) == COVERED
    assert on_h1.cover("oa", failed(asset="h2")) is None
    assert NOTHING_ACCEPTED.cover("oa", failed()) is None


def test_offenders_are_covered_all_or_the_failure_is_not() -> None:
    root = replace(ONE, offenders=("root", "ops"))
    assert weighed(root).cover("oa", failed("root", "ops")) == COVERED
    assert weighed(root).cover("oa", failed("root")) == COVERED
    assert weighed(root).cover("oa", failed("root", "guest")) is None
    assert weighed(root).cover("oa", failed()) is None
    guest = replace(ONE, id="oa-20261102-1", offenders=("guest",), until=date(2026, 12, 24))
    both = weighed(root, guest).cover("oa", failed("root", "guest"))
    assert both == Cover(AcceptanceKind.RISK, guest.until, (ONE.id, guest.id))


def test_of_several_the_one_that_ends_last_counts() -> None:
    later = replace(ONE, id="oa-20261102-1", until=date(2027, 6, 1))
    found = weighed(later, ONE).cover("oa", failed("root"))
    assert found == Cover(AcceptanceKind.RISK, later.until, (later.id,))


def test_a_step_covers_a_check_that_moves_no_other() -> None:
    step = replace(ONE, check="", step="ces.x.a#1")
    two = samples.checks(samples.check(proves=("ces.x.a#1", "ces.x.b#1", "ces.not-owed.a#1")))
    assert weighed(step).cover("oa", failed("root")) == COVERED
    assert weighed(step, checks=two).cover("oa", failed()) is None
    other = replace(deferral(DAY), id="oa-20261102-1", check="", step="ces.x.b#1")
    assert weighed(step, other, checks=two).cover("oa", failed()) == Cover(
        AcceptanceKind.DEFERRAL, DAY, (ONE.id, other.id)
    )


def test_a_step_covers_no_advice() -> None:
    advice = samples.checks(samples.check(proves=(), advisory=True))
    assert weighed(replace(ONE, check="", step="ces.x.a#1"), checks=advice).cover("oa", failed()) is None
    assert weighed(ONE, checks=advice).cover("oa", failed()) == COVERED
