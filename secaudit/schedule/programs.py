"""The programs of the machine that schedules are made with: systemctl and crontab."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from secaudit.errors import UsageError
from secaudit.language import _

_TIMEOUT_S = 60


class Programs(Protocol):
    """What is asked of the machine; a test has one of its own."""

    def run(self, *words: str, given: str | None = None) -> str:
        """Standard output of a program. Raises UsageError with what it complained of."""

    def path_of(self, name: str) -> str:
        """Where a program is; "" where there is none."""

    def has_systemd(self) -> bool:
        """Whether systemd started this machine (sd_booted(3))."""


class MachinePrograms:
    """Those of this machine."""

    def run(self, *words: str, given: str | None = None) -> str:
        """See ``Programs``. Its messages are English, so that they can be told apart."""
        try:
            done = subprocess.run(  # noqa: S603 - the commands are ours
                words,
                input=given,
                capture_output=True,
                text=True,
                errors="backslashreplace",
                timeout=_TIMEOUT_S,
                check=False,
                env={**os.environ, "LC_ALL": "C"},
                stdin=None if given is not None else subprocess.DEVNULL,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise _failed(words, str(error)) from error
        if done.returncode:
            raise _failed(words, done.stderr.strip() or done.stdout.strip() or str(done.returncode))
        return done.stdout

    def path_of(self, name: str) -> str:
        """See ``Programs``; cron(8) knows no PATH of ours."""
        return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin:/usr/bin:/bin") or ""

    def has_systemd(self) -> bool:
        """See ``Programs``."""
        return Path("/run/systemd/system").is_dir()


def _failed(words: Sequence[str], reason: str) -> UsageError:
    return UsageError(_("{command} failed: {reason}").format(command=" ".join(words), reason=reason))
