"""Hosts of other distributions: their files in the documented format, and the facts that the probes make of them.

``documented/SYSTEM/`` stands for the root of such a host; ``documented/SYSTEM/answers/PROBE.txt`` is what the programs
of that distribution print where a probe asks them.
"""

import functools
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from secaudit.facts.catalogue import BUILT_IN
from secaudit.facts.fact import build_facts
from secaudit.model.content import References
from secaudit.model.evidence import Gap, Observation, Probe
from tests.unit.facts.answers import in_root
from tests.unit.facts.built import NOW, REFERENCES
from tests.unit.facts.families_identity import IDENTITY
from tests.unit.facts.families_operations import OPERATIONS
from tests.unit.facts.families_protection import PROTECTION
from tests.unit.facts.seeds import ASKED, HOST, SYSTEM

DOCUMENTED = Path(__file__).parent / "documented"
# Fact → the fields that are compared.
FIELDS = {
    "account_sources": "passwd central",
    "lockout": "service module active deny unlock_time_s root_included root_unlock_time_s",
    "password_policy": "module enforced min_length min_classes enforced_for_root remember hash_algorithm",
    "login_services": "service admits_wrong_password admits_empty_password",
    "login_umasks": "shell values set_in",
    "session_idle": "shell timeout_s read_only set_in",
    "new_account_rules": "max_days min_days warn_days hash_algorithm umask",
    "sudo_rules": "who people commands nopasswd root_password",
    "sudo_defaults": "use_pty timestamp_s secure_path",
    "sshd_branches": "user root_login passwords use_pam always_password",
    "system_crypto_policy": "name base",
    "log_targets": "via target port protocol encrypted queued",
    "log_retention": "log rotated kept_days",
    "time_sync": "service sources",
    "time_synchronised": "synchronised told_by",
    "listeners": "protocol address port process exposed",
    "firewall": "active make default_input",
    "services_active": "name manager",
    "services_enabled": "name manager",
    "mandatory_access": "module mode policy labels other_labels next_mode",
    "crypto_policy": "policy min_protocol old_protocols",
    "su_services": "service open_to_all unasked",
    "audit_daemon": "running written_rules full_action disk_full_action flush to_disk",
    "audit_kernel": "enabled immutable loaded_rules backlog_limit",
    "audit_rules": "kind path permissions key",
    "packages": "name version source",
    "kernel_parameters": "key value at_boot lasting",
}
_PARTS: tuple[Mapping[str, Mapping[str, Any]], ...] = (IDENTITY, OPERATIONS, PROTECTION)
# System → fact → a row of the fields above for each row of the fact; a text is the reason of a gap.
EXPECTED: Mapping[str, Mapping[str, Any]] = {
    system: {name: rows for part in _PARTS for name, rows in part.get(system, {}).items()}
    for system in sorted({system for part in _PARTS for system in part})
}


def value(system: str, fact: str) -> Any:
    """The fact of that host, or its gap."""
    return values(system, [fact], REFERENCES)[fact]


def values(system: str, facts: Sequence[str], references: References) -> dict[str, Any]:
    """The facts of that host, or their gaps."""
    answers = {probe.id: _answer(system, probe) for fact in facts for probe in ASKED[fact]}
    return build_facts(facts, BUILT_IN, answers, HOST, SYSTEM, references, NOW)


def seen(system: str, fact: str) -> Any:
    """The fact of that host, as it is written in EXPECTED."""
    found = value(system, fact)
    if isinstance(found, Gap):
        return str(found.reason)
    rows = found if isinstance(found, tuple) else (found,)
    return [tuple(getattr(row, name) for name in FIELDS[fact].split()) for row in rows]


@functools.cache
def _answer(system: str, probe: Probe) -> Observation:
    told = DOCUMENTED / system / "answers" / f"{probe.id}.txt"
    text = told.read_text() if told.exists() else in_root(DOCUMENTED / system, probe, own_proc=True)
    return Observation(
        probe.id, probe.definition_hash, probe.command, output=text.encode(), exit_status=0, root=True
    )
