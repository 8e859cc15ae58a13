"""New systems and authorisations, and revocations: as files, checked against the whole register first."""

import dataclasses
import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from secaudit.document import Document
from secaudit.document.reader import parse_document
from secaudit.errors import SecauditError, UsageError
from secaudit.language import _
from secaudit.model.register import Authorisation, Register
from secaudit.register.amending import written as written_value
from secaudit.register.approval_file import place_for, read_approval
from secaudit.register.asset_ids import id_from
from secaudit.register.authorisation_text import authorisation_text
from secaudit.register.authorising import state_of
from secaudit.register.editing import block, with_fields
from secaudit.register.folder import make_private_folder, read_text, replace, write_new
from secaudit.register.loading import Files, read_files, register_of
from secaudit.register.starting_systems import NEW_ASSETS, NEW_SYSTEM
from secaudit.register.times import in_zone, written

_WITH_PORT: Final = re.compile(r"(?:\[(?P<v6>[^\]]+)\]|(?P<host>[^:\[\]]+))(?::(?P<port>[0-9]{1,5}))?")


# first words of ``secaudit report``; a system that has such an id already is named after ``--``
RESERVED: Final = ("brief", "template")


def add_system(workspace: Path, fields: dict[str, Any], assets: Sequence[dict[str, Any]]) -> Path:
    """Write ``systems/ID.yaml``; raises ContentError with what is wrong with it, UsageError if it is there."""
    return _add(workspace, "systems", str(fields["id"]), new_system_text(fields, assets))


def new_system_text(fields: dict[str, Any], assets: Sequence[dict[str, Any]]) -> str:
    """The file of a new system, commented for the person who edits it further. Raises UsageError for a word of ours."""
    if fields["id"] in RESERVED:
        raise UsageError(
            _("{id} is no id for a system: “secaudit report {id}” means something else.").format(
                id=fields["id"]
            ),
            hint=_("Choose another one, like {id}-1.").format(id=fields["id"]),
        )
    lines = "".join(f"{name}: {written_value(value)}\n" for name, value in fields.items())
    listed = "assets:\n" + block(assets) if assets else NEW_ASSETS
    return NEW_SYSTEM.format(fields=lines, assets=listed)


def host_asset(text: str, reach: Mapping[str, str]) -> dict[str, Any]:
    """``web1=192.0.2.11``, ``192.0.2.11:2201`` or ``[2001:db8::1]:2201`` → an asset that is visited by SSH.

    It has the shape of a system file; ``reach`` is how all such hosts are visited. A bare IPv6 address is an
    address without a port.
    """
    name, equals, place = text.rpartition("=")
    found = _WITH_PORT.fullmatch(place)
    address = (found["v6"] or found["host"]) if found else place
    own: dict[str, Any] = {"transport": "ssh", **reach}
    if found and found["port"]:
        own["port"] = int(found["port"])
    asset_id = name if equals else id_from(address)
    return {"id": asset_id, "kind": "linux", "name": name or address, "address": address, "reach": own}


def add_authorisation(workspace: Path, wanted: Authorisation, approval: Path | None) -> Authorisation:
    """Write ``authorisations/a-DATE-N.yaml`` and return what it says; raises ContentError, UsageError.

    ``wanted`` has no id yet; a file that holds the approval is copied into the workspace.
    """
    named = dataclasses.replace(wanted, id=_free_id(register_of(read_files(workspace)), wanted.valid_from))
    if approval is None:
        _add(workspace, "authorisations", named.id, authorisation_text(named))
        return _found(register_of(read_files(workspace)), named.id)
    content = read_approval(approval)
    place, digest = place_for(named.id, approval), hashlib.sha256(content).hexdigest()
    named = dataclasses.replace(named, file=place, file_sha256=digest)
    make_private_folder((workspace / place).parent)
    write_new(workspace / place, content)
    try:
        _add(workspace, "authorisations", named.id, authorisation_text(named))
    except SecauditError:
        (workspace / place).unlink(missing_ok=True)
        raise
    return _found(register_of(read_files(workspace)), named.id)


def revoke(workspace: Path, name: str, reason: str, now: datetime) -> Authorisation:
    """Write into the authorisation's file when and why it was revoked; raises UsageError, ContentError."""
    files = read_files(workspace)
    register = register_of(files)
    if state_of(register, _found(register, name), now) == "revoked":
        raise UsageError(_("Authorisation {id} is revoked already.").format(id=name))
    document = next(item for item in files.authorisations if item.data["id"] == name)
    file = workspace / document.file
    fields = {"revoked_at": written(now), "reason": reason}
    before = read_text(file)
    text = with_fields(before, fields, document.file)
    edited = parse_document(text, document.file)
    rest = tuple(edited if item is document else item for item in files.authorisations)
    register = register_of(dataclasses.replace(files, authorisations=rest))
    replace(file, text, before)
    return _found(register, name)


def _add(workspace: Path, folder: str, name: str, text: str) -> Path:
    shown = f"{folder}/{name}.yaml"
    files = read_files(workspace)
    register_of(_with(files, folder, parse_document(text, shown)))
    make_private_folder(workspace / folder)
    file = workspace / folder / f"{name}.yaml"
    write_new(file, text)
    return file


def _with(files: Files, folder: str, document: Document) -> Files:
    if folder == "systems":
        return dataclasses.replace(files, systems=(*files.systems, document))
    return dataclasses.replace(files, authorisations=(*files.authorisations, document))


def _free_id(register: Register, start: datetime) -> str:
    taken = {item.id for item in register.authorisations}
    day = in_zone(start).strftime("%Y%m%d")
    return next(name for number in range(1, len(taken) + 2) if (name := f"a-{day}-{number}") not in taken)


def _found(register: Register, name: str) -> Authorisation:
    for item in register.authorisations:
        if item.id == name:
            return item
    raise UsageError(
        _("There is no authorisation {id}.").format(id=name), hint=_("See them with: secaudit authorise list")
    )
