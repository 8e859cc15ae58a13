"""A workspace that registers hosts of the lab, as an office would write it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from tests.lab.hosts import PASSWORD, USER, Lab, LabHost

SYSTEM = "lab-system"
DATABASE = "secaudit.db"
GRADE = "S3A3G3"

# What the office declares beyond SSH; everything else that listens is undeclared.
DECLARED: dict[str, list[dict[str, Any]]] = {
    "loghost": [{"port": 514, "protocol": "tcp", "purpose": "receives the logs of the other hosts"}],
    "logserver": [{"port": 5514, "protocol": "udp", "purpose": "receives the logs of the network"}],
    "declaredclosed": [{"port": 8443, "protocol": "tcp", "purpose": "console of an application"}],
    "timehost": [{"port": 123, "protocol": "udp", "purpose": "time for the other hosts"}],
}


@dataclass(frozen=True, slots=True)
class DataSetPlan:
    """What the office says of the data set of a host with that fault: does it name a copy on h2, a job?"""

    copy: bool = False
    job: bool = True


# h10 has none: nothing is declared there.
DATA_SETS = {
    "backup": DataSetPlan(),
    "backup_remote": DataSetPlan(copy=True),
    "backup_stale": DataSetPlan(),
    "backup_empty": DataSetPlan(),
    "backup_shrinking": DataSetPlan(),
    "backup_nojob": DataSetPlan(),
    "backup_commented": DataSetPlan(copy=True),  # a copy is declared, no job makes it
    "backup_none": DataSetPlan(job=False),  # declared as taken by somebody else; nothing ever arrived
}


def write(
    folder: Path, lab: Lab, hosts: Iterable[str], *, port_scan: bool = True, jobs: int = 4, grade: str = GRADE
) -> Path:
    """Write a workspace with one system of these hosts, and an authorisation; returns it."""
    chosen = [lab.host(name) for name in hosts]
    for part in ("systems", "authorisations"):
        (folder / part).mkdir(parents=True)
    secret = folder / "password"
    secret.write_text(PASSWORD)
    secret.chmod(0o600)
    _dump(folder / "secaudit.yaml", _settings(jobs))
    _dump(folder / "systems" / f"{SYSTEM}.yaml", _system(lab, chosen, secret, grade))
    _dump(folder / "authorisations" / "lab.yaml", _authorisation(port_scan))
    (folder / "known_hosts").write_text(lab.known_hosts.read_text())
    return folder


def _settings(jobs: int) -> dict[str, Any]:
    return {
        "office": "Laboratory",
        "language": "en",
        "limits": {"jobs": jobs},
        "organisations": [{"id": "lab", "name": "Laboratory"}],
    }


def _system(lab: Lab, hosts: list[LabHost], secret: Path, grade: str) -> dict[str, Any]:
    names = {host.name for host in hosts}
    return {
        "id": SYSTEM,
        "name": "Hosts of the laboratory",
        "organisation": "lab",
        "grade": grade,
        "assets": [_asset(lab, host, secret) for host in hosts],
        "data_sets": [data for host in hosts for data in _data_sets(lab, host, names)],
    }


def _asset(lab: Lab, host: LabHost, secret: Path) -> dict[str, Any]:
    services = [{"port": 22, "protocol": "tcp", "purpose": "administration"}]
    for fault in sorted(host.faults & DECLARED.keys()):
        services += DECLARED[fault]
    opened = {"key": f"file:{lab.key}", "password": f"file:{secret}"}
    if host.auth != "both":
        opened = {host.auth: opened[host.auth]}
    if host.sudo == "password":
        opened["sudo_password"] = f"file:{secret}"
    return {
        "id": host.name,
        "kind": "linux",
        "name": f"{host.name} ({host.release})",
        "address": host.address,
        "reach": {"transport": "ssh", "user": USER, "sudo": host.sudo, **opened},
        "services": services,
    }


def _data_sets(lab: Lab, host: LabHost, registered: set[str]) -> list[dict[str, Any]]:
    found = [DATA_SETS[fault] for fault in sorted(host.faults & DATA_SETS.keys())]
    return [_data_set(lab, host, plan, registered) for plan in found]


def _data_set(lab: Lab, host: LabHost, plan: DataSetPlan, registered: set[str]) -> dict[str, Any]:
    elsewhere = {"asset": "h2"} if "h2" in registered else {"address": lab.host("h2").address}
    return {
        "id": f"{host.name}-app",
        "name": f"application data of {host.name}",
        "asset": host.name,
        "artefacts": ["/var/backups/app/app-*.tar.gz"],
        "method": "daily full backup",
        "job": "/var/backups/app/app-" if plan.job else "",
        "rpo_h": 24,
        "rto_h": 4,
        "targets": [{**elsewhere, "path": f"/srv/copies/{host.name}"}] if plan.copy else [],
    }


def _authorisation(port_scan: bool) -> dict[str, Any]:
    now = datetime.now(UTC)
    return {
        "id": "lab",
        "systems": [SYSTEM],
        "approver": "head of the laboratory",
        "document": "laboratory rules",
        "valid_from": (now - timedelta(days=1)).date().isoformat(),
        "valid_until": (now + timedelta(days=1)).date().isoformat(),
        "port_scan": port_scan,
    }


def _dump(file: Path, content: dict[str, Any]) -> None:
    file.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True))
