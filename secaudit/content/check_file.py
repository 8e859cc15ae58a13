"""A check's YAML file at the boundary: its fields and their kinds, turned into a Check."""

import hashlib
import json
import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from secaudit.document import Document, validated
from secaudit.model.content import Check, Example, HighRisk, Parameter, Severity
from secaudit.model.text import Text

# Deep nesting overflows the stack of CEL's compiler (seen from 10,000 levels on): length bounds depth.
Expression = Annotated[str, Field(max_length=2_000)]
Word = Literal["PASS", "PARTIAL", "FAIL", "NOT_APPLICABLE", "UNKNOWN", "MANUAL"]


_CHINESE = "[\u2e80-\u9fff\uff00-\uffef]"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class TextPart(_Part):
    """A text in both languages, neither empty."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def made(self) -> Text:
        """The text as the rest of the program knows it."""
        return Text(unfolded(self.zh), " ".join(self.en.split()))


def unfolded(text: str) -> str:
    """One line; where YAML folded a line between two Chinese characters no space is left."""
    return re.sub(rf"(?<={_CHINESE}) (?={_CHINESE})", "", " ".join(text.split()))


class _ParameterPart(_Part):
    default: Any
    tighten: Literal["lower", "higher", "subset", "superset", "fixed"]
    source: str = Field(min_length=1)


class _HighRiskPart(_Part):
    id: str
    case: TextPart


class _ExamplePart(_Part):
    name: str = Field(min_length=1)
    given: dict[str, Any]
    expect: Word
    object: str = ""
    parameters: dict[str, Any] = {}
    offenders: list[str] | None = None

    def made(self) -> Example:
        offenders = None if self.offenders is None else tuple(self.offenders)
        return Example(self.name, self.given, self.expect, self.object, self.parameters, offenders)


class CheckPart(_Part):
    """Everything a check file may hold."""

    title: TextPart
    proves: list[str] = []
    levels: list[Literal[1, 2, 3, 4]] = [1, 2, 3, 4]
    advisory: bool = False
    severity: Literal["low", "medium", "high"]
    veto: bool = False
    high_risk: list[_HighRiskPart] = []
    applies_to: str
    needs: list[str] = Field(min_length=1)
    each: str = ""
    parameters: dict[str, _ParameterPart] = {}
    applies_when: Expression = ""
    manual_when: Expression = ""
    pass_when: Annotated[Expression, Field(min_length=1)]
    partial_when: Expression = ""
    offenders: Expression = ""
    remedy: TextPart
    references: list[str] = []
    examples: list[_ExamplePart]


def read_check(document: Document, check_id: str, file: str) -> Check:
    """The check in a document; raises ContentError with every mistake of form.

    ``file`` is its path inside the content folder, the same on every machine.
    """
    part = validated(document, CheckPart)
    return Check(
        id=check_id,
        title=part.title.made(),
        severity=Severity(part.severity),
        applies_to=part.applies_to,
        needs=tuple(part.needs),
        remedy=part.remedy.made(),
        proves=tuple(part.proves),
        levels=tuple(sorted(set(part.levels))),
        advisory=part.advisory,
        veto=part.veto,
        each=part.each,
        parameters={name: Parameter(p.default, p.tighten, p.source) for name, p in part.parameters.items()},
        applies_when=part.applies_when.strip(),
        manual_when=part.manual_when.strip(),
        pass_when=part.pass_when.strip(),
        partial_when=part.partial_when.strip(),
        offenders=part.offenders.strip(),
        high_risk=tuple(HighRisk(risk.id, risk.case.made()) for risk in part.high_risk),
        references=tuple(part.references),
        examples=tuple(example.made() for example in part.examples),
        file=file,
        content_hash=_hash(document.data),
    )


def _hash(data: Any) -> str:
    """SHA-256 (hex) of what the file says, whatever its layout and comments."""
    return hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
