"""What may not be decided on a risk, and why."""

from typing import Any

import pytest

from secaudit.assess.objections import objection
from secaudit.model.risk import RiskAct, RiskLevel
from tests.unit.assess.risk_samples import HAZARD, HAZARDS, UNLIKELY, act, condition

CONFIRM, DOWNGRADE, EXCLUDE = RiskAct.CONFIRM, RiskAct.DOWNGRADE, RiskAct.EXCLUDE
CONDITIONS = {
    one.id: one
    for one in (
        condition(),
        condition("HR-NO", downgradable="no"),
        condition("HR-PART", downgradable="partial"),
        condition("HR-PLAIN", hazard=""),
        condition("HR-HA", scope="ha_required"),
        condition("HR-NET", scope="internet_facing"),
    )
}


@pytest.mark.parametrize(
    ("what", "risk", "details", "told"),
    [
        (CONFIRM, "HR-9", {}, "is no high-risk condition"),
        (CONFIRM, "HR-1", {"hazard": None}, "say whether it is relevant"),
        (CONFIRM, "HR-PLAIN", {}, "is no major hazard"),
        (CONFIRM, "HR-NO", {"hazard": UNLIKELY}, "may never be downgraded, so A-01"),
        (CONFIRM, "HR-PART", {"hazard": UNLIKELY}, "in some cases only (text)"),
        (CONFIRM, "A-01", {}, "through its conditions: HR-1, HR-NO"),
        (CONFIRM, "A-31", {"hazard": None}, "say whether it is relevant"),
        (CONFIRM, "ces.x.a", {"hazard": None}, "is an item"),
        (DOWNGRADE, "HR-NO", {}, "may never be downgraded"),
        (DOWNGRADE, "HR-PART", {}, "in some cases only (text)"),
        (DOWNGRADE, "A-31", {}, "revoke that instead"),
        (DOWNGRADE, "ces.x.a", {}, "to low alone"),
        (EXCLUDE, "HR-1", {}, "concerns every system"),
        (EXCLUDE, "HR-NET", {}, "correct it there"),
    ],
)
def test_it_is_refused_with_the_reason(what: RiskAct, risk: str, details: dict[str, Any], told: str) -> None:
    assert told in objection(act(what, risk=risk, **details), CONDITIONS, HAZARDS)


@pytest.mark.parametrize(
    ("what", "risk", "details"),
    [
        (CONFIRM, "HR-1", {}),
        (CONFIRM, "HR-1", {"hazard": UNLIKELY}),
        (CONFIRM, "HR-NO", {"hazard": HAZARD}),
        (CONFIRM, "HR-PART", {"hazard": UNLIKELY, "case": "无备份情形"}),
        (CONFIRM, "HR-PLAIN", {"hazard": None}),
        (CONFIRM, "A-31", {}),
        (RiskAct.RECTIFY, "HR-1", {}),
        (DOWNGRADE, "HR-1", {}),
        (DOWNGRADE, "HR-PART", {"case": "无备份情形"}),
        (DOWNGRADE, "ces.x.a", {"level": RiskLevel.LOW}),
        (EXCLUDE, "HR-HA", {}),
        (RiskAct.REVOKE, "HR-NO", {}),
        (RiskAct.REVOKE, "A-31", {}),
        (RiskAct.REVOKE, "ces.x.a", {}),
    ],
)
def test_nothing_stands_against_it(what: RiskAct, risk: str, details: dict[str, Any]) -> None:
    assert objection(act(what, risk=risk, **details), CONDITIONS, HAZARDS) == ""
