"""The judge: one result for every verdict that a plan owes, whatever is missing or breaks."""

import logging
import threading
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from secaudit.judge.compiled import OBJECT, CompiledCheck, Variables, verdict_of
from secaudit.judge.held import Held
from secaudit.model.content import Check, Profile
from secaudit.model.evidence import Gap, GapReason
from secaudit.model.register import Asset, System
from secaudit.model.result import Offender, Result, Verdict
from secaudit.model.run import Expected

log = logging.getLogger(__name__)

# the verdicts with offenders
FAILED: Final = (Verdict.FAIL, Verdict.PARTIAL)


class Owed(NamedTuple):
    """A check that is to be judged on an object, which may be the asset itself."""

    compiled: CompiledCheck
    object_id: str


class _Decision(NamedTuple):
    """A verdict before its offenders are listed."""

    verdict: Verdict
    gap: Gap | None = None
    gap_source: str = ""


class Judge:
    """Compiles checks once and judges assets with them; asset after asset, each on the calling thread."""

    def __init__(self, checks: Mapping[str, Check]) -> None:
        """Raises ContentError when an expression is not CEL."""
        self._compiled = {
            check.id: CompiledCheck(check, f"params_{number}") for number, check in enumerate(checks.values())
        }
        self._fields = _fields_named(self._compiled.values())
        self._own = threading.local()

    def _held(self) -> Held:
        """What the asset before left behind, on this thread."""
        if not hasattr(self._own, "held"):
            self._own.held = Held()
        held: Held = self._own.held
        return held

    def judge_asset(
        self,
        expected: Sequence[Expected],
        facts: Mapping[str, Any],
        asset: Asset,
        system: System,
        profile: Profile,
        now: datetime,
        rests_on: Mapping[str, Sequence[str]],
    ) -> tuple[Result, ...]:
        """One result for each expected verdict, in that order.

        ``facts`` maps a fact's name to its value or Gap, ``rests_on`` to the ids of its probes; ``now`` is the
        target's clock at evidence time.
        """
        compiled = [self._compiled.get(owed.check_id) for owed in expected]
        checks = list(dict.fromkeys(filter(None, compiled)))
        decide = (name for check in checks for name in check.decides)
        variables = Variables(
            facts,
            surroundings(asset, system, now),
            decide,
            self._fields,
            {c.parameters: parameter_values(c.check, profile) for c in checks if c.check.parameters},
            self._held(),
        )
        known = [Owed(check, one.object_id) for one, check in zip(expected, compiled, strict=True) if check]
        judged = iter(judge_checks(known, variables, asset.id, rests_on))
        results = tuple(
            next(judged) if check else _retired(one, asset.id)
            for one, check in zip(expected, compiled, strict=True)
        )
        assert len(results) == len(expected), "planned = sum of verdicts"
        return results


def _fields_named(compiled: Iterable[CompiledCheck]) -> dict[str, frozenset[str]]:
    """Fact → the fields of it that any check can see."""
    found: dict[str, frozenset[str]] = {}
    for check in compiled:
        found |= {name: found.get(name, frozenset()) | check.fields for name in check.check.needs}
    return found


def _retired(owed: Expected, asset_id: str) -> Result:
    gap = Gap(GapReason.NOT_SUPPORTED, "this content has no such check")
    return Result(owed.check_id, asset_id, owed.object_id, Verdict.UNKNOWN, gap=gap)


def judge_checks(
    owed: Sequence[Owed], variables: Variables, asset_id: str, rests_on: Mapping[str, Sequence[str]]
) -> tuple[Result, ...]:
    """One result for each; whatever breaks is UNKNOWN, with the traceback logged.

    Offenders are listed when all verdicts are known: the facts that only they name are handed over together, and
    ``cel`` copies all that it holds once more, not once a check.
    """
    decided = [_guarded_decision(one, variables, asset_id) for one in owed]
    failed = (one.compiled for one, decision in zip(owed, decided, strict=True) if decision.verdict in FAILED)
    variables.know(name for compiled in failed if compiled.check.offenders for name in compiled.check.needs)
    return tuple(
        _result(one, decision, variables, asset_id, rests_on)
        for one, decision in zip(owed, decided, strict=True)
    )


def _guarded_decision(owed: Owed, variables: Variables, asset_id: str) -> _Decision:
    try:
        return _decision(owed, variables, asset_id)
    except Exception as error:
        log.exception("check %s on %s", owed.compiled.check.id, owed.object_id)
        return _broken(owed, error)


def _broken(owed: Owed, error: Exception) -> _Decision:
    check = owed.compiled.check
    return _Decision(Verdict.UNKNOWN, Gap(GapReason.INTERNAL, f"{check.id}: {type(error).__name__}"))


def _decision(owed: Owed, variables: Variables, asset_id: str) -> _Decision:
    """The verdict; whatever breaks is raised. The asset itself as the object says that nothing is declared."""
    compiled, check = owed.compiled, owed.compiled.check
    if check.broken:
        return _Decision(Verdict.UNKNOWN, Gap(GapReason.PLUGIN_BROKEN, check.broken))
    for name in check.needs:
        gap = variables.gap_of(name)
        if gap is not None:
            return _Decision(Verdict.UNKNOWN, gap, name)
    for name in compiled.decides:
        variables.plain(name)
    if check.each and owed.object_id == asset_id:
        return _Decision(Verdict.MANUAL)
    if check.each and not _set_row(owed, variables):
        gap = Gap(GapReason.NOT_COLLECTED, f"{check.each} holds nothing on {owed.object_id}")
        return _Decision(Verdict.UNKNOWN, gap, check.each)
    return _Decision(verdict_of(compiled, variables))


def _set_row(owed: Owed, variables: Variables) -> bool:
    """Make ``each`` the row of the object; False where there is none."""
    rows = variables.plain(owed.compiled.check.each)
    row = next((row for row in rows if row[OBJECT] == owed.object_id), None)
    variables.set("each", row)
    return row is not None


def _result(
    owed: Owed,
    decision: _Decision,
    variables: Variables,
    asset_id: str,
    rests_on: Mapping[str, Sequence[str]],
) -> Result:
    check = owed.compiled.check
    offenders: tuple[Offender, ...] = ()
    if decision.verdict in FAILED:
        try:
            offenders = _offenders(owed, variables)
        except Exception as error:
            log.exception("check %s on %s", check.id, owed.object_id)
            decision = _broken(owed, error)
    verdict, gap, gap_source = decision
    probes = _probes(check.needs, rests_on)
    return Result(
        check.id, asset_id, owed.object_id, verdict, offenders, gap, gap_source, check.needs, probes
    )


def _probes(facts: Sequence[str], rests_on: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """All that these facts rest on, each once; of one fact they are so already."""
    if len(facts) == 1:
        return tuple(rests_on.get(facts[0], ()))
    return tuple({probe: None for fact in facts for probe in rests_on.get(fact, ())})


def _offenders(owed: Owed, variables: Variables) -> tuple[Offender, ...]:
    if owed.compiled.check.each:
        _set_row(owed, variables)
    return variables.offenders(owed.compiled)


def parameter_values(check: Check, profile: Profile) -> dict[str, Any]:
    """The defaults of a check with a profile's values over them."""
    defaults = {name: parameter.default for name, parameter in check.parameters.items()}
    return {**defaults, **profile.parameters.get(check.id, {})}


def surroundings(asset: Asset, system: System, now: datetime) -> dict[str, Any]:
    """What every expression may name beside facts: ``asset``, ``system``, ``now`` (epoch seconds)."""
    return {
        "asset": {"id": asset.id, "kind": asset.kind, "zone": asset.zone, "name": asset.name},
        "system": {
            "level": system.level,
            "s": system.grade.s,
            "a": system.grade.a,
            "internet_facing": system.internet_facing,
        },
        "now": int(now.timestamp()),
    }
