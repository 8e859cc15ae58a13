"""Registered systems by their ids."""

from collections.abc import Sequence

from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.model.register import Register, System


def system_of(register: Register, system_id: str) -> System:
    """The system; raises UsageError when it is not registered."""
    for system in register.systems:
        if system.id == system_id:
            return system
    raise unregistered(system_id)


def systems_of(register: Register, system_ids: Sequence[str]) -> tuple[System, ...]:
    """These systems in the order of the register, all when none is named; raises UsageError for the first unknown."""
    named = {system_of(register, system_id).id for system_id in system_ids}
    return tuple(system for system in register.systems if not named or system.id in named)


def unregistered(system_id: str, hint: str | None = None) -> UsageError:
    """The error for an id that no system has."""
    return UsageError(
        _("System {id} is not registered.").format(id=system_id),
        hint=hint or _("See what is registered with: secaudit system list"),
    )
