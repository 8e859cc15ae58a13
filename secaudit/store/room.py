"""How much room the file of a database takes, and how it is given back."""

import os
from dataclasses import dataclass

from sqlalchemy import Engine

from secaudit.errors import StoreError
from secaudit.language import _
from secaudit.store.database import file_of, transaction, translated

MIB = 1_048_576


@dataclass(frozen=True, slots=True)
class Room:
    """Bytes of the file, those of its pages that hold nothing, and those that are free on its disk."""

    size_bytes: int
    unused_bytes: int
    free_bytes: int

    @property
    def needed_bytes(self) -> int:
        """What the disk must hold while the file is made smaller: the new one, and its way through the -wal file."""
        return 2 * (self.size_bytes - self.unused_bytes) + MIB


def room_of(engine: Engine) -> Room | None:
    """None for a database without a file."""
    file = file_of(engine.url.render_as_string(hide_password=False))
    if file is None:
        return None
    with transaction(engine) as connection:
        page, pages, unused = (
            int(connection.exec_driver_sql(f"PRAGMA {name}").scalar_one())
            for name in ("page_size", "page_count", "freelist_count")
        )
    found = os.statvfs(file.parent)
    return Room(page * pages, page * unused, found.f_bavail * found.f_frsize)


def give_back(engine: Engine) -> None:
    """VACUUM (sqlite.org/lang_vacuum.html). Raises StoreError, before anything is begun where the disk lacks room."""
    room = room_of(engine)
    if room is None:
        return
    if room.free_bytes < room.needed_bytes:
        raise no_room(room)
    with translated(engine.url), engine.connect() as opened:
        connection = opened.execution_options(outside=True)
        connection.exec_driver_sql("VACUUM")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def no_room(room: Room) -> StoreError:
    """The error for a disk that cannot hold the smaller file beside the present one."""
    told = _(
        "The database gives {unused} MiB back only with {needed} MiB free on its disk; {free} MiB are free."
    )
    return StoreError(
        told.format(
            unused=room.unused_bytes // MIB, needed=room.needed_bytes // MIB, free=room.free_bytes // MIB
        ),
        hint=_("Nothing is lost: new nights use that room first. Make room and prune again."),
    )
