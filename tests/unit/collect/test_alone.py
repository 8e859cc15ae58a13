"""Two processes are not at one asset at the same moment, and none waits for ever."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from secaudit.collect.alone import alone_at

HOLDS = """\
import sys
from pathlib import Path
from secaudit.collect.alone import alone_at
with alone_at(sys.argv[1], Path(sys.argv[2])):
    print("there", flush=True)
    sys.stdin.readline()
"""


def holder(asset: str, file: Path) -> subprocess.Popen[str]:
    """Another process that is at the asset until a line comes, or until it is killed."""
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", HOLDS, asset, str(file)]
    process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "there\n"
    return process


@pytest.mark.parametrize("end", ["leaves", "is killed"])
def test_who_comes_second_waits_for_the_first(tmp_path: Path, end: str) -> None:
    there = threading.Event()

    def come() -> None:
        with alone_at("h1", tmp_path / "lock"):
            there.set()

    with holder("h1", tmp_path / "lock") as other:
        thread = threading.Thread(target=come)
        thread.start()
        assert not there.wait(0.2)
        other.kill() if end == "is killed" else other.communicate("go\n")
        assert there.wait(10)
        thread.join()


def test_other_assets_are_not_waited_for(tmp_path: Path) -> None:
    with holder("h1", tmp_path / "lock") as other, alone_at("h2", tmp_path / "lock"):
        other.kill()


def test_two_that_wait_for_each_other_s_assets_go_on(tmp_path: Path) -> None:
    """Locks of fcntl(2) that belong to processes would take this for a deadlock."""
    passed = threading.Barrier(3, timeout=20)

    def come(asset: str) -> None:
        with alone_at(asset, tmp_path / "lock"):
            pass
        passed.wait()

    with holder("h1", tmp_path / "lock") as one, alone_at("h2", tmp_path / "lock"):
        threads = [threading.Thread(target=come, args=(asset,)) for asset in ("h1", "h3")]
        for thread in threads:
            thread.start()
        one.communicate("go\n")
        passed.wait()
        for thread in threads:
            thread.join()


def test_without_a_file_nothing_is_kept_apart_and_nothing_is_missed(tmp_path: Path) -> None:
    with alone_at("h1", tmp_path / "nowhere" / "lock"):
        pass
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with alone_at("h1", tmp_path / "link"):
        pass
    assert list(tmp_path.iterdir()) == [tmp_path / "link"]


def test_the_file_is_private(tmp_path: Path) -> None:
    with alone_at("h1", tmp_path / "lock"):
        assert (tmp_path / "lock").stat().st_mode & 0o777 == 0o600
