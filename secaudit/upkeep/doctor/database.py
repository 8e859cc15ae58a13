"""Whether the database is whole and of today's form."""

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from secaudit.errors import StoreError
from secaudit.language import _
from secaudit.store import Form, file_of, look_at
from secaudit.store.health import damage_of
from secaudit.upkeep.doctor.line import Line, Topic, fail, ok, warn


@dataclass(frozen=True, slots=True)
class Database:
    """``form`` is None where there is none yet; ``damage``: what a quick check said; ``error``: it cannot be opened."""

    file: Path | None
    form: Form | None = None
    damage: tuple[str, ...] = ()
    error: StoreError | None = None


def gather(url: str) -> Database:
    """It is only read, page by page."""
    file = None
    try:
        file = file_of(url)
        form = look_at(url)
        return Database(file, form, damage_of(url) if form is not None else ())
    except StoreError as error:
        return Database(file, error=error)


def lines(facts: Database, restore: str) -> Iterator[Line]:
    """``restore`` is the command that brings a backup back."""
    if facts.error is not None:
        yield fail(Topic.DATABASE, str(facts.error), facts.error.hint or restore)
    elif facts.damage:
        told = _("the database is damaged: {reason}").format(reason=facts.damage[0])
        yield fail(Topic.DATABASE, told, restore)
    elif facts.form is None or facts.form is Form.EMPTY:
        yield ok(Topic.DATABASE, _("nothing was scanned yet, there is no database"))
    elif facts.form is Form.OLDER:
        told = _("the database is of an older form; the next command that writes brings it up to date")
        name = shlex.quote(str(facts.file))
        yield warn(
            Topic.DATABASE, told, f'sqlite3 {name} ".backup {name}.before"' if facts.file else "pg_dump"
        )
    else:
        yield ok(Topic.DATABASE, _("the database is whole and of today's form"))
