"""A workspace whose disk is full, in more than ten places: it is told, nothing stored is lost, and it goes on."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from secaudit.cli.exit_codes import ExitCode
from secaudit.model.result import Verdict
from secaudit.store import open_store
from tests.end_to_end import workspaces
from tests.end_to_end.filling import BALLAST
from tests.ports import unused_port

pytestmark = pytest.mark.end_to_end

STORE = "secaudit.store.store:Store"
# where a scan meets the full disk: the step, which call of it, how many visits are stored by then
SCAN = {
    "the file of the database": ("secaudit.store.store:open_engine", 1, 0),
    "its tables": ("secaudit.store.upgrade:_upgrade", 1, 0),
    "the beginning of the run": (f"{STORE}.create_run", 1, 0),
    "the first visit": (f"{STORE}.save_visit", 1, 0),
    "the second visit": (f"{STORE}.save_visit", 2, 1),
    "the contents of the third visit": ("secaudit.store.blobs:NewBlobs.write", 4, 2),
    "the end of the run": (f"{STORE}.finish_run", 1, 3),
}
# what writes a file: the step, the command, the file
FILES = {
    "the report in HTML": ("secaudit.report.output:_replacing", "report --format html", "reports/*.html"),
    "the report in JSON": ("secaudit.report.output:_replacing", "report --format json", "reports/*.json"),
    "an authorisation": (
        "secaudit.register.folder:write_new",
        "authorise add --system oa --until 2099-01-31 --approver a --document d",
        "authorisations/a-*.yaml",
    ),
    "a system": (
        "secaudit.register.folder:write_new",
        "system add hr --name HR --organisation office --grade S1A1G1",
        "systems/hr.yaml",
    ),
}
ASSETS = ("h1", "h2", "h3")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A workspace on a disk of its own."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8m,mode=700", "tmpfs", str(disk)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        reason = f"no disk of its own can be mounted: {mounted.stderr.decode(errors='replace').strip()}"
        pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)
    try:
        yield workspaces.make(disk / "w", {name: unused_port() for name in ASSETS})
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


def on_full_disk(folder: Path, step: str, call: int, *arguments: str) -> workspaces.Printed:
    """Run a command that meets a full disk there, then make room again."""
    prefix = [sys.executable, "-m", "tests.end_to_end.filling", step, str(call), str(folder)]
    done = subprocess.run(
        [*prefix, "--workspace", str(folder), *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=workspaces.environment(),
        stdin=subprocess.DEVNULL,
    )
    (folder / BALLAST).unlink()  # it must have come to that step
    return workspaces.Printed(done.returncode, done.stdout, done.stderr)


def held(folder: Path) -> list[tuple[str, int]]:
    """State and number of visits of each run."""
    with open_store(f"sqlite:///{folder}/secaudit.db") as store:
        return [(run.state, run.visits) for run in store.runs()]


def verdicts(folder: Path) -> dict[tuple[str, str], Verdict]:
    """(asset, check) → verdict of the newest run."""
    with open_store(f"sqlite:///{folder}/secaudit.db") as store:
        run = store.runs()[0]
        return {
            (r.asset_id, r.check_id): r.verdict for record in store.records(run.id) for r in record.results
        }


@pytest.mark.parametrize("place", SCAN)
def test_a_scan_on_a_full_disk_is_told_and_goes_on_when_there_is_room(folder: Path, place: str) -> None:
    step, call, stored = SCAN[place]
    done = on_full_disk(folder, step, call, "scan", "--jobs", "1")
    assert done.code == ExitCode.STORE, done
    assert "The disk is full: the database" in done.err
    assert "Make room" in done.err
    assert "Traceback" not in done.err
    before = held(folder)
    assert [visits for _state, visits in before] in ([stored], [])
    assert bool(before) == (
        place not in ("the file of the database", "its tables", "the beginning of the run")
    )
    again = workspaces.secaudit(folder, "scan", *(["--resume"] if before else []))
    assert again.code == ExitCode.NOTHING_REACHED, again
    assert held(folder) == [("complete", 3)]
    found = verdicts(folder)
    assert {asset for asset, _check in found} == set(ASSETS)
    assert workspaces.secaudit(folder, "scan").code == ExitCode.NOTHING_REACHED
    assert verdicts(folder) == found


def test_judging_again_on_a_full_disk_keeps_the_first_judgement(folder: Path) -> None:
    workspaces.secaudit(folder, "scan")
    before = verdicts(folder)
    done = on_full_disk(folder, f"{STORE}.save_judgement", 1, "judge", "latest")
    assert (done.code, "The disk is full" in done.err) == (ExitCode.STORE, True), done
    with open_store(f"sqlite:///{folder}/secaudit.db") as store:
        assert store.latest_judgement(store.runs()[0].id).number == 0
    assert workspaces.secaudit(folder, "judge", "latest").code == ExitCode.NOTHING_REACHED
    assert verdicts(folder) == before


@pytest.mark.parametrize("place", FILES)
def test_a_file_on_a_full_disk_is_whole_or_not_there(folder: Path, place: str) -> None:
    step, arguments, pattern = FILES[place]
    workspaces.secaudit(folder, "scan")
    before = set(folder.rglob("*"))
    done = on_full_disk(folder, step, 1, *arguments.split())
    assert done.code == ExitCode.USAGE, done
    assert "No space left on device" in done.err
    assert [path for path in set(folder.rglob("*")) - before if path.is_file()] == []
    assert workspaces.secaudit(folder, *arguments.split()).code == ExitCode.CLEAN
    assert any(path.stat().st_size for path in folder.glob(pattern))


def test_a_report_that_was_there_stays_when_the_new_one_finds_no_room(folder: Path) -> None:
    workspaces.secaudit(folder, "scan")
    workspaces.secaudit(folder, "report", "--format", "json")
    (report,) = (folder / "reports").glob("*.json")
    before = report.read_bytes()
    done = on_full_disk(folder, "secaudit.report.output:_replacing", 1, "report", "--format", "json")
    assert done.code == ExitCode.USAGE
    assert report.read_bytes() == before


def test_known_hosts_on_a_full_disk_keep_what_they_held(folder: Path) -> None:
    """From the library: a key to trust is a server's, and none runs here."""
    program = (
        "import sys; from pathlib import Path; from tests.end_to_end.filling import fill\n"
        "from secaudit.errors import UsageError; from secaudit.transport.known_hosts import HostKey, KnownHosts\n"
        "folder = Path(sys.argv[1]); known = KnownHosts(folder / 'known_hosts')\n"
        "known.add('h1', HostKey('ssh-ed25519', b'one')); fill(folder)\n"
        "try: known.add('h2', HostKey('ssh-ed25519', b'two'))\n"
        "except UsageError as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(folder)], capture_output=True, text=True, check=True
    )
    assert "known_hosts: No space left on device" in done.stdout
    assert len((folder / "known_hosts").read_text().splitlines()) == 1
    assert list(folder.glob(".known_hosts*")) == []
