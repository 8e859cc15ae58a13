"""kill -9 at every statement, those that make the database included: what is left is gone on from, to the same end."""

import subprocess
import sys
from pathlib import Path


def test_a_writer_that_is_killed_at_any_statement_leaves_what_can_be_gone_on_from(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.unit.store.killing", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 38
