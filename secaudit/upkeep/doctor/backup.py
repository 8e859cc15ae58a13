"""Whether there is a backup that is new, whole and was looked at."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from secaudit.language import _
from secaudit.upkeep.doctor.line import Line, Topic, fail, ok, warn
from secaudit.upkeep.notes import Notes, moment_of

CHECK_DAYS: Final = 90
DAYS: Final = 7


@dataclass(frozen=True, slots=True)
class Backup:
    """``there``: whether the newest one can be seen (its disk may not be mounted); ``days``: how old it may be."""

    notes: Notes
    there: bool
    days: int = DAYS


def gather(notes: Notes, days: int) -> Backup:
    """What was noted when the newest was made."""
    return Backup(notes, bool(notes.backup) and Path(notes.backup).is_file(), days)


def lines(facts: Backup, now: datetime, backup: str, check: str) -> Iterator[Line]:
    """``backup`` and ``check`` are commands."""
    made = moment_of(facts.notes.backup_at)
    if made is None:
        yield fail(Topic.BACKUP, _("there is no backup of this workspace"), backup)
        return
    days = (now - made).days
    if now - made > timedelta(days=facts.days):
        told = _("the newest backup is {days} days old; {limit} are allowed")
        yield fail(Topic.BACKUP, told.format(days=days, limit=facts.days), backup)
    elif not facts.notes.backup_whole:
        told = _("the newest backup lacks the database, which a server keeps")
        yield warn(Topic.BACKUP, told, _("dump it with pg_dump, as backup says"))
    else:
        yield ok(
            Topic.BACKUP,
            _("the newest backup is {days} days old: {file}").format(days=days, file=facts.notes.backup),
        )
    yield from _looked_at(facts, now, check)


def _looked_at(facts: Backup, now: datetime, check: str) -> Iterator[Line]:
    checked = moment_of(facts.notes.checked_at)
    if not facts.there:
        told = _("{file} is not to be seen from here").format(file=facts.notes.backup)
        yield warn(Topic.BACKUP, told, _("mount the disk it lies on, or make another backup"))
    elif checked is None or now - checked > timedelta(days=CHECK_DAYS):
        told = _("no backup was read back for more than {days} days").format(days=CHECK_DAYS)
        yield warn(Topic.BACKUP, told, check)
