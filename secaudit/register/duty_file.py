"""Filing, evaluations, drills and grading as a system file has them."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Final, Self

from pydantic import AfterValidator, BeforeValidator, model_validator

from secaudit.document import Document
from secaudit.errors import Problem
from secaudit.language import _
from secaudit.model.grading import Degree, Grading, Harm, Harmed
from secaudit.register.kinds import CONCLUSIONS, CRYPTOGRAPHY_CONCLUSIONS, FILING_STATES
from secaudit.register.part import Part
from secaudit.register.values import FilingNumber, FreeText, PastDate, one_of, real_date, word_of

_SCORE: Final = re.compile(r"(100|[0-9]{1,2})(\.[0-9]{1,2})?%?")
_REPORT: Final = re.compile(r"[0-9]{11}-[0-9]{5}-[0-9]{2}-[0-9]{4}-[0-9]{2}")


def _score(read: object) -> str:
    text = str(read) if isinstance(read, (int, float, str)) and not isinstance(read, bool) else ""
    if not _SCORE.fullmatch(text) or float(text.rstrip("%")) > 100:
        raise ValueError(_("a score from 0 to 100 like 85.32, or a rate like 92.5%, expected"))
    return text


def _report_number(text: str) -> str:
    if not _REPORT.fullmatch(text):
        raise ValueError(_("a report number like 11010099999-00001-25-0001-01 expected"))
    return text


Score = Annotated[str, BeforeValidator(_score)]
ReportNumber = Annotated[str, AfterValidator(_report_number)]
RealDate = Annotated[date | None, BeforeValidator(real_date)]
Conclusion = Annotated[str, one_of(CONCLUSIONS)]
GivenDegree = Annotated[Degree | None, word_of(Degree)]


class HarmPart(Part):
    """``information:`` or ``service:`` of ``grading:``; at least one object with its degree."""

    citizens: GivenDegree = None
    society: GivenDegree = None
    state: GivenDegree = None
    what: FreeText = ""
    why: FreeText = ""

    @model_validator(mode="after")
    def _harms(self) -> Self:
        if not self.degrees:
            objects = ", ".join(Harmed)
            raise ValueError(_("at least one of {choices} expected").format(choices=objects))
        return self

    @property
    def degrees(self) -> tuple[tuple[Harmed, Degree], ...]:
        given = ((harmed, getattr(self, harmed.value)) for harmed in Harmed)
        return tuple((harmed, degree) for harmed, degree in given if degree is not None)

    def harm(self) -> Harm:
        return Harm(self.degrees, self.what, self.why)


class GradingPart(Part):
    """``grading:``: why the system has its level."""

    information: HarmPart
    service: HarmPart

    def grading(self) -> Grading:
        return Grading(self.information.harm(), self.service.harm())


class DutyPart(Part):
    """The fields of ``DutyRecord`` at the top of a system file."""

    graded_on: PastDate = None
    in_operation_on: PastDate = None
    filing_state: Annotated[str, one_of(FILING_STATES)] = ""
    filing_number: FilingNumber = ""
    filed_on: PastDate = None
    filing_organ: FreeText = ""
    filing_certificate: FreeText = ""
    filing_valid_until: RealDate = None
    filing_reason: FreeText = ""
    evaluated_on: PastDate = None
    evaluation_institution: FreeText = ""
    evaluation_conclusion: Conclusion = ""
    evaluation_score: Score = ""
    evaluation_report: ReportNumber = ""
    self_assessed_on: PastDate = None
    self_assessment_conclusion: Conclusion = ""
    self_assessment_score: Score = ""
    cryptography_assessed_on: PastDate = None
    cryptography_institution: FreeText = ""
    cryptography_conclusion: Annotated[str, one_of(CRYPTOGRAPHY_CONCLUSIONS)] = ""
    cryptography_score: Score = ""
    emergency_drilled_on: PastDate = None
    recovery_drilled_on: PastDate = None
    grading: GradingPart | None = None

    def duties(self) -> dict[str, Any]:
        """The fields of ``DutyRecord``."""
        fields = {name: getattr(self, name) for name in DutyPart.model_fields}
        return {**fields, "grading": self.grading.grading() if self.grading else None}


DUTY_FIELDS: Final = tuple(name for name in DutyPart.model_fields if name != "grading")

# A result says nothing without its date.
_DATED: Final = {
    "evaluated_on": (
        "evaluation_institution",
        "evaluation_conclusion",
        "evaluation_score",
        "evaluation_report",
    ),
    "self_assessed_on": ("self_assessment_conclusion", "self_assessment_score"),
    "cryptography_assessed_on": (
        "cryptography_institution",
        "cryptography_conclusion",
        "cryptography_score",
    ),
}


def duty_problems(document: Document) -> Iterator[Problem]:
    """What does not fit together in the duties of a system file."""
    read = document.data if isinstance(document.data, dict) else {}
    for day, results in _DATED.items():
        said = next((name for name in results if read.get(name)), None)
        if said and not read.get(day):
            told = _("is required together with {field}").format(field=said)
            yield document.problem((day,), None, told)
    yield from _filing_problems(document, read)


def _filing_problems(document: Document, read: dict[str, Any]) -> Iterator[Problem]:
    state = read.get("filing_state")
    if state == "filed" and not read.get("filing_number"):
        yield document.problem(("filing_number",), None, _("is required for filing_state: filed"))
    if state == "exempt" and not str(read.get("filing_reason") or "").strip():
        yield document.problem(("filing_reason",), None, _("is required for filing_state: exempt"))
    if state in ("not-filed", "exempt"):
        for name in ("filing_number", "filed_on", "filing_certificate", "filing_valid_until"):
            if read.get(name):
                told = _("nothing expected together with filing_state: {state}").format(state=state)
                yield document.problem((name,), read[name], told)
    begun, ends = read.get("filed_on"), read.get("filing_valid_until")
    if isinstance(begun, str) and isinstance(ends, str) and ends < begun:  # ISO dates sort as text
        yield document.problem(("filing_valid_until",), ends, _("a date after filed_on expected"))
