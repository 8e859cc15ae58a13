"""``assess --format json``: as its schema says, and no field changes without a new version."""

import json
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from secaudit.assess.figures import Template, figures_of
from secaudit.assess.risks import Risks
from secaudit.assess.standing import Standing
from secaudit.content.folder import content_dir
from secaudit.model.attestation import EvidenceFile
from secaudit.model.result import Verdict
from secaudit.model.risk import RiskAct
from secaudit.report.assessment import SCHEMA_VERSION, Shown, document_of, rounded
from tests.unit.assess import samples
from tests.unit.assess.risk_samples import GROUND, act, risk
from tests.unit.assess.test_candidates import assessed
from tests.unit.assess.test_risks import risks

SCHEMA = json.loads((content_dir("reports") / "assessment" / "assessment.schema.json").read_text("utf-8"))
FIELDS = Path(__file__).parent / "snapshots" / f"assessment-{SCHEMA_VERSION}.txt"


def shown(found: Risks, template: Template, *, provisional: bool = False) -> dict[str, Any]:
    """A small system with these risks, as a program reads it."""
    assessment = assessed(samples.result(Verdict.UNKNOWN), answers=(samples.answer(step_id="mms.x.a#1"),))
    figures = figures_of(assessment.items, found, template)
    one = Shown(samples.system(), "run", assessment, found, figures)
    document = document_of([one], samples.TODAY, template, provisional=provisional)
    read: dict[str, Any] = json.loads(json.dumps(document))
    return read


def complaints(document: dict[str, Any]) -> list[str]:
    errors = Draft202012Validator(SCHEMA).iter_errors(document)
    return [f"{list(error.absolute_path)}: {error.message[:200]}" for error in errors]


@pytest.mark.parametrize("template", list(Template))
@pytest.mark.parametrize("provisional", [True, False])
def test_it_follows_its_schema(template: Template, provisional: bool) -> None:
    Draft202012Validator.check_schema(SCHEMA)
    excluded = risks(act(RiskAct.EXCLUDE, grounds=())).risks
    decided = risks(act(files=(EvidenceFile("a.pdf", "0" * 64),)), act(risk="A-31")).risks
    reopened = risks(act(days_ago=400)).risks
    made = tuple(risk(standing) for standing in Standing)
    found = Risks((*excluded, *decided, *reopened, *made))
    assert complaints(shown(found, template, provisional=provisional)) == []


def test_no_field_changes_without_a_new_version() -> None:
    assert SCHEMA["properties"]["schema_version"] == {"const": SCHEMA_VERSION}
    assert "\n".join(fields(SCHEMA, "")) + "\n" == FIELDS.read_text("utf-8")


def fields(schema: Any, place: str) -> Iterator[str]:
    """Every place of a schema and what it may hold, a line each."""
    if isinstance(schema, dict):
        for key, value in schema.items():
            if key not in ("description", "title", "$schema"):
                yield from fields(value, f"{place}/{key}")
    else:
        yield f"{place}: {json.dumps(schema, ensure_ascii=False)}"


def test_what_is_refused_shows_why_and_no_range() -> None:
    (refused,) = shown(risks(), Template.OF_2025)["systems"]
    assert refused["conclusion"] == {
        "final": "",
        "worst": "",
        "best": "",
        "boundary": False,
        "refused_for": {"open_steps": 2, "undecided_risks": ["HR-1"]},
    }
    assert [(row["step"], row["objects"], row["reason"], row["gaps"]) for row in refused["open_steps"]] == [
        ("ces.x.a#1", ["h1"], "evidence_missing", [{"check": "linux.one", "reason": "needs_root"}]),
        ("mms.x.a#2", ["h1"], "person", []),
    ]
    (between,) = shown(risks(), Template.OF_2025, provisional=True)["systems"]
    assert (between["conclusion"]["worst"], between["conclusion"]["best"]) == ("不符合", "符合")


def test_hazards_are_written_as_before_rectification() -> None:
    made = [risk(Standing.CONFIRMED), risk(Standing.RECTIFIED, name="HR-2", code="A-02")]
    (found,) = shown(Risks(tuple(made)), Template.OF_2025)["systems"]
    assert found["hazards"] == {
        "sure": ["A-01", "A-02"],
        "may": [],
        "count": 2,
        "rectified": ["A-02"],
        "text": "2（1个已整改）",
    }


def test_what_a_person_wrote_is_shown_safely() -> None:
    said = replace(act(reason="一\x1b[2J\n二"), grounds=(GROUND,))
    (one,) = shown(risks(said), Template.OF_2025)["systems"][0]["risks"]
    assert one["groups"][0]["decision"]["reason"] == "一\\x1b[2J\n二"


@pytest.mark.parametrize(
    ("number", "expected"), [("1/3", 0.33), ("1/200", 0.01), ("285/4", 71.25), ("2/3", 0.67)]
)
def test_figures_are_rounded_for_display_alone(number: str, expected: float) -> None:
    assert rounded(Fraction(number)) == expected
