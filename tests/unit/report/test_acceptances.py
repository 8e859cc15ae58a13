"""Acceptances mark failures in the report; whatever is accepted, no outcome and no figure moves."""

import json
from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from secaudit.assess.acceptances import Acceptances, AcceptanceState
from secaudit.content.folder import content_dir
from secaudit.model.acceptance import Acceptance, AcceptanceKind
from secaudit.model.attestation import EvidenceFile
from secaudit.model.text import Language
from secaudit.report import Material, view_of
from secaudit.report.html import render_html
from tests.unit.assess.acceptances import DAY, ONE, weighed
from tests.unit.report.conftest import CHECKS, EMPTY, HOSTILE, SYSTEM

DAYS = st.integers(-400, 400).map(lambda days: DAY + timedelta(days=days))
NAMES = st.lists(st.sampled_from(["h1", "h2", "h3", "gone"]), max_size=2).map(tuple)


def of_sample(*several: Acceptance, **said: Any) -> Acceptances:
    """These, weighed on the system of the sample."""
    return weighed(*several, systems=[SYSTEM], checks=CHECKS, **said)


@st.composite
def acceptances(draw: st.DrawFn) -> Acceptance:
    """Any acceptance of the sample, valid or not."""
    start, until = draw(DAYS), draw(DAYS)
    by_check = draw(st.booleans())
    return replace(
        ONE,
        id=f"oa-20261128-{draw(st.integers(1, 999))}",
        kind=draw(st.sampled_from(AcceptanceKind)),
        start=start,
        until=until,
        deadline=draw(st.none() | DAYS),
        check=draw(st.sampled_from([*CHECKS, "linux.gone"])) if by_check else "",
        step="" if by_check else draw(st.sampled_from(["ces.x.a#1", "ces.authentication.a#3"])),
        assets=draw(NAMES),
        offenders=draw(st.sampled_from([(), ("root",), (HOSTILE,)])) if by_check else (),
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(several=st.lists(acceptances(), max_size=6), revoked=st.booleans())
def test_no_set_of_acceptances_moves_an_outcome_or_a_figure(
    material: Material, several: list[Acceptance], revoked: bool
) -> None:
    accepted = of_sample(*several, revoked=[one.id for one in several[:1] if revoked])
    plain, marked = view_of(material), view_of(replace(material, acceptances=accepted))
    assert len(marked.pop("acceptances")) == len(several)
    del plain["acceptances"]
    assert unmarked(marked) == plain


def unmarked(view: dict[str, Any]) -> dict[str, Any]:
    """The view without the marks of what is accepted."""
    bare = deepcopy(view)
    for problem in bare["problems"]:
        for group in problem["groups"]:
            for place in group["objects"]:
                place.pop("accepted", None)
    return bare


def test_a_failure_is_marked_and_stays_failed(material: Material) -> None:
    view = view_of(replace(material, acceptances=of_sample(replace(ONE, check=EMPTY))))
    (problem,) = view["problems"]
    assert problem["verdict"] == "FAIL"
    assert problem["groups"][0]["objects"] == [
        {
            "asset": "h1",
            "object": "h1",
            "accepted": {"kind": "risk", "until": ONE.until.isoformat(), "acceptances": [ONE.id]},
        }
    ]
    assert view["summary"]["verdicts"]["FAIL"] == 1


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh", ["风险接受与延期整改", "已接受，至 2027-03-01"]), ("en", ["accepted until 2027-03-01"])],
)
def test_the_page_shows_what_is_accepted(material: Material, language: Language, words: list[str]) -> None:
    hostile = replace(
        ONE,
        id="oa-20261101-2",
        check=EMPTY,
        reason=HOSTILE,
        deadline=date(2026, 11, 2),
        kind=AcceptanceKind.DEFERRAL,
        files=(EvidenceFile("批复.pdf", "a" * 64),),
    )
    accepted = of_sample(
        replace(ONE, check=EMPTY), hostile, replace(ONE, id="oa-3", assets=("gone",)), revoked=["oa-3"]
    )
    assert [one.state for one in accepted.weighed] == [
        AcceptanceState.VALID,
        AcceptanceState.OVERDUE,
        AcceptanceState.REVOKED,
    ]
    page = "".join(render_html(view_of(replace(material, acceptances=accepted)), language))
    for word in (*words, ONE.id, "批复.pdf", "王五"):
        assert word in page
    assert "<script>alert(1)</script>" not in page
    assert "acceptances" not in "".join(render_html(view_of(material), language))


def test_the_view_follows_its_schema(material: Material) -> None:
    accepted = of_sample(replace(ONE, check=EMPTY), replace(ONE, id="oa-2"), revoked=["oa-2"])
    view = json.loads(json.dumps(view_of(replace(material, acceptances=accepted))))
    schema = json.loads((content_dir("reports") / "self-assessment" / "view.schema.json").read_text("utf-8"))
    assert [error.message for error in Draft202012Validator(schema).iter_errors(view)] == []
    assert view["acceptances"][1]["revoked"]["person"] == "王五"
