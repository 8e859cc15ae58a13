"""What is no mistake and yet worth a look."""

from collections.abc import Iterator

from secaudit.language import _
from secaudit.model.register import Register, System


def notes_on(register: Register) -> tuple[str, ...]:
    """One line for each thing a person may have forgotten."""
    return tuple(note for system in register.systems for note in _of(system))


def _of(system: System) -> Iterator[str]:
    if system.level >= 2 and not system.filing_number:
        yield _(
            "system {id} is of level {level} and has no filing_number (level 2 and above are filed)"
        ).format(id=system.id, level=system.level)
    if not any(asset.reach.transport != "none" for asset in system.assets):
        yield _("system {id} has no asset that can be visited").format(id=system.id)
    if not system.data_sets:
        yield _("system {id} declares no data_sets: a person is asked about its backups").format(id=system.id)
