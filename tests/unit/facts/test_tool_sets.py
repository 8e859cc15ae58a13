"""The whole script of a level-3 host under the shells and tools of other distributions: never another value."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from secaudit.facts.catalogue import BUILT_IN
from secaudit.facts.fact import build_facts
from secaudit.model.evidence import Gap, GapReason
from tests.unit.collect.running import run
from tests.unit.collect.test_script import with_path
from tests.unit.facts.built import NOW, REFERENCES
from tests.unit.facts.seeds import HOST, PROBES, SYSTEM
from tests.unit.facts.tool_sets import ToolSet, tool_sets

# What searches all local files has tests of its own (test_file_search.py); nmap runs on the controller.
ASKED = [probe for probe in PROBES.values() if not probe.heavy and not probe.id.startswith("outside.")]
OWN = tool_sets()[0]
OTHERS = tool_sets()[1:]


def facts(tools: ToolSet) -> Mapping[str, Any]:
    """Every fact of this machine, asked with those tools; what has no answer is a gap."""

    def edited(script: bytes) -> bytes:
        script = script.replace(b"/bin/sh", tools.shell.encode())
        return with_path(script, Path(tools.folder)) if tools.folder else script

    ran = run(*ASKED, edit=edited)
    assert ran.answers.begun
    return build_facts(list(BUILT_IN), BUILT_IN, ran.observations, HOST, SYSTEM, REFERENCES, NOW)


@pytest.mark.parametrize("name", ["bash", "gawk", "mawk", "busybox"])
def test_a_fact_is_the_same_or_a_gap(name: str) -> None:
    tools = next((one for one in OTHERS if one.name == name), None)
    if tools is None:
        pytest.skip(f"no {name} here, or it is what this machine uses anyway")
    differing = compared(tools)
    if differing:  # a program that came and went between: what the tools make of it differs every time
        differing &= compared(tools)
    assert differing == set()


def compared(tools: ToolSet) -> set[str]:
    """The facts that these tools tell otherwise; few are gaps, and none because a parser broke."""
    before, seen, after = facts(OWN), facts(tools), facts(OWN)
    # What changes meanwhile (processes, interfaces of a busy machine) says nothing of the tools.
    steady = {
        key: value for key, value in before.items() if value == after[key] and not isinstance(value, Gap)
    }
    lost = {key: seen[key] for key in steady if isinstance(seen[key], Gap)}
    assert len(steady) > len(BUILT_IN) / 2
    assert len(lost) < len(steady) / 20, lost
    assert not [
        key for key, value in seen.items() if isinstance(value, Gap) and value.reason is GapReason.INTERNAL
    ]
    return {key for key in steady if key not in lost and seen[key] != steady[key]}
