"""Which checks of an asset rest on which facts, probes and programs: what is lost where one of them fails."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from secaudit.audit.judging import Subject
from secaudit.content import Content
from secaudit.facts.fact import Fact, probes_of
from secaudit.model.evidence import Probe
from secaudit.model.run import AssetPlan


@dataclass(frozen=True, slots=True)
class Stake:
    """A check, the facts it names, and all the probes behind these."""

    check_id: str
    facts: frozenset[str]
    probes: tuple[Probe, ...]


@dataclass(frozen=True, slots=True)
class Stakes:
    """All checks planned for an asset. Some can do without a probe that failed: what is said here is the most."""

    all: tuple[Stake, ...]

    def on_facts(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """The checks that name one of these facts."""
        return self._where(lambda stake: bool(stake.facts.intersection(names)))

    def on_root(self) -> tuple[str, ...]:
        """The checks that ask something of root."""
        return self._where(lambda stake: any(probe.root for probe in stake.probes))

    def on_probes(self, probe_ids: Collection[str]) -> tuple[str, ...]:
        """The checks behind which one of these probes stands."""
        return self._where(lambda stake: any(probe.id in probe_ids for probe in stake.probes))

    def on_program(self, name: str) -> tuple[str, ...]:
        """The checks behind which a command names the program."""
        word = re.compile(rf"(?<![\w./-]){re.escape(name)}(?![\w./-])")
        return self._where(lambda stake: any(word.search(probe.command) for probe in stake.probes))

    def on_text(self, text: str) -> tuple[str, ...]:
        """The checks behind which a command holds the text."""
        return self._where(lambda stake: any(text in probe.command for probe in stake.probes))

    def _where(self, wanted: Callable[[Stake], bool]) -> tuple[str, ...]:
        return tuple(stake.check_id for stake in self.all if wanted(stake))


def stakes_of(planned: AssetPlan, subject: Subject, content: Content, facts: Mapping[str, Fact]) -> Stakes:
    """What is at stake on the asset of a plan."""
    checks = dict.fromkeys(expected.check_id for expected in planned.expected)
    return Stakes(tuple(_stake(check_id, subject, content, facts) for check_id in checks))


def _stake(check_id: str, subject: Subject, content: Content, facts: Mapping[str, Fact]) -> Stake:
    needs = content.checks[check_id].needs
    probes = {p.id: p for name in needs for p in probes_of(name, facts, subject.asset, subject.system)}
    return Stake(check_id, frozenset(needs), tuple(probes.values()))
