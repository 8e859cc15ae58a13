"""What is no mistake and yet worth a look."""

from collections.abc import Iterator

from secaudit.language import _
from secaudit.model.content import Extension
from secaudit.model.register import Register, System
from secaudit.register.grading import contradiction
from secaudit.register.starting_files import OFFICES


def notes_on(register: Register, office: str) -> tuple[str, ...]:
    """One line for each thing a person may have forgotten; ``office`` is its name in the settings."""
    notes = [note for system in register.systems for note in _of(system)]
    return (*_unnamed(register, office), *notes, *_same_door(register))


def unnamed_office(office: str) -> str:
    """What is to be said of an office that is called as a new workspace calls it; "" of any other."""
    if office not in OFFICES.values():
        return ""
    return _("the office is still called {name}: write its name into secaudit.yaml").format(name=office)


def _unnamed(register: Register, office: str) -> Iterator[str]:
    names = OFFICES.values()
    if told := unnamed_office(office):
        yield told
    for organisation in register.organisations:
        if organisation.name in names:
            told = _("organisation {id} is still called {name}: write its name into secaudit.yaml")
            yield told.format(id=organisation.id, name=organisation.name)


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
    if system.grading and (told := contradiction(system, system.grading)):
        yield told
    if system.level >= 2 and not system.filing_number and system.filing_state != "exempt":
        yield _(
            "system {id} is of level {level} and has no filing_number (level 2 and above are filed)"
        ).format(id=system.id, level=system.level)
    if system.platform and Extension.CLOUD not in system.extensions:
        yield _(
            "system {id} stands on a platform and does not owe the cloud extension (extensions: [cloud])"
        ).format(id=system.id)
    if not any(asset.reach.transport != "none" for asset in system.assets):
        yield _("system {id} has no asset that can be visited").format(id=system.id)
    if not system.data_sets:
        yield _("system {id} declares no data_sets: a person is asked about its backups").format(id=system.id)
