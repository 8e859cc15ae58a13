"""What a fact is, the evidence it is built from, and how the facts of one asset are built."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from secaudit.model.content import References
from secaudit.model.evidence import Gap, GapReason, Observation, Probe
from secaudit.model.register import Asset, System
from secaudit.model.schema import Schema, schema_of
from secaudit.model.text import Text

log = logging.getLogger(__name__)

T = TypeVar("T")


class GapFound(Exception):
    """Raised inside a fact's ``build``: the fact is this gap."""

    def __init__(self, reason: GapReason, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}")
        self.gap = Gap(reason, detail)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a fact may look at: the answers of one asset, facts built before, and the register.

    ``now`` is the target's clock at the start of the visit (aware, UTC). ``kept``: what was parsed so far.
    """

    observations: Mapping[str, Observation]
    facts: Mapping[str, Any]
    probes: Mapping[str, Probe]
    asset: Asset
    system: System
    references: References
    now: datetime
    kept: dict[tuple[str, Callable[[str], Any]], Any] = field(default_factory=dict)

    def observation(self, probe_id: str) -> Observation:
        """The answer, whatever its exit status. Raises GapFound when it is a gap or answers an older question."""
        seen = self.observations.get(probe_id)
        if seen is None:
            raise GapFound(GapReason.NOT_COLLECTED, probe_id)
        if seen.gap is not None:
            raise GapFound(seen.gap.reason, f"{probe_id}: {seen.gap.detail}" if seen.gap.detail else probe_id)
        if seen.probe_hash != self.probes[probe_id].definition_hash:
            raise GapFound(GapReason.NOT_COLLECTED, f"{probe_id}: asked in an older wording")
        return seen

    def text(self, probe_id: str) -> str:
        """The output of a probe that must have succeeded (exit 0), decoded. Raises GapFound."""
        seen = self.observation(probe_id)
        if seen.exit_status != 0:
            raise GapFound(
                failure_reason(seen), f"{probe_id}: exit {seen.exit_status} {decoded(seen.errors)[:200]}"
            )
        return decoded(seen.output)

    def parsed(self, probe_id: str, parse: Callable[[str], T]) -> T:
        """What a parser makes of ``text``, once for all facts of the asset: it must not be changed. Raises GapFound."""
        key = (probe_id, parse)
        if key not in self.kept:
            self.kept[key] = parse(self.text(probe_id))
        made: T = self.kept[key]
        return made

    def fact(self, name: str) -> Any:
        """A fact built before; raises GapFound with its gap."""
        value = self.facts[name]
        if isinstance(value, Gap):
            raise GapFound(value.reason, f"{name}: {value.detail}")
        return value


def decoded(output: bytes) -> str:
    """Text that keeps every byte visible: what is not UTF-8 stays as ``\\xNN``; NUL too."""
    return output.decode("utf-8", "backslashreplace").replace("\0", "\\x00")


def failure_reason(seen: Observation) -> GapReason:
    """Why a command failed, from its exit status and what it complained about."""
    if seen.exit_status == 127:
        return GapReason.NO_TOOL
    if b"ermission denied" in seen.errors or b"not permitted" in seen.errors:
        return GapReason.NO_PERMISSION
    return GapReason.FAILED


def _no_probes(asset: Asset, system: System) -> tuple[Probe, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Fact:
    """Normalised knowledge of one asset: which probes it asks, which facts it joins, how it is built.

    ``type`` is a frozen dataclass or ``tuple[Row, ...]``; its fields are what expressions may name.
    ``build`` returns a value of that type or raises GapFound; it is pure. ``probes_for`` adds probes that
    depend on the register (declared paths). ``kinds`` are the asset kinds it is known for.
    """

    name: str
    title: Text
    type: Any
    build: Callable[[Evidence], Any]
    probes: tuple[Probe, ...] = ()
    uses: tuple[str, ...] = ()
    probes_for: Callable[[Asset, System], tuple[Probe, ...]] = _no_probes
    kinds: tuple[str, ...] = ("linux",)

    @property
    def schema(self) -> Schema:
        """What an expression may name."""
        return schema_of(self.type)


def with_uses(names: Sequence[str], facts: Mapping[str, Fact]) -> tuple[str, ...]:
    """The named facts and all they join, each once, a used fact before its user. Raises KeyError."""
    ordered: dict[str, None] = {}

    def visit(name: str) -> None:
        if name in ordered:
            return
        for used in facts[name].uses:
            visit(used)
        ordered[name] = None

    for name in names:
        visit(name)
    return tuple(ordered)


def probes_by_fact(
    names: Sequence[str], facts: Mapping[str, Fact], asset: Asset, system: System
) -> dict[str, tuple[Probe, ...]]:
    """Every probe that a fact rests on, joined facts included, each once: for the named facts and what they join."""
    found: dict[str, tuple[Probe, ...]] = {}
    for name in with_uses(names, facts):
        fact = facts[name]
        joined = [probe for used in fact.uses for probe in found[used]]
        own = (*fact.probes, *fact.probes_for(asset, system))
        found[name] = tuple({probe.id: probe for probe in (*joined, *own)}.values())
    return found


def probes_of(name: str, facts: Mapping[str, Fact], asset: Asset, system: System) -> tuple[Probe, ...]:
    """Every probe a fact rests on."""
    return probes_by_fact([name], facts, asset, system)[name]


def build_facts(
    names: Sequence[str],
    facts: Mapping[str, Fact],
    observations: Mapping[str, Observation],
    asset: Asset,
    system: System,
    references: References,
    now: datetime,
) -> dict[str, Any]:
    """Fact name → value or Gap, for the named facts and what they join."""
    asked = probes_by_fact(names, facts, asset, system)
    return build_asked(asked, facts, observations, asset, system, references, now)


def build_asked(
    asked: Mapping[str, Sequence[Probe]],
    facts: Mapping[str, Fact],
    observations: Mapping[str, Observation],
    asset: Asset,
    system: System,
    references: References,
    now: datetime,
) -> dict[str, Any]:
    """The same, for whoever knows the probes that they rest on already."""
    built: dict[str, Any] = {}
    kept: dict[tuple[str, Callable[[str], Any]], Any] = {}
    for name, own in asked.items():
        probes = {probe.id: probe for probe in own}
        evidence = Evidence(observations, built, probes, asset, system, references, now, kept)
        built[name] = _build_one(facts[name], evidence)
    return built


def _build_one(fact: Fact, evidence: Evidence) -> Any:
    """The guard around one fact: a parser that breaks is a gap, and its traceback is logged."""
    try:
        return fact.build(evidence)
    except GapFound as found:
        return found.gap
    except Exception as error:
        log.exception("fact %s on %s", fact.name, evidence.asset.id)
        return Gap(GapReason.INTERNAL, f"{fact.name}: {type(error).__name__}")
