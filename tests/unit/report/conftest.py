"""A small system with hostile texts, assessed by hand: what the report is tried on."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from secaudit.facts.catalogue import BUILT_IN
from secaudit.facts.os import OS_RELEASE
from secaudit.model.assessment import (
    Assessment,
    Conclusion,
    Coverage,
    Decider,
    ItemOutcome,
    ObjectOutcome,
    StepOutcome,
    StepState,
)
from secaudit.model.content import Check, HighRisk, Profile, References, Requirement, SeenBy, Severity, Step
from secaudit.model.evidence import Gap, GapReason, Observation
from secaudit.model.register import Asset, Authorisation, Contact, Grade, Organisation, Reach, System
from secaudit.model.result import Offender, Result, Verdict
from secaudit.model.run import AssetPlan, AssetRecord, Expected, Plan, Run, RunState, Versions
from secaudit.model.text import Text
from secaudit.register.windows import window_from
from secaudit.report import Material

HOSTILE = "<script>alert(1)</script>\x1b[31m\x00\u202e=cmd"
START = datetime(2026, 3, 2, 23, 0, tzinfo=UTC)
VERSIONS = Versions("0.1.0", "3.11.2", "c0ffee" * 10)
EMPTY, AGE = "linux.identity.no_empty_password", "linux.identity.password_max_age"


def check(check_id: str, step: str, severity: Severity) -> Check:
    """A check that proves one step."""
    return Check(
        check_id,
        Text(f"检查 {check_id}", f"Check {check_id}"),
        severity,
        "linux",
        ("os",),
        Text("逐个整改。", "Fix each."),
        proves=(step,),
        high_risk=(HighRisk("HR-15", Text("空口令可登录", "empty password")),),
    )


CHECKS = {
    EMPTY: check(EMPTY, "ces.authentication.a#3", Severity.HIGH),
    AGE: check(AGE, "ces.authentication.a#4", Severity.MEDIUM),
}
SYSTEM = System(
    "oa",
    "协同办公系统 <b>",
    "bureau",
    Grade(3, 3),
    filing_number="31010000000-00001",
    contacts=(Contact("安全管理员", "值班岗"),),
    assets=tuple(
        Asset(f"h{n}", "linux", f"主机{n}", f"192.0.2.{n}", "dmz", reach=Reach("ssh")) for n in (1, 2, 3)
    ),
)


AUTHORISATION = Authorisation(
    "2026-01",
    ("oa",),
    HOSTILE,
    "No. 15",
    START,
    START + timedelta(days=30),
    port_scan=True,
    zones=("dmz",),
    windows=(window_from("mon-fri 22:00-05:00"),),
)


def step(number: int) -> Step:
    """A step of the item that the sample judges."""
    return Step(
        f"ces.authentication.a#{number}",
        number,
        ("核查",),
        ("host",),
        Text(f"第{number}步满足吗", f"Is step {number} met"),
        SeenBy.MACHINE,
        ("linux",),
    )


REQUIREMENT = Requirement(
    "ces.authentication.a", 3, "8.1.4.1", "a", "安全计算环境", "CES",
    Text("身份鉴别", "Authentication"), "L3-CES1-01", "S", Text("身份鉴别", "Authentication"),
    "full", "all", (step(3), step(4)),
)  # fmt: skip


def observation(output: bytes, gap: Gap | None = None) -> Observation:
    """An answer to the probe of the sample."""
    probe = OS_RELEASE
    return Observation(probe.id, probe.definition_hash, probe.command, gap, output, b"", 0, False, 12, 3)


OBSERVATIONS: Mapping[str, tuple[Observation, ...]] = {
    "h1": (observation(b"ID=debian\nPRETTY_NAME='" + HOSTILE.encode() + b"'\nVERSION_ID=12\n"),),
    "h2": (observation(b"\xff\xfe" + b"x" * 9000),),
    "h3": (observation(b"", Gap(GapReason.AUTH_FAILED, "publickey")),),
}
RESULTS = {
    "h1": (
        Result(
            EMPTY,
            "h1",
            "h1",
            Verdict.FAIL,
            (Offender(HOSTILE, Text("口令字段为空", "an empty password field"), Text(HOSTILE, HOSTILE)),),
            probes=("os.release",),
        ),
        Result(AGE, "h1", "h1", Verdict.PASS),
    ),
    "h2": (
        Result(EMPTY, "h2", "h2", Verdict.PASS),
        Result(AGE, "h2", "h2", Verdict.UNKNOWN, gap=Gap(GapReason.UNPARSABLE, "line 1"), gap_source="os"),
    ),
    "h3": tuple(
        Result(name, "h3", "h3", Verdict.UNKNOWN, gap=Gap(GapReason.AUTH_FAILED, HOSTILE), gap_source="os")
        for name in (EMPTY, AGE)
    ),
}


def record(asset_id: str) -> AssetRecord:
    """What the store has of one asset."""
    gap = Gap(GapReason.AUTH_FAILED, "publickey") if asset_id == "h3" else None
    target = None if gap else START + timedelta(seconds=2)
    end = START + timedelta(seconds=4)
    return AssetRecord(
        *(asset_id, START, end, target, "2026-01", gap, {"user": "audit"}, RESULTS[asset_id], 7),
        authorised=AUTHORISATION,
    )


def outcomes() -> tuple[ObjectOutcome, ...]:
    """The item on each host."""
    states = {
        "h1": (StepState.NOT_MET, StepState.MET, Conclusion.NOT_COMPLIANT, Conclusion.NOT_COMPLIANT),
        "h2": (StepState.MET, StepState.OPEN, Conclusion.PARTLY, Conclusion.COMPLIANT),
        "h3": (StepState.OPEN, StepState.OPEN, Conclusion.NOT_COMPLIANT, Conclusion.COMPLIANT),
    }
    made = []
    for asset_id, (first, second, worst, best) in states.items():
        steps = tuple(
            StepOutcome(
                step(number),
                state,
                Decider.EVIDENCE_MISSING if state is StepState.OPEN else Decider.MACHINE,
                (result,),
            )
            for number, state, result in zip((3, 4), (first, second), RESULTS[asset_id], strict=True)
        )
        conclusion = worst if worst is best else Conclusion.OPEN
        made.append(ObjectOutcome(asset_id, "host", True, conclusion, worst, best, steps))
    return tuple(made)


@pytest.fixture
def material() -> Material:
    """The sample, ready for a report."""
    item = ItemOutcome(REQUIREMENT, Conclusion.OPEN, Conclusion.NOT_COMPLIANT, Conclusion.PARTLY, outcomes())
    verdicts = {"PASS": 2, "PARTIAL": 0, "FAIL": 1, "NOT_APPLICABLE": 0, "UNKNOWN": 3, "MANUAL": 0}
    assessment = Assessment("oa", 3, (item,), (Coverage("CES", 1, 6, 3, 0, 0, 3),), 6, verdicts)
    expected = tuple(Expected(name, "") for name in CHECKS)
    plans = tuple(AssetPlan("oa", asset.id, (OS_RELEASE,), expected, "2026-01") for asset in SYSTEM.assets)
    organisations = (Organisation("city", "某市"), Organisation("bureau", "某局", "city"))
    plan = Plan(organisations, (SYSTEM,), {"oa": Profile("level-3", 3, Text("三级", "Level 3"))}, plans)
    run = Run("20260302-2300", RunState.COMPLETE, START, START + timedelta(minutes=1), plan, VERSIONS)
    return Material(
        office="某市网络安全办公室",
        organisations=("某市", "某局"),
        system=SYSTEM,
        run=run,
        profile="level-3",
        assessment=assessment,
        records=[record(asset.id) for asset in SYSTEM.assets],
        planned=6,
        observations=OBSERVATIONS.__getitem__,
        checks=CHECKS,
        facts=BUILT_IN,
        references=References(),
        judgement=0,
        judged_at=START,
        judged_by=VERSIONS,
        generated_at=START + timedelta(minutes=2),
    )
