"""What the register says against judging an item: the provider's by a complete record, else open with the reason."""

from dataclasses import replace
from datetime import date

import pytest

from secaudit.assess import assess
from secaudit.assess.answers import Answers
from secaudit.assess.exemptions import last_day
from secaudit.model.assessment import Assessment, Conclusion, Decider, Exemption, ItemOutcome
from secaudit.model.attestation import Answer
from secaudit.model.content import Requirement
from secaudit.model.register import Asset, System
from secaudit.model.result import Verdict
from secaudit.model.scope import Platform
from tests.unit.assess import samples

TODAY = date(2026, 11, 23)
PLATFORM = Platform(
    name="政务云",
    items=("pes", "cns.architecture.a", "L3-CES2", "smc.central-control.d"),
    filing_number="11010099999-00009",
    level=3,
    report_number="11010099999-00009-26-0001-01",
    report_date=date(2026, 2, 1),
    split="责任划分书",
)
ROOM = samples.requirement(samples.step(objects=("machine-room",), key="pes.fire.a"), key="pes.fire.a")
LOG = samples.requirement(
    samples.step(objects=("other:audit-system",), key="smc.central-control.d"), key="smc.central-control.d"
)
UNIT = samples.requirement(samples.step(objects=("system",), key="L3-CES2-04"), key="L3-CES2-04")


def tenant(platform: Platform | None = PLATFORM, *assets: Asset) -> System:
    return replace(samples.system(*assets), platform=platform)


def item(
    system: System,
    requirement: Requirement = ROOM,
    verdict: Verdict | None = None,
    answers: Answers | None = None,
) -> ItemOutcome:
    """The item, where one host gave this verdict on its only step."""
    return assessed(system, requirement, verdict, answers).items[0]


def assessed(
    system: System, requirement: Requirement, verdict: Verdict | None, answers: Answers | None
) -> Assessment:
    records = [samples.record(samples.result(verdict))] if verdict else []
    checks = samples.checks(samples.check(proves=(requirement.steps[0].id,))) if verdict else {}
    return assess(system, samples.catalogue(requirement), checks, records, answers or Answers({}, TODAY))


@pytest.mark.parametrize("requirement", [ROOM, LOG, UNIT])
def test_an_item_of_the_provider_does_not_apply_by_a_complete_record(requirement: Requirement) -> None:
    found = item(tenant(), requirement)
    assert found.conclusion is found.worst is found.best is Conclusion.NOT_APPLICABLE
    (step,) = found.objects[0].steps
    assert (step.decider, step.exemptions) == (Decider.REGISTER, (Exemption.PROVIDER,))


@pytest.mark.parametrize(
    ("change", "exemption"),
    [
        ({"filing_number": ""}, Exemption.FILING_MISSING),
        ({"level": 0}, Exemption.LEVEL_MISSING),
        ({"level": 2}, Exemption.LEVEL_LOWER),
        ({"report_number": ""}, Exemption.REPORT_MISSING),
        ({"report_date": None}, Exemption.REPORT_DATE_MISSING),
        ({"report_date": date(2026, 11, 24)}, Exemption.REPORT_LATER),
        ({"report_date": date(2025, 11, 23)}, Exemption.REPORT_EXPIRED),
        ({"split": ""}, Exemption.SPLIT_MISSING),
    ],
)
@pytest.mark.parametrize("requirement", [ROOM, UNIT])
def test_what_is_missing_leaves_the_item_open_with_the_reason(
    change: dict[str, object], exemption: Exemption, requirement: Requirement
) -> None:
    found = item(tenant(replace(PLATFORM, **change)), requirement)  # type: ignore[arg-type]
    assert (found.conclusion, found.worst, found.best) == (
        Conclusion.OPEN,
        Conclusion.NOT_COMPLIANT,
        Conclusion.COMPLIANT,
    )
    (step,) = found.objects[0].steps
    assert (step.decider, step.exemptions) == (Decider.REGISTER, (exemption,))


def test_everything_that_is_missing_is_named() -> None:
    bare = Platform("云", ("pes",))
    (step,) = item(tenant(bare)).objects[0].steps
    assert step.exemptions == (
        Exemption.FILING_MISSING,
        Exemption.LEVEL_MISSING,
        Exemption.REPORT_MISSING,
        Exemption.REPORT_DATE_MISSING,
        Exemption.SPLIT_MISSING,
    )


def test_a_higher_platform_and_the_last_day_of_its_report_suffice() -> None:
    last = replace(PLATFORM, level=4, report_date=date(2025, 11, 24))
    assert item(tenant(last)).conclusion is Conclusion.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("day", "level", "last"),
    [
        (date(2026, 2, 1), 3, date(2027, 1, 31)),
        (date(2026, 2, 1), 4, date(2027, 1, 31)),
        (date(2026, 2, 1), 2, date(2028, 1, 31)),
        (date(2024, 2, 29), 3, date(2025, 2, 28)),
        (date(2026, 1, 1), 3, date(2026, 12, 31)),
    ],
)
def test_until_when_a_report_holds(day: date, level: int, last: date) -> None:
    assert last_day(day, level) == last


def test_what_the_tenant_has_itself_is_not_the_providers() -> None:
    room = samples.asset("room", "machine-room", "none")
    found = item(tenant(PLATFORM, samples.asset(), room))
    assert (found.conclusion, found.objects[0].steps[0].decider) == (Conclusion.OPEN, Decider.PERSON)


@pytest.mark.parametrize("platform", [PLATFORM, replace(PLATFORM, split="")])
def test_a_failure_is_never_hidden_by_the_platform(platform: Platform) -> None:
    found = item(tenant(platform), LOG, Verdict.FAIL)
    assert (found.conclusion, found.objects[0].steps[0].decider) == (
        Conclusion.NOT_COMPLIANT,
        Decider.MACHINE,
    )


@pytest.mark.parametrize("verdict", [Verdict.PASS, Verdict.UNKNOWN, Verdict.MANUAL])
def test_what_is_no_failure_does_not_make_it_ours(verdict: Verdict) -> None:
    assert item(tenant(), LOG, verdict).conclusion is Conclusion.NOT_APPLICABLE


def test_no_answer_stands_in_for_the_record_of_the_platform() -> None:
    said = samples.answer(Answer.NOT_APPLICABLE, "pes.fire.a#1", "")
    answers = Answers({("pes.fire.a#1", ""): said}, TODAY)
    assert item(tenant(replace(PLATFORM, split="")), answers=answers).conclusion is Conclusion.OPEN
    assert item(tenant(None), answers=answers).conclusion is Conclusion.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("named", "key", "owned"),
    [
        ("pes", "pes.fire.a", True),
        ("cns.architecture", "cns.architecture.a", True),
        ("cns.architecture.a", "cns.architecture.a3", False),
        ("cns.trusted", "cns.trusted-verification.a", False),
        ("L3-PES2", "L3-PES2-01", True),
        ("L3-PES2-01", "L3-PES2-01", True),
        ("L3-PES2-0", "L3-PES2-01", False),
        ("pes", "L3-PES2-01", False),
    ],
)
def test_which_items_are_the_providers(named: str, key: str, owned: bool) -> None:
    assert replace(PLATFORM, items=(named,)).owns(key) is owned


@pytest.mark.parametrize(
    ("key", "conclusion"),
    [("ces.authentication.a", Conclusion.NOT_APPLICABLE), ("ces.audit.a", Conclusion.OPEN)],
)
def test_software_that_nobody_logs_in_to_is_judged_at_its_host(key: str, conclusion: Conclusion) -> None:
    requirement = samples.requirement(samples.step(key=key, objects=("host", "middleware")), key=key)
    nginx = replace(samples.asset("nginx", "middleware", "none"), own_login=False)
    host, web = item(tenant(None, samples.asset(), nginx), requirement).objects
    assert (host.conclusion, web.conclusion) == (Conclusion.OPEN, conclusion)


def test_coverage_counts_what_the_register_decides() -> None:
    (row,) = assessed(tenant(), ROOM, None, None).coverage
    assert (row.steps, row.register) == (1, 1)
