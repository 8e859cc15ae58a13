"""kill -9 at every statement of following: the next follower leads to the same findings, numbers and digests."""

import subprocess
import sys
from pathlib import Path


def test_following_that_is_killed_at_any_statement_is_gone_on_from(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.unit.audit.killing_follow", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 20
