"""What is due when: by cycle and level, from what is on record, at the edges of the calendar."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.model.acceptance import Acceptance, AcceptanceKind, Revocation
from secaudit.model.attestation import Answer, Attestation
from secaudit.model.due import Due, DueState, Duty
from secaudit.model.register import Asset, Grade, Register, System
from secaudit.model.risk import Ground, RiskAct, RiskDecision
from secaudit.register import load_settings
from secaudit.register.acceptances import AcceptancesOnRecord
from secaudit.register.cycles import CYCLES, months_later
from secaudit.register.due import (
    due_by_cycles,
    due_filings,
    expiring_acceptances,
    expiring_answers,
    expiring_decisions,
)
from tests.unit.register.workspaces import WORKSPACE, make, problems_in

DAY = date(2026, 3, 1)
OA = System("oa", "OA", "office", Grade(3, 3), assets=(Asset("web", "linux", "web"),))


def _of(system: System, duty: Duty) -> Due | None:
    return next((one for one in due_by_cycles([system], {}) if one.duty is duty), None)


@pytest.mark.parametrize(
    ("level", "duty", "months"),
    [
        (2, Duty.EVALUATION, 24),
        (3, Duty.EVALUATION, 12),
        (4, Duty.EVALUATION, 12),
        (3, Duty.SELF_ASSESSMENT, 12),
        (4, Duty.SELF_ASSESSMENT, 6),
        (3, Duty.CRYPTOGRAPHY, 12),
        (4, Duty.CRYPTOGRAPHY, 12),
        (2, Duty.EMERGENCY_DRILL, 12),
        (3, Duty.EMERGENCY_DRILL, 12),
        (3, Duty.RECOVERY_DRILL, 12),
    ],
)
def test_each_duty_comes_round_by_level(level: int, duty: Duty, months: int) -> None:
    record = next(cycle.record for cycle in CYCLES if cycle.duty is duty)
    done: dict[str, Any] = {record: DAY}
    system = replace(OA, grade=Grade(level, level), **done)
    found = _of(system, duty)
    assert found is not None
    assert (found.last, found.due_on) == (DAY, months_later(DAY, months))
    assert found.rule.startswith(f"every {months} months at level {level}")


def test_level_1_owes_nothing_and_level_2_no_self_assessment() -> None:
    low = replace(OA, grade=Grade(1, 1))
    assert list(due_by_cycles([low], {})) == list(due_filings([low])) == []
    second = replace(OA, grade=Grade(2, 2))
    assert {one.duty for one in due_by_cycles([second], {})} == {Duty.EVALUATION, Duty.EMERGENCY_DRILL}


def test_nothing_on_record_counts_from_the_beginning_but_for_evaluations_before_operation() -> None:
    begun = replace(OA, in_operation_on=DAY, graded_on=DAY - timedelta(days=9))
    drill, evaluation = _of(begun, Duty.EMERGENCY_DRILL), _of(begun, Duty.EVALUATION)
    assert drill is not None
    assert evaluation is not None
    assert (drill.last, drill.due_on) == (None, date(2027, 2, 20))
    assert (evaluation.due_on, evaluation.state(DAY, 30)) == (None, DueState.UNRECORDED)
    second = _of(replace(begun, grade=Grade(2, 2)), Duty.EVALUATION)
    assert second is not None
    assert second.due_on == date(2028, 2, 20)


def test_an_office_sets_cycles_of_its_own(tmp_path: Path) -> None:
    own = 'cycles: {self_assessment: {"2": 12, 3: 6}}\n'
    cycles = load_settings(make(tmp_path, settings=WORKSPACE + own)).cycles
    second = replace(OA, grade=Grade(2, 2), self_assessed_on=DAY)
    (found,) = [one for one in due_by_cycles([second], cycles) if one.duty is Duty.SELF_ASSESSMENT]
    assert (found.due_on, found.source) == (date(2027, 3, 1), "secaudit.yaml")
    (found,) = [
        one
        for one in due_by_cycles([replace(OA, self_assessed_on=DAY)], cycles)
        if one.source == "secaudit.yaml"
    ]
    assert found.due_on == date(2026, 9, 1)


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ("{evaluation: {3: 24}}", "at most 12 months"),
        ("{evaluation: {5: 12}}", "one of"),
        ("{evaluation: {3: 0}}", "a number from 1"),
        ("{audit: {3: 1}}", "unknown field"),
    ],
)
def test_no_rule_in_force_is_stretched(tmp_path: Path, own: str, said: str) -> None:
    problems = problems_in(make(tmp_path, settings=f"{WORKSPACE}cycles: {own}\n"))
    assert [said in problem.expected for problem in problems] == [True], problems


@pytest.mark.parametrize(
    ("system", "duty", "due_on"),
    [
        (OA, Duty.FILING, None),
        (replace(OA, graded_on=DAY), Duty.FILING, date(2026, 3, 31)),
        (replace(OA, graded_on=DAY, in_operation_on=date(2026, 5, 1)), Duty.FILING, date(2026, 5, 31)),
        (replace(OA, filing_state="not-filed", in_operation_on=DAY), Duty.FILING, date(2026, 3, 31)),
        (replace(OA, filing_number="11010099999-00001"), Duty.CERTIFICATE, None),
        (replace(OA, filing_state="filed", filing_valid_until=DAY), Duty.CERTIFICATE, DAY),
    ],
)
def test_filings_and_certificates(system: System, duty: Duty, due_on: date | None) -> None:
    (found,) = due_filings([system])
    assert (found.duty, found.due_on) == (duty, due_on)


def test_who_is_exempt_files_nothing() -> None:
    assert list(due_filings([replace(OA, filing_state="exempt", filing_reason="x")])) == []


@pytest.mark.parametrize(
    ("today", "within", "state"),
    [
        (DAY + timedelta(days=1), 30, DueState.OVERDUE),
        (DAY, 0, DueState.DUE),
        (DAY - timedelta(days=1), 0, DueState.LATER),
        (DAY - timedelta(days=30), 30, DueState.DUE),
        (DAY - timedelta(days=31), 30, DueState.LATER),
    ],
)
def test_the_day_itself_is_in_time(today: date, within: int, state: DueState) -> None:
    assert Due("oa", Duty.EVALUATION, None, DAY, "", "").state(today, within) is state


def test_a_certificate_is_due_three_months_before_its_end() -> None:
    (found,) = due_filings([replace(OA, filing_state="filed", filing_valid_until=DAY)])
    assert found.state(date(2025, 12, 1), 0) is DueState.DUE
    assert found.state(date(2025, 11, 30), 0) is DueState.LATER


def _answer(
    day: date, until: date, object_id: str = "", system: str = "", organisation: str = ""
) -> Attestation:
    return Attestation(
        "mms.policy.a#1",
        Answer.MET,
        "甲",
        day,
        until,
        object_id=object_id,
        system=system,
        organisation=organisation,
    )


def test_answers_end_by_day_and_replaced_ones_do_not_count() -> None:
    found = list(
        expiring_answers(
            [
                _answer(DAY, DAY, system="oa"),
                _answer(DAY + timedelta(days=1), date(2027, 1, 1), system="oa"),
                _answer(DAY, date(2027, 1, 1), "web", system="oa"),
                _answer(DAY, DAY, "gone", system="oa"),
                _answer(DAY, date(2027, 2, 1), "room", system="oa"),
                _answer(DAY, DAY, organisation="office"),
            ],
            {"oa": {"web", "room"}},
        )
    )
    assert [(one.owner, one.due_on, one.count) for one in found] == [
        ("oa", date(2027, 1, 1), 2),
        ("oa", date(2027, 2, 1), 1),
        ("office", DAY, 1),
    ]


def _acceptance(name: str, until: date, system: str = "oa", check: str = "linux.a.b") -> Acceptance:
    return Acceptance(
        name, system, AcceptanceKind.RISK, "r", "m", "甲", "乙", "d", date(2026, 1, 1), until, check=check
    )


def test_acceptances_end_unless_revoked_followed_or_of_a_system_that_is_gone() -> None:
    accepted = (
        _acceptance("1", DAY),
        _acceptance("2", date(2027, 1, 1)),
        _acceptance("3", DAY, check="linux.c.d"),
        _acceptance("4", DAY, check="linux.e.f"),
        _acceptance("5", DAY, system="gone"),
        replace(
            _acceptance("6", date(2027, 1, 1), check="linux.g.h"), kind=AcceptanceKind.DEFERRAL, deadline=DAY
        ),
    )
    on_record = AcceptancesOnRecord(accepted, {"4": Revocation("4", "丙", DAY, "r")})
    found = sorted(
        expiring_acceptances(Register((), (OA,)), on_record), key=lambda one: one.count, reverse=True
    )
    assert [(one.due_on, one.count) for one in found] == [(DAY, 2), (date(2027, 1, 1), 1)]


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(-60, 60))
def test_months_later_is_the_same_day_or_the_last_of_its_month(day: date, months: int) -> None:
    later = months_later(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later + timedelta(days=1)).day == 1


def test_a_leap_day_has_its_anniversary() -> None:
    assert months_later(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert months_later(date(2026, 8, 31), -6) == date(2026, 2, 28)


def _decision(
    act: RiskAct, until: date, *places: str, risk: str = "HR-01", system: str = "oa"
) -> RiskDecision:
    grounds = tuple(Ground(place, "linux.a.b") for place in places)
    return RiskDecision(system, risk, act, "甲", DAY, until, "r", grounds)


def test_decisions_on_risks_end_unless_a_later_act_followed() -> None:
    later = date(2027, 1, 1)
    decisions = [
        _decision(RiskAct.DOWNGRADE, DAY, "web", "db"),
        _decision(RiskAct.DOWNGRADE, later, "db"),
        _decision(RiskAct.CONFIRM, DAY, "web", risk="HR-02"),
        _decision(RiskAct.EXCLUDE, DAY, risk="HR-03"),
        _decision(RiskAct.DOWNGRADE, DAY, "web", risk="HR-04"),
        _decision(RiskAct.REVOKE, DAY, "web", risk="HR-04"),
        _decision(RiskAct.EXCLUDE, DAY, risk="HR-05", system="gone"),
    ]
    found = expiring_decisions(Register((), (OA,)), decisions)
    assert {(one.due_on, one.count) for one in found} == {(DAY, 3), (later, 1)}
