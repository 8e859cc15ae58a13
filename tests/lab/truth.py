"""The reviewed truth: which verdict every check owes on every host (truth/README.md says how it is written)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import yaml

from secaudit.model.result import Verdict
from tests.lab.hosts import PLAN, TRUTH_HOSTS, LabHost

FOLDER = Path(__file__).with_name("truth")
SLIDING = "linux.logging.timestamps_precise"
RELEASES = ("bullseye", "bookworm", "trixie")


class TruthError(Exception):
    """The truth is silent, contradicts itself, or names what does not exist."""


@dataclass(frozen=True, slots=True)
class Row:
    """A check: the verdict that applies unless more is said, and what differs by host, fault or release."""

    check: str
    default: str
    special: Mapping[str, str]

    def verdict(self, host: LabHost) -> Verdict:
        """A host's name is stronger than its faults, these than its release, that than the default."""
        for names in ((host.name,), sorted(host.faults), (host.release,)):
            said = {self.special[name] for name in names if name in self.special}
            if len(said) > 1:
                raise TruthError(f"{self.check} on {host.name}: {sorted(said)}; name the host itself")
            if said:
                return _today(said.pop())
        return _today(self.default)


def read(folder: Path = FOLDER) -> dict[str, Row]:
    """Check id → row; raises TruthError for a row without a reason or a default, or in another topic's file."""
    rows: dict[str, Row] = {}
    for file in sorted(folder.glob("*.yaml")):
        content: dict[str, dict[str, Any]] = yaml.safe_load(file.read_text())
        for check, parts in content.items():
            if check.split(".")[1] != file.stem:
                raise TruthError(f"{check} does not belong into {file.name}")
            rows[check] = _row(check, parts)
    return rows


def expected(rows: Mapping[str, Row], hosts: Mapping[str, LabHost]) -> dict[tuple[str, str], Verdict]:
    """(host, check) → verdict for the hosts with a truth; raises TruthError for a word that fits no host."""
    known = set(TRUTH_HOSTS) | set(RELEASES) | {f for name in TRUTH_HOSTS for f in hosts[name].faults}
    for row in rows.values():
        if unknown := row.special.keys() - known:
            raise TruthError(f"{row.check}: no host of the truth is, has or runs {sorted(unknown)}")
    return {(name, row.check): row.verdict(hosts[name]) for name in TRUTH_HOSTS for row in rows.values()}


def planned(plan: Path = PLAN) -> dict[str, LabHost]:
    """The hosts of plan.tsv as far as it tells of them, whether they are up or not."""
    rows = [line.split("\t") for line in plan.read_text().splitlines() if line and not line.startswith("#")]
    return {
        name: LabHost(name, "", release, frozenset(faults.split()) - {"-"}, plan.parent)
        for name, release, _layers, faults in rows
    }


def settled(found: Mapping[str, Verdict], host: LabHost) -> dict[str, Verdict]:
    """Check → verdict as on a host that nobody has visited yet.

    rsyslog of Debian 11 writes the traditional form: what it writes of our own logins pushes the planted records, which
    name the year and the zone, out of the sample, and PARTIAL becomes FAIL the longer a lab is up.
    """
    if host.release == "bullseye" and found.get(SLIDING) is Verdict.FAIL:
        return {**found, SLIDING: Verdict.PARTIAL}
    return dict(found)


def _today(said: str) -> Verdict:
    """``PARTIAL until 2028-06-30 then FAIL`` → the verdict of this day."""
    first, _until, rest = said.partition(" until ")
    day, _then, later = rest.partition(" then ")
    return Verdict(later if day and datetime.now(UTC).date() > date.fromisoformat(day) else first)


def _row(check: str, parts: dict[str, Any]) -> Row:
    if not parts.get("why") or "default" not in parts:
        raise TruthError(f"{check}: why and default are required")
    special = {name: str(verdict) for name, verdict in parts.items() if name not in ("why", "default")}
    return Row(check, str(parts["default"]), special)
