"""Schedules of a machine: put there, listed, taken away; by systemd, or where it is absent by cron."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.register.folder import alone_in, replace, write_new
from secaudit.schedule.calendar import Calendar
from secaudit.schedule.crontab import cron_lines, jobs_in, with_job, without_job
from secaudit.schedule.programs import Programs
from secaudit.schedule.units import PREFIX, Job

SYSTEM_UNITS: Final = Path("/etc/systemd/system")
USER_UNITS: Final = Path("~/.config/systemd/user")
STAMPS: Final = Path("/var/lib/systemd/timers")
CACHES: Final = Path("/var/cache")
# crontab(1) says so of a user who has none
_NO_CRONTAB: Final = "no crontab for"


@dataclass(frozen=True, slots=True)
class Systemd:
    """The units of the machine, or of the user who asks."""

    programs: Programs
    folder: Path
    of_user: bool = False

    def install(self, job: Job, service: str, timer: str) -> list[Path]:
        """Write both units and start the timer. Raises UsageError; then the units are gone again."""
        self.folder.mkdir(parents=True, exist_ok=True)
        files = {self.folder / f"{job.name}.service": service, self.folder / f"{job.name}.timer": timer}
        for file, text in files.items():
            _put(file, text)
        try:
            self._systemctl("daemon-reload")
            self._systemctl("enable", "--now", f"{job.name}.timer")
            self._systemctl("restart", f"{job.name}.timer")  # one that was there goes by its new time
        except UsageError:
            self.remove(job.name)
            raise
        return list(files)

    def remove(self, name: str) -> list[Path]:
        """Stop the timer and leave nothing of it. What of it cannot be stopped is not there any more either."""
        files = [self.folder / f"{name}.timer", self.folder / f"{name}.service"]
        there = [file for file in files if file.exists()]
        with suppress(UsageError):
            self._systemctl("disable", "--now", f"{name}.timer")
        for words in (("reset-failed",), ("clean", "--what=cache")):  # only what has not failed is cleaned
            with suppress(UsageError):
                self._systemctl(*words, f"{name}.service")
        for file in there:
            file.unlink()
        if not self.of_user:
            (STAMPS / f"stamp-{name}.timer").unlink(missing_ok=True)
            shutil.rmtree(CACHES / name, ignore_errors=True)  # an old systemd cleans nothing
        with suppress(UsageError):
            self._systemctl("daemon-reload")
        return there

    def installed(self) -> Iterator[tuple[str, str, str]]:
        """Name, timer and service of each schedule of ours."""
        for timer in sorted(self.folder.glob(f"{PREFIX}-*.timer")):
            service = timer.with_suffix(".service")
            yield (
                timer.stem,
                timer.read_text(errors="replace"),
                (service.read_text(errors="replace") if service.is_file() else ""),
            )

    def shown(self, name: str) -> Mapping[str, str]:
        """ActiveState of a timer, and ExecMainStatus of what it started last (0 where it started nothing yet)."""
        try:
            told = self._systemctl("show", f"{name}.timer", "--property=ActiveState")
            told += self._systemctl("show", f"{name}.service", "--property=ExecMainStatus")
        except UsageError:
            return {}
        return dict(line.split("=", 1) for line in told.splitlines() if "=" in line)

    def _systemctl(self, *words: str) -> str:
        return self.programs.run("systemctl", *(["--user"] if self.of_user else []), *words)


@dataclass(frozen=True, slots=True)
class Cron:
    """The crontab of a user ("": of whoever asks). ``alone``: the folder in which our changes wait for each other."""

    programs: Programs
    user: str
    alone: Path

    def install(self, job: Job, calendar: Calendar, logger: str) -> str:
        """Put the job in, in place of the one that the workspace had; its lines."""
        lines = cron_lines(job, calendar, logger)
        with alone_in(self.alone):
            self._write(with_job(self.read(), job.workspace, lines, job.mode))
        return lines

    def remove(self, workspace: Path) -> bool:
        """Take the job out; whether there was one."""
        with alone_in(self.alone):
            before = self.read()
            after = without_job(before, workspace)
            if after == before:
                return False
            if after:
                self._write(after)
            else:
                self.programs.run("crontab", *self._whose(), "-r")
            return True

    def jobs(self) -> list[tuple[Path, str]]:
        """Workspace and line of each job of ours."""
        return list(jobs_in(self.read()))

    def read(self) -> str:
        """The crontab; "" where the user has none. Raises UsageError."""
        try:
            return self.programs.run("crontab", *self._whose(), "-l")
        except UsageError as error:
            if _NO_CRONTAB in str(error):
                return ""
            raise

    def _write(self, text: str) -> None:
        """crontab(1) puts it in place at once, and refuses what it cannot read."""
        self.programs.run("crontab", *self._whose(), "-", given=text)

    def _whose(self) -> list[str]:
        return ["-u", self.user] if self.user else []


def refuse_without_cron(programs: Programs) -> None:
    """Raise UsageError where there is no crontab(1)."""
    if not programs.path_of("crontab"):
        raise UsageError(
            _("Neither systemd nor cron is here: nothing can start the nights."),
            hint=_("Install cron, or have something else start: secaudit nightly"),
        )


def zone_is_understood(programs: Programs) -> bool:
    """Whether this systemd knows time zones in OnCalendar= (from 235 on)."""
    try:
        first = programs.run("systemctl", "--version").split()
        return int(first[1].partition(".")[0].partition("~")[0]) >= 235
    except (UsageError, IndexError, ValueError):
        return False


def _put(file: Path, text: str) -> None:
    if file.exists():
        replace(file, text, file.read_text(errors="replace"))
    else:
        write_new(file, text)
    file.chmod(0o644)  # a unit holds no secret, and systemd complains of others
