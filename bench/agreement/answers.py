"""What every side said on every host, kept so that the table can be made without asking again."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.agreement.sides import Lynis, oscap_answer, ours
from secaudit.model.result import Verdict

# how the sides are called in the mapping and the table
SECAUDIT, OSCAP, LYNIS = SIDES = ("secaudit", "oscap", "lynis")


@dataclass(frozen=True, slots=True)
class Host:
    """A host, what was planted there, and check → verdict, rule → result, remarks by test."""

    name: str
    release: str
    faults: str
    verdicts: Mapping[str, Verdict]
    oscap: Mapping[str, str]
    lynis: Lynis

    def answer(self, side: str, check: str, rules: Iterable[str], tests: Iterable[str]) -> bool | None:
        """Well, ill, or not decided."""
        if side == SECAUDIT:
            return ours(self.verdicts[check]) if check in self.verdicts else None
        return oscap_answer(self.oscap, list(rules)) if side == OSCAP else self.lynis.answer(list(tests))


def read(file: Path) -> dict[str, Host]:
    """Host → its answers."""
    return {name: _host(name, said) for name, said in json.loads(file.read_text()).items()}


def text(hosts: Iterable[Host], rules: frozenset[str], tests: frozenset[str]) -> str:
    """What is asked for of OpenSCAP and Lynis, as JSON."""
    kept = {host.name: _kept(host, rules, tests) for host in hosts}
    return json.dumps(kept, indent=1, sort_keys=True) + "\n"


def _kept(host: Host, rules: frozenset[str], tests: frozenset[str]) -> dict[str, Any]:
    return {
        "release": host.release,
        "faults": host.faults,
        "secaudit": {check: str(verdict) for check, verdict in host.verdicts.items()},
        "oscap": {rule: said for rule, said in host.oscap.items() if rule in rules},
        "lynis": {
            "ran": sorted(host.lynis.ran & tests),
            "remarks": {test: said for test, said in host.lynis.remarks.items() if test in tests},
        },
    }


def _host(name: str, said: Mapping[str, Any]) -> Host:
    remarks = {test: tuple(lines) for test, lines in said["lynis"]["remarks"].items()}
    return Host(
        name,
        said["release"],
        said["faults"],
        {check: Verdict(verdict) for check, verdict in said["secaudit"].items()},
        said["oscap"],
        Lynis(frozenset(said["lynis"]["ran"]), remarks),
    )
