"""The questions that several sides decide, and who is right where they differ (mapping.yaml)."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bench.agreement.answers import LYNIS, OSCAP, SECAUDIT, Host

MAPPING = Path(__file__).with_name("mapping.yaml")
OTHERS = (OSCAP, LYNIS)
EVERYWHERE = "all"


@dataclass(frozen=True, slots=True)
class Question:
    """``reasons``: (side, host or ``all``) → who is right and why, where that side and ours differ."""

    asks: str
    check: str
    rules: tuple[str, ...]
    tests: tuple[str, ...]
    reasons: Mapping[tuple[str, str], str]

    def answer(self, side: str, host: Host) -> bool | None:
        """What a side says."""
        return host.answer(side, self.check, self.rules, self.tests)

    def agrees(self, side: str, host: Host) -> bool | None:
        """None where one of the two does not decide."""
        own, other = self.answer(SECAUDIT, host), self.answer(side, host)
        return None if own is None or other is None else own is other

    def reason(self, side: str, host: str) -> str:
        """Empty when none is written."""
        return self.reasons.get((side, host), self.reasons.get((side, EVERYWHERE), ""))


def read(file: Path = MAPPING) -> tuple[Question, ...]:
    """Every question, in the file's order."""
    content: dict[str, dict[str, Any]] = yaml.safe_load(file.read_text())
    return tuple(_question(asks, parts) for asks, parts in content.items())


def _question(asks: str, parts: Mapping[str, Any]) -> Question:
    reasons = {
        (side, host): str(reason)
        for side in OTHERS
        for hosts, reason in parts.get("differs", {}).get(side, {}).items()
        for host in str(hosts).split()
    }
    return Question(asks, parts["check"], tuple(parts.get(OSCAP, ())), tuple(parts.get(LYNIS, ())), reasons)


def tests_of(questions: tuple[Question, ...]) -> frozenset[str]:
    """Of Lynis, without the texts that are looked for in their remarks."""
    return frozenset(test.partition(":")[0] for question in questions for test in question.tests)


def rules_of(questions: tuple[Question, ...]) -> frozenset[str]:
    """Of OpenSCAP."""
    return frozenset(rule for question in questions for rule in question.rules)
