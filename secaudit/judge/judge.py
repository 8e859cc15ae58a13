"""The judge: one result for every verdict that a plan owes, whatever is missing or breaks."""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from secaudit.judge.compiled import OBJECT, CompiledCheck, Variables, verdict_of
from secaudit.model.content import Check, Profile
from secaudit.model.evidence import Gap, GapReason
from secaudit.model.register import Asset, System
from secaudit.model.result import Result, Verdict
from secaudit.model.run import Expected

log = logging.getLogger(__name__)

# makes the result of a check on an object, from its verdict and what belongs to that
Made = Callable[..., Result]


class Judge:
    """Compiles checks once and judges assets with them; asset after asset, each on the calling thread."""

    def __init__(self, checks: Mapping[str, Check]) -> None:
        """Raises ContentError when an expression is not CEL."""
        self._compiled = {
            check.id: CompiledCheck(check, f"params_{number}") for number, check in enumerate(checks.values())
        }
        self._fields = _fields_named(self._compiled.values())

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
        variables = Variables(facts, surroundings(asset, system, now), decide, self._fields)
        for check in (check for check in checks if check.check.parameters):
            variables.add(check.parameters, parameter_values(check.check, profile))
        results = tuple(
            judge_check(check, owed.object_id, variables, asset.id, rests_on)
            if check
            else _retired(owed, asset.id)
            for owed, check in zip(expected, compiled, strict=True)
        )
        counts = Counter(result.verdict for result in results)
        assert counts.total() == len(expected), "planned = sum of verdicts"
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


def judge_check(
    compiled: CompiledCheck,
    object_id: str,
    variables: Variables,
    asset_id: str,
    rests_on: Mapping[str, Sequence[str]],
) -> Result:
    """One check on one object; the guard around it makes whatever breaks UNKNOWN, with the traceback logged."""
    check = compiled.check
    probes = tuple(dict.fromkeys(probe for fact in check.needs for probe in rests_on.get(fact, ())))
    made = partial(Result, check.id, asset_id, object_id, facts=check.needs, probes=probes)
    try:
        return _judged(compiled, object_id if object_id != asset_id else "", made, variables)
    except Exception as error:
        log.exception("check %s on %s", check.id, object_id)
        return made(Verdict.UNKNOWN, gap=Gap(GapReason.INTERNAL, f"{check.id}: {type(error).__name__}"))


def _judged(compiled: CompiledCheck, declared: str, made: Made, variables: Variables) -> Result:
    """The result; whatever breaks is raised. ``declared``: the object, "" for the asset itself."""
    check = compiled.check
    if check.broken:
        return made(Verdict.UNKNOWN, gap=Gap(GapReason.PLUGIN_BROKEN, check.broken))
    for name in check.needs:
        gap = variables.gap_of(name)
        if gap is not None:
            return made(Verdict.UNKNOWN, gap=gap, gap_source=name)
    for name in compiled.decides:
        variables.plain(name)
    return (
        _judged_each(compiled, declared, made, variables)
        if check.each
        else _decided(compiled, made, variables)
    )


def _judged_each(compiled: CompiledCheck, declared: str, made: Made, variables: Variables) -> Result:
    """Judged on the row of the object. The asset itself as the object says that nothing is declared."""
    if not declared:
        return made(Verdict.MANUAL)
    each = compiled.check.each
    row = next((row for row in variables.plain(each) if row[OBJECT] == declared), None)
    if row is None:
        gap = Gap(GapReason.NOT_COLLECTED, f"{each} holds nothing on {declared}")
        return made(Verdict.UNKNOWN, gap=gap, gap_source=each)
    variables.set("each", row)
    return _decided(compiled, made, variables)


def _decided(compiled: CompiledCheck, made: Made, variables: Variables) -> Result:
    verdict = verdict_of(compiled, variables)
    failed = verdict in (Verdict.FAIL, Verdict.PARTIAL)
    return made(verdict, offenders=variables.offenders(compiled) if failed else ())


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
