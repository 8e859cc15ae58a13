"""All facts that rest on one probe, built from one text, and what each took."""

import functools
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from secaudit.facts.catalogue import BUILT_IN
from secaudit.facts.fact import Evidence, Fact, build_facts
from secaudit.model.content import Lifecycle, References
from secaudit.model.evidence import Gap, GapReason, Observation, Probe
from tests.unit.facts.seeds import ASKED, HOST, PROBES, SYSTEM, seeds

NOW = datetime(2026, 11, 23, tzinfo=UTC)
REFERENCES = References((Lifecycle("debian", "12", date(2026, 7, 11), None),))


@dataclass(frozen=True, slots=True)
class Built:
    """Fact name → value or gap, and fact name → CPU seconds of its own building."""

    values: Mapping[str, Any]
    cpu_s: Mapping[str, float]

    @property
    def broken(self) -> dict[str, str]:
        """The facts whose parser raised what it must not."""
        gaps = {name: value for name, value in self.values.items() if isinstance(value, Gap)}
        return {name: gap.detail for name, gap in gaps.items() if gap.reason == GapReason.INTERNAL}


@functools.cache
def resting_on(probe_id: str) -> list[str]:
    """The facts that need the answer to the probe."""
    return [name for name, probes in ASKED.items() if any(probe.id == probe_id for probe in probes)]


def built_from(probe_id: str, text: str) -> Built:
    """Every fact that rests on the probe, when it answers with the text and all other probes as they usually do."""
    answers = {**_usual(), probe_id: _answer(PROBES[probe_id], text)}
    spent: dict[str, float] = {}
    timed = {name: _timed(fact, spent) for name, fact in BUILT_IN.items()}
    values = build_facts(resting_on(probe_id), timed, answers, HOST, SYSTEM, REFERENCES, NOW)
    return Built(values, spent)


@functools.cache
def _usual() -> Mapping[str, Observation]:
    return {probe.id: _answer(probe, seeds(probe.id)[0]) for probe in PROBES.values()}


def _answer(probe: Probe, text: str) -> Observation:
    output = text.encode("utf-8", "surrogatepass")
    return Observation(
        probe.id, probe.definition_hash, probe.command, output=output, exit_status=0, root=True
    )


def _timed(fact: Fact, spent: dict[str, float]) -> Fact:
    def build(evidence: Evidence) -> Any:
        start = time.process_time()
        try:
            return fact.build(evidence)
        finally:
            spent[fact.name] = time.process_time() - start

    return replace(fact, build=build)
