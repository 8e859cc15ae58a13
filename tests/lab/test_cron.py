"""A cron daemon really starts the night: its binary is a lab host's, its spool a file system of its own."""

import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from secaudit.register.times import in_zone
from secaudit.schedule.journal import End, Journal, Mode, nights_on_record
from tests.end_to_end import workspaces
from tests.lab.hosts import Lab
from tests.ports import unused_port

HOST = "h71"
OTHERS = "MAILTO=nobody\n0 0 1 1 * /bin/true\n"
# In a mount namespace of its own: nothing of the machine's cron is seen or touched.
SCRIPT = """\
set -eu
mount -t tmpfs -o mode=755 tmpfs /var/spool
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /var/spool/cron && mkdir -m 1730 /var/spool/cron/crontabs
printf '{others}' | crontab -
"$@" schedule install --cron --jitter 0 --at {at}
crontab -l >{folder}/installed
cron -f & daemon=$!
cat {folder}/fifo >{folder}/told
kill $daemon
"$@" schedule list --format json >{folder}/listed
"$@" schedule remove
crontab -l >{folder}/removed
"""


@pytest.fixture
def programs(lab: Lab, tmp_path: Path) -> Path:
    """cron and crontab of a Debian host, and a logger that hands on what it is given."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("sbin/cron", "bin/crontab"):
        shutil.copy(lab.host(HOST).root / "usr" / name, folder)
    os.mkfifo(tmp_path / "fifo")
    (folder / "logger").write_text(f'#!/bin/sh\n{{ echo "$@"; cat; }} >{tmp_path}/fifo\n')
    (folder / "logger").chmod(0o755)
    return folder


def test_cron_starts_the_night_and_leaves_nothing(programs: Path, tmp_path: Path) -> None:
    workspace = workspaces.make(tmp_path / "w", {"h1": unused_port()})
    moment = datetime.now(UTC) + timedelta(seconds=65)  # cron looks at its jobs when a minute begins
    script = SCRIPT.format(others=OTHERS.replace("\n", "\\n"), at=f"{in_zone(moment):%H:%M}", folder=tmp_path)
    command = [sys.executable, "-m", "secaudit", "-w", str(workspace)]
    path = f"{programs}:{os.environ['PATH']}:/usr/sbin:/sbin"
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", script, "sh", *command],
        env={**workspaces.environment(), "PATH": path},
        capture_output=True,
        text=True,
        timeout=170,
        check=False,
    )
    assert done.returncode == 0, done
    assert (tmp_path / "installed").read_text().startswith(OTHERS)
    told = (tmp_path / "told").read_text()
    assert told.startswith("-t secaudit-nightly\n"), told
    (day,) = nights_on_record(workspace)
    record = Journal(workspace, day, Mode.AUDIT).read()
    assert record is not None
    assert (record.stages["scan"].end, record.code) == (End.DONE, 4)
    assert '"how": "cron"' in (tmp_path / "listed").read_text()
    assert (tmp_path / "removed").read_text() == OTHERS
