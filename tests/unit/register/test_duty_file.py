"""Filing, evaluations, drills and grading in system files: what is read, what is refused and where."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from secaudit.model.grading import Degree, Harmed
from secaudit.register import load_register
from tests.unit.register.workspaces import SYSTEM, make, problems_in

DUTIES = """\
graded_on: 2025-01-15
in_operation_on: 2025-02-10
filing_state: filed
filing_number: 11010099999-00001
filed_on: 2025-03-01
filing_organ: 市公安局
filing_certificate: 证 1
filing_valid_until: 2128-02-28
evaluated_on: 2025-09-15
evaluation_institution: 某测评机构
evaluation_conclusion: 基本符合
evaluation_score: 92.5%
evaluation_report: 11010099999-00001-25-0001-01
self_assessed_on: 2025-06-30
self_assessment_conclusion: 良
self_assessment_score: 85.32
cryptography_assessed_on: 2025-10-20
cryptography_institution: 某密评机构
cryptography_conclusion: 符合
cryptography_score: 80
emergency_drilled_on: 2025-11-05
recovery_drilled_on: 2025-11-06
grading:
  information: {citizens: serious, society: serious, what: 公文}
  service: {society: general, why: 停办}
"""
TOMORROW = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()


def test_everything_on_record_is_read(tmp_path: Path) -> None:
    (system,) = load_register(make(tmp_path, SYSTEM + DUTIES)).systems
    assert (system.graded_on, system.in_operation_on) == (date(2025, 1, 15), date(2025, 2, 10))
    assert (system.is_filed, system.filing_number, system.filing_organ) == (
        True,
        "11010099999-00001",
        "市公安局",
    )
    assert (system.filing_valid_until, system.evaluation_report[-5:]) == (date(2128, 2, 28), "01-01")
    assert (system.evaluation_score, system.self_assessment_score, system.cryptography_score) == (
        "92.5%",
        "85.32",
        "80",
    )
    assert (system.emergency_drilled_on, system.recovery_drilled_on) == (date(2025, 11, 5), date(2025, 11, 6))
    assert system.grading is not None
    assert str(system.grading) == "S3A2G3"
    assert system.grading.information.degrees == (
        (Harmed.CITIZENS, Degree.SERIOUS),
        (Harmed.SOCIETY, Degree.SERIOUS),
    )
    assert (system.grading.information.what, system.grading.service.why) == ("公文", "停办")


def test_a_number_alone_is_a_filing_and_nothing_is_none(tmp_path: Path) -> None:
    (system,) = load_register(make(tmp_path, SYSTEM + "filing_number: 11010099999-00001\n")).systems
    assert system.is_filed
    (system,) = load_register(make(tmp_path, SYSTEM)).systems
    assert not system.is_filed


@pytest.mark.parametrize(
    ("lines", "line", "field", "said"),
    [
        (f"filed_on: {TOMORROW}", 11, "filed_on", "not in the future"),
        ("graded_on: 2025-02-30", 11, "graded_on", "a real date"),
        ("filing_valid_until: 28.2.2028", 11, "filing_valid_until", "a real date"),
        ("filing_state: yes", 11, "filing_state", "one of filed, not-filed, exempt"),
        ("filing_state: filed", 1, "filing_number", "required for filing_state: filed"),
        ("filing_state: exempt", 1, "filing_reason", "required for filing_state: exempt"),
        ("filing_state: not-filed\nfiled_on: 2025-01-01", 12, "filed_on", "nothing expected"),
        (
            "filing_number: 11010099999-00001\nfiled_on: 2025-03-01\nfiling_valid_until: 2025-02-28",
            13,
            "filing_valid_until",
            "after filed_on",
        ),
        ("evaluation_conclusion: 良", 1, "evaluated_on", "together with evaluation_conclusion"),
        ("self_assessment_score: 80", 1, "self_assessed_on", "together with self_assessment_score"),
        ("cryptography_institution: x", 1, "cryptography_assessed_on", "together with"),
        ("evaluated_on: 2025-01-01\nevaluation_conclusion: 好", 12, "evaluation_conclusion", "one of 优, 良"),
        ("evaluated_on: 2025-01-01\nevaluation_score: 100.01", 12, "evaluation_score", "from 0 to 100"),
        ("evaluated_on: 2025-01-01\nevaluation_score: true", 12, "evaluation_score", "from 0 to 100"),
        ("evaluated_on: 2025-01-01\nevaluation_score: 8 5", 12, "evaluation_score", "from 0 to 100"),
        ("evaluated_on: 2025-01-01\nevaluation_report: 25-1", 12, "evaluation_report", "a report number"),
        (
            "cryptography_assessed_on: 2025-01-01\ncryptography_conclusion: 优",
            12,
            "cryptography_conclusion",
            "one of 符合",
        ),
        (
            "grading: {information: {society: bad}, service: {society: general}}",
            11,
            "society",
            "one of general",
        ),
        (
            "grading: {information: {what: x}, service: {society: general}}",
            11,
            "information",
            "at least one of",
        ),
        ("grading: {information: {society: general}}", 11, "service", "is required"),
        (
            "grading: {information: {society: general, what: 国家秘密}, service: {society: general}}",
            11,
            "what",
            "BMB17",
        ),
    ],
)
def test_mistakes_are_named_with_their_line(
    tmp_path: Path, lines: str, line: int, field: str, said: str
) -> None:
    (problem,) = problems_in(make(tmp_path, SYSTEM + lines + "\n"))
    assert (problem.line, problem.field.endswith(field)) == (line, True), problem
    assert said in problem.expected


SURVEY = """\
data_sets:
  - id: d
    name: D
    asset: web1
    method: m
    rpo_h: 1
    rto_h: 1
"""


def test_the_data_survey_is_read(tmp_path: Path) -> None:
    text = (
        "    category: 政务\n    data_grade: important\n    personal: sensitive\n    persons: 3\n    volume_gb: 0\n"
        "    monthly_growth_gb: 1\n    origin: 自采\n    storage: 政务云\n    recipients: 无\n"
        "    cross_border: false\n    responsible: 甲\n"
    )
    (system,) = load_register(make(tmp_path, SYSTEM + SURVEY + text)).systems
    found = system.data_sets[0]
    assert (found.category, found.data_grade, found.personal, found.persons) == (
        "政务",
        "important",
        "sensitive",
        3,
    )
    assert (found.volume_gb, found.monthly_growth_gb, found.cross_border) == (0, 1, False)
    assert (found.origin, found.storage, found.recipients, found.responsible) == (
        "自采",
        "政务云",
        "无",
        "甲",
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("data_grade: secret", "one of general, important, core"),
        ("personal: yes", "one of none, personal, sensitive"),
        ("persons: -1", "a number from 0"),
        ('volume_gb: "12"', "a whole number"),
        ("cross_border: no", "true or false"),
        ("category: 国家秘密数据", "BMB17"),
    ],
)
def test_mistakes_of_the_data_survey_are_named(tmp_path: Path, line: str, said: str) -> None:
    (problem,) = problems_in(make(tmp_path, SYSTEM + SURVEY + f"    {line}\n"))
    assert (problem.line, said in problem.expected) == (18, True), problem
