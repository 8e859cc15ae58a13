"""A host without a network, asked by hand: its bundle gives what a live visit gives (acceptance of the bundle)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from secaudit.model.result import Result
from tests.lab import snapshot
from tests.lab.audits import Audit, import_bundles, scan, secaudit
from tests.lab.hosts import USER, Lab
from tests.lab.workspace import SYSTEM, write

HOSTS = ("h1", "h4", "h8")  # bookworm hardened, trixie partly, bullseye as it comes
PLACE = "/var/tmp/collector.sh"
WHO = "-o 'the laboratory' -p 'rack 1' -q"
WAYS = {
    "root": ("sh", "-c", f"exec sh {PLACE} {WHO}"),
    "sudo": ("su", USER, "-s", "/bin/sh", "-c", f"exec sh {PLACE} {WHO} -s"),
}


def by_bundle(folder: Path, lab: Lab) -> Path:
    """A workspace in which these hosts are not visited."""
    workspace = write(folder, lab, HOSTS, port_scan=False)
    file = workspace / "systems" / f"{SYSTEM}.yaml"
    system: dict[str, Any] = yaml.safe_load(file.read_text())
    for asset in system["assets"]:
        asset["reach"] = {"transport": "bundle"}
    file.write_text(yaml.safe_dump(system, sort_keys=False, allow_unicode=True))
    return workspace


@pytest.fixture(scope="module")
def live(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Audit:
    """The hosts visited over SSH."""
    return scan(write(tmp_path_factory.mktemp("live") / "workspace", lab, HOSTS, port_scan=False))


@pytest.fixture(scope="module")
def island(lab: Lab, live: Audit) -> Iterator[Lab]:
    """The lab once nobody reaches its hosts any more."""
    lab.cut()
    try:
        yield lab
    finally:
        lab.join()


def collected(island: Lab, workspace: Path, host: str, way: str) -> Path:
    """The bundle of a host; AssertionError when the collector wrote anything there."""
    collector = workspace / f"{host}.sh"
    secaudit(workspace, "collector", "build", SYSTEM, "--asset", host, "--out", str(collector))
    island.exec(host, "sh", "-c", f"cat >{PLACE}; chmod 644 {PLACE}", given=collector.read_bytes())
    before = snapshot.take(island.host(host))
    bundle = workspace / f"{host}.bundle"
    bundle.write_bytes(island.exec(host, *WAYS[way]))
    assert snapshot.changes(before, snapshot.take(island.host(host))) == []
    return bundle


def told(result: Result) -> tuple[object, ...]:
    """What a report says of a result."""
    return result.verdict, result.offenders, result.gap and result.gap.reason


@pytest.mark.parametrize("way", WAYS)
def test_a_bundle_equals_the_live_visit(way: str, island: Lab, live: Audit, tmp_path: Path) -> None:
    workspace = by_bundle(tmp_path / "workspace", island)
    audit = import_bundles(workspace, *(collected(island, workspace, host, way) for host in HOSTS))
    assert set(audit.records) == set(HOSTS)
    assert {record.channel["transport"] for record in audit.records.values()} == {"bundle"}
    of_bundle = {key: told(result) for key, result in audit.results.items()}
    of_visit = {key: told(result) for key, result in live.results.items()}
    assert of_bundle == of_visit
    night = scan(workspace)
    assert {key: told(result) for key, result in night.results.items()} == of_bundle
