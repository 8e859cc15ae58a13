"""What is no mistake and yet worth a look."""

from collections.abc import Iterator

from secaudit.language import _
from secaudit.model.register import Register, System


def notes_on(register: Register) -> tuple[str, ...]:
    """One line for each thing a person may have forgotten."""
    notes = [note for system in register.systems for note in _of(system)]
    return (*notes, *_same_door(register))


def _same_door(register: Register) -> Iterator[str]:
    """Assets that are visited at the same address and port: one of them is probably written wrongly."""
    doors: dict[tuple[str, int], str] = {}
    for asset in (asset for system in register.systems for asset in system.assets):
        door = (asset.address, asset.reach.port)
        if asset.reach.transport == "ssh" and doors.setdefault(door, asset.id) != asset.id:
            yield _("assets {first} and {second} have the same address and port").format(
                first=doors[door], second=asset.id
            )


def _of(system: System) -> Iterator[str]:
    if system.level >= 2 and not system.filing_number:
        yield _(
            "system {id} is of level {level} and has no filing_number (level 2 and above are filed)"
        ).format(id=system.id, level=system.level)
    if not any(asset.reach.transport != "none" for asset in system.assets):
        yield _("system {id} has no asset that can be visited").format(id=system.id)
    if not system.data_sets:
        yield _("system {id} declares no data_sets: a person is asked about its backups").format(id=system.id)
