"""The programs that preflight looks for: what it says is lost without them is lost."""

import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from secaudit.facts.catalogue import BUILT_IN
from secaudit.facts.fact import build_facts, probes_of
from secaudit.facts.programs import DEBIAN, LOOKED_FOR, REQUIREMENTS, Requirement
from secaudit.facts.readiness import HOST, parse_readiness
from secaudit.model.content import References
from secaudit.model.evidence import Gap, Observation, Probe
from secaudit.model.register import Asset, Grade, System
from tests.content.test_programs import reviewed_programs

ASSET = Asset("a", "linux", "a")
SYSTEM = System("s", "s", "o", Grade(3, 3), assets=(ASSET,))
# A probe that names them goes another way, or says what it knows, where they are missing.
DONE_WITHOUT = (
    "[ break cd command continue echo exit printf read set "  # the shell itself
    "bzcat unzck xzcat zcat zstdcat "  # one of them, by how a repository is packed: the fact says which is missing
    "getcap getfacl lastlog lastlog2 "  # only advice rests on them
    "id "  # a central account that it does not know has no job that counts
    "lsattr "  # it comes with chattr: without it no file was made append-only
    "crm_mon drbdsetup "  # where there is a cluster they are: without them its state is a gap
    "ionice "  # the search then has no say in the order of the disk
    "systemctl netstat ss sshd auditctl chronyc ntpctl ntpq timedatectl nmap "
    "iptables-nft-save iptables-legacy-save ip6tables-save ip6tables-nft-save ip6tables-legacy-save"
).split()
HERE = [need for need in REQUIREMENTS if need.facts and need.family in ("", DEBIAN)]


def path_without(folder: Path, programs: tuple[str, ...]) -> str:
    """A PATH with all programs of this machine but these."""
    for place in ("/usr/sbin", "/usr/bin", "/sbin", "/bin"):
        for file in Path(place).iterdir():
            link = folder / file.name
            if file.name not in programs and not link.is_symlink():
                link.symlink_to(file)
    return str(folder)


def asked(probe: Probe, path: str) -> Observation:
    """The answer of this machine with that PATH."""
    environment = {"PATH": path, "LC_ALL": "C"}
    done = subprocess.run(["/bin/sh", "-c", probe.command], capture_output=True, env=environment, check=False)
    return Observation(
        probe.id,
        probe.definition_hash,
        probe.command,
        output=done.stdout,
        errors=done.stderr,
        exit_status=done.returncode,
    )


def built(need: Requirement, path: str) -> Mapping[str, object]:
    """The facts of a requirement on this machine with that PATH."""
    wanted = {p.id: p for name in need.facts for p in probes_of(name, BUILT_IN, ASSET, SYSTEM)}
    answers = {probe.id: asked(probe, path) for probe in wanted.values() if probe.id != "outside.ports"}
    return build_facts(need.facts, BUILT_IN, answers, ASSET, SYSTEM, References(), datetime.now(UTC))


@pytest.mark.skipif(not Path("/var/lib/dpkg/status").exists(), reason="made for a Debian machine")
@pytest.mark.parametrize("need", HERE, ids=lambda need: "-".join(need.programs))
def test_a_fact_is_a_gap_without_the_program(need: Requirement, tmp_path: Path) -> None:
    facts = built(need, path_without(tmp_path, need.programs))
    assert {name: type(facts[name]) for name in need.facts} == dict.fromkeys(need.facts, Gap)


@pytest.mark.skipif(not Path("/var/lib/dpkg/status").exists(), reason="made for a Debian machine")
def test_what_is_missing_is_seen(tmp_path: Path) -> None:
    path = path_without(tmp_path, ("stat", "nft"))
    found = parse_readiness(asked(HOST, path).output.decode()).programs
    assert "stat" not in found
    assert "nft" not in found
    assert {"awk", "find", "dpkg-query"} <= found


def test_every_program_of_a_probe_is_looked_for_or_done_without() -> None:
    assert set(reviewed_programs()) - set(LOOKED_FOR) == set(DONE_WITHOUT) - set(LOOKED_FOR)


def test_no_program_is_looked_for_in_vain() -> None:
    assert set(LOOKED_FOR) <= set(reviewed_programs())


def test_the_facts_of_a_requirement_are_known() -> None:
    assert {name for need in REQUIREMENTS for name in need.facts} <= set(BUILT_IN)
