"""A real host that only the second of two jump hosts can reach."""

from pathlib import Path

import pytest
import yaml

from secaudit.cli.exit_codes import ExitCode
from secaudit.cli.main import run
from secaudit.model.evidence import GapReason
from tests.lab import server_log
from tests.lab.audits import Audit, scan, secaudit
from tests.lab.hosts import USER, Lab
from tests.lab.server_log import Seen
from tests.lab.workspace import SYSTEM, write

GATE, INNER, TARGET = "h31", "h32", "h33"


def workspace(lab: Lab, folder: Path, *way: str) -> Path:
    """The target registered behind these jump hosts; no host key is trusted."""
    write(folder, lab, (TARGET,), port_scan=False)
    settings, system = folder / "secaudit.yaml", folder / "systems" / f"{SYSTEM}.yaml"
    hops = [
        {"id": name, "address": lab.host(name).address, "user": USER, "key": f"file:{lab.key}"}
        for name in way
    ]
    settings.write_text(yaml.safe_dump({**yaml.safe_load(settings.read_text()), "jump_hosts": hops}))
    registered = yaml.safe_load(system.read_text())
    registered["assets"][0]["reach"]["jump"] = list(way)
    system.write_text(yaml.safe_dump(registered))
    (folder / "known_hosts").unlink()
    return folder


@pytest.fixture(scope="module")
def before(lab: Lab) -> dict[str, Seen]:
    """Logins before the scan."""
    return {name: server_log.seen(lab.host(name)) for name in (GATE, INNER, TARGET)}


@pytest.fixture(scope="module")
def through(lab: Lab, before: dict[str, Seen], tmp_path_factory: pytest.TempPathFactory) -> Audit:
    """A scan through both; the keys are enrolled through the jump hosts first."""
    folder = workspace(lab, tmp_path_factory.mktemp("two") / "workspace", GATE, INNER)
    assert run(["-w", str(folder), "hostkeys", "trust", "--all", "--yes"]) == ExitCode.CLEAN
    return scan(folder)


def test_the_target_is_judged(through: Audit) -> None:
    record = through.records[TARGET]
    assert record.gap is None
    assert {r.gap.reason for r in record.results if r.gap} <= {
        GapReason.METADATA_ABSENT,
        GapReason.NOT_SUPPORTED,
        GapReason.NOT_COLLECTED,
        GapReason.NO_TOOL,
        GapReason.NO_PERMISSION,
    }


def test_the_way_and_the_dialogue_are_told(through: Audit, lab: Lab) -> None:
    channel = through.records[TARGET].channel
    assert [hop.partition(" ")[0] for hop in channel["jump"].split(" → ")] == [GATE, INNER]
    assert channel["auth"] == "password"


def test_jump_hosts_ran_no_command(through: Audit, lab: Lab, before: dict[str, Seen]) -> None:
    for name in (GATE, INNER):
        assert (server_log.seen(lab.host(name)) - before[name]).sessions == 0
    seen = server_log.seen(lab.host(TARGET)) - before[TARGET]
    assert (seen.logins, seen.commands) == (1, 1)


@pytest.mark.parametrize("way", [(), (GATE,)])
def test_a_shorter_way_does_not_lead_there(
    way: tuple[str, ...], lab: Lab, through: Audit, tmp_path: Path
) -> None:
    folder = workspace(lab, tmp_path / "workspace", *way)
    run(["-w", str(folder), "hostkeys", "trust", "--all", "--yes"])
    printed = secaudit(folder, "scan", codes=(ExitCode.NOTHING_REACHED,))
    assert b"no answer, perhaps filtered" in printed.err
