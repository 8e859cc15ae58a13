"""Risks and what was decided on them, in the view and on the page."""

import json
from dataclasses import replace

import pytest
from jsonschema import Draft202012Validator

from secaudit.assess.risks import Risks
from secaudit.assess.standing import Standing
from secaudit.content.folder import content_dir
from secaudit.model.attestation import EvidenceFile
from secaudit.model.risk import HazardCriteria
from secaudit.model.text import Language
from secaudit.report import Material, view_of
from secaudit.report.html import render_html
from tests.unit.assess.risk_samples import act, risk
from tests.unit.report.conftest import HOSTILE

CRITERIA = HazardCriteria(relevant=True, severe=True, likely=True)


@pytest.fixture
def risky(material: Material) -> Material:
    """The sample with a risk in every state; a person wrote hostile text."""
    said = act(reason=HOSTILE, person=HOSTILE, files=(EvidenceFile(HOSTILE, "0" * 64),), hazard=CRITERIA)
    made = [risk(standing, name=f"HR-{number}") for number, standing in enumerate(Standing)]
    hostile = replace(made[0], rulings=(replace(made[0].rulings[0], decision=said),))
    reopened = replace(made[1], rulings=(replace(made[1].rulings[0], reopened=said),))
    return replace(material, risks=Risks((hostile, reopened, *made[2:])))


def test_the_view_holds_every_risk_and_follows_its_schema(risky: Material) -> None:
    schema = json.loads((content_dir("reports") / "self-assessment" / "view.schema.json").read_text("utf-8"))
    view = json.loads(json.dumps(view_of(risky)))
    assert [error.message[:200] for error in Draft202012Validator(schema).iter_errors(view)] == []
    assert [one["standing"] for one in view["risks"]] == [standing.value for standing in Standing]
    prediction = view["prediction"]
    assert (prediction["template"], prediction["hazards"]["text"]) == ("2025", "1")
    assert prediction["conclusion"]["refused_for"]["undecided_risks"] == ["HR-1"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_shows_them_safely(risky: Material, language: Language) -> None:
    page = "".join(render_html(view_of(risky), language))
    assert "<script>alert(1)" not in page
    assert "\x1b" not in page
    assert all(f"<b>HR-{number}</b>" in page for number in range(len(Standing)))
    for word in {
        "zh": ("未裁定", "已整改", "已降级", "不在适用范围", "依据有变", "（暂定）"),
        "en": ("undecided", "rectified", "downgraded", "not in scope", "has changed", "(provisional)"),
    }[language]:
        assert word in page


def test_a_page_without_risks_says_so(material: Material) -> None:
    assert "没有发现高风险情形" in "".join(render_html(view_of(material), "zh"))
