"""``risks/*.yaml``: what people decided on high-risk conditions and major hazards, one act a file."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BeforeValidator

from secaudit.document import validated
from secaudit.document.reader import parse_document
from secaudit.errors import Problem
from secaudit.language import _
from secaudit.model.register import Register
from secaudit.model.risk import Ground, HazardCriteria, RiskAct, RiskDecision, RiskLevel
from secaudit.register.acts import ActPart, FilePart, act_text, altered, files_written, in_order, keep_act
from secaudit.register.attestations import held_too_long, last_day
from secaudit.register.loading import parts_of, read_documents, refuse, yaml_files
from secaudit.register.part import Many, Part
from secaudit.register.values import FreeText, Id, named_line, past_date, said_text, says_something, word_of

FOLDER: Final = "risks"
RISK: Final = re.compile(r"[A-Z][A-Z0-9]*(-[A-Za-z0-9]+)+|[a-z0-9-]+(\.[a-z0-9-]+)+")
DIGEST: Final = re.compile(r"[0-9a-f]{16}")
# what takes a risk away; it needs the files that it rests on to be what they were
LOWERING: Final = frozenset(RiskAct) - {RiskAct.CONFIRM}
Day = date  # fields of a file are named date, too


def _risk(text: str) -> str:
    if not RISK.fullmatch(text):
        raise ValueError(_("a risk like HR-15, A-31 or ces.audit.a expected"))
    return text


def _digest(text: str) -> str:
    if not DIGEST.fullmatch(text):
        raise ValueError(_("16 digits of a SHA-256 expected"))
    return text


class GroundPart(Part):
    """A ground of ``grounds:``; ``source`` is missing where the person alone says so."""

    object: FreeText = ""
    source: FreeText = ""
    seen: Many[Annotated[str, AfterValidator(_digest)]] = ()

    def ground(self) -> Ground:
        return Ground(self.object, self.source, frozenset(self.seen))


class CriteriaPart(Part):
    """``hazard:``: a major hazard is all three."""

    relevant: bool
    severe: bool
    likely: bool

    def criteria(self) -> HazardCriteria:
        return HazardCriteria(self.relevant, self.severe, self.likely)


class RiskPart(ActPart):
    """An act as its file says it."""

    system: Id
    risk: Annotated[str, AfterValidator(_risk)]
    act: Annotated[RiskAct, word_of(RiskAct)]
    level: Annotated[RiskLevel, word_of(RiskLevel)] | None = None
    reason: Annotated[FreeText, AfterValidator(said_text)]
    measure: FreeText = ""
    case: FreeText = ""
    hazard: CriteriaPart | None = None
    person: Annotated[str, AfterValidator(named_line)]
    date: Annotated[Day, BeforeValidator(past_date)]
    valid_until: Annotated[Day, BeforeValidator(last_day)]
    grounds: Many[GroundPart] = ()
    files: Many[FilePart] = ()

    def mistakes(self) -> Iterable[tuple[bool, str]]:
        downgrade = self.act is RiskAct.DOWNGRADE
        whole = self.act in (RiskAct.EXCLUDE, RiskAct.REVOKE)
        yield downgrade != (self.level is not None), _("a level goes with a downgrade, and only with it")
        yield (
            downgrade and not says_something(self.measure),
            _("a downgrade names the measure that mitigates the risk"),
        )
        yield not self.grounds and not whole, _("at least one ground expected")
        yield bool(self.grounds) and self.act is RiskAct.EXCLUDE, _("exclude concerns a whole condition")
        yield self.valid_until < self.date, _("valid_until on or after date expected")
        yield (
            held_too_long(self.date, self.valid_until),
            _("valid_until at most three years after date expected"),
        )

    def decision(self) -> RiskDecision:
        return RiskDecision(
            system=self.system,
            risk=self.risk,
            act=self.act,
            person=self.person,
            day=self.date,
            valid_until=self.valid_until,
            reason=self.reason,
            grounds=tuple(part.ground() for part in self.grounds),
            hazard=self.hazard.criteria() if self.hazard else None,
            level=self.level,
            measure=self.measure,
            case=self.case,
            files=tuple(file.file() for file in self.files),
        )


def load_risk_decisions(workspace: Path, register: Register) -> tuple[RiskDecision, ...]:
    """All acts in the order in which they were written; raises ContentError with every mistake of the files."""
    problems: list[Problem] = []
    documents = in_order(
        read_documents(yaml_files(workspace / FOLDER, workspace, problems), workspace, problems)
    )
    known = {one.id for one in register.systems}
    for document in documents:
        name = document.data.get("system") if isinstance(document.data, dict) else None
        if isinstance(name, str) and name not in known:
            problems.append(document.problem(("system",), name, _("one that is registered expected")))
    parts = parts_of(documents, RiskPart, problems)
    refuse(problems)
    return tuple(part.decision() for part in parts)


def effective(workspace: Path, decisions: Iterable[RiskDecision]) -> list[RiskDecision]:
    """Without the acts that take a risk away and rest on a file that changed: the risk is open again."""
    found = list(decisions)
    changed = altered(workspace, (file for one in found for file in one.files))
    return [
        one for one in found if one.act not in LOWERING or not changed & {file.sha256 for file in one.files}
    ]


def add_risk_decision(
    workspace: Path, one: RiskDecision, evidence: Mapping[str, bytes], now: datetime
) -> Path:
    """Write the act as ``risks/SYSTEM-DATE-N.yaml``.

    ``evidence``: SHA-256 → content. Raises ContentError with what is wrong with it, UsageError where something
    cannot be written; then it is not on record.
    """
    text = act_text(_written(one))
    validated(parse_document(text, FOLDER), RiskPart)
    return keep_act(workspace, FOLDER, one.system, text, evidence, now)


def _written(one: RiskDecision) -> dict[str, Any]:
    """An act as its file says it; what is empty is left out."""
    hazard = one.hazard
    said = {
        "system": one.system,
        "risk": one.risk,
        "act": one.act.value,
        "level": one.level.value if one.level else "",
        "reason": one.reason,
        "measure": one.measure,
        "case": one.case,
        "hazard": {"relevant": hazard.relevant, "severe": hazard.severe, "likely": hazard.likely}
        if hazard
        else {},
        "person": one.person,
        "date": one.day.isoformat(),
        "valid_until": one.valid_until.isoformat(),
        "grounds": [_ground(ground) for ground in one.grounds],
        "files": files_written(one.files),
    }
    return {key: value for key, value in said.items() if value}


def _ground(ground: Ground) -> dict[str, Any]:
    said = {"object": ground.object_id, "source": ground.source, "seen": sorted(ground.seen)}
    return {key: value for key, value in said.items() if value}
