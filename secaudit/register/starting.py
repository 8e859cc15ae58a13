"""A new workspace, and the demo workspace of one's own machine."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.model.register import Authorisation
from secaudit.model.text import Language
from secaudit.register import starting_files, starting_systems
from secaudit.register.authorisation_text import authorisation_text
from secaudit.register.authorising import state_of
from secaudit.register.folder import make_private_folder, read_text, replace, write_new
from secaudit.register.loading import WORKSPACE_FILE, load_register
from secaudit.register.times import DEFAULT_ZONE, written
from secaudit.register.values import printable_line

DEMO: Final = "demo"
DEMO_DAYS: Final = 7


def start_workspace(folder: Path, office: str, language: Language) -> tuple[Path, ...]:
    """Make a workspace with commented examples; returns the files. Overwrites nothing (UsageError)."""
    return _start(folder, office, "office", language, {})


def start_demo(folder: Path, machine: str, language: Language, now: datetime) -> tuple[Path, ...]:
    """Make the demo workspace, or renew its authorisation; returns the files written.

    ``machine`` is the name of this machine. Raises UsageError where the folder is somebody's workspace.
    """
    if (folder / WORKSPACE_FILE).exists():
        return (_renew(folder, now),)
    name = json.dumps(printable_line(machine) or DEMO, ensure_ascii=False)
    files = {
        f"systems/{DEMO}.yaml": starting_systems.DEMO_SYSTEM.format(name=name),
        f"authorisations/{DEMO}.yaml": authorisation_text(
            Authorisation(DEMO, (DEMO,), DEMO, DEMO, _start_of(now), now + timedelta(days=DEMO_DAYS))
        ),
    }
    return _start(folder, DEMO, DEMO, language, files)


def _start(
    folder: Path, office: str, organisation: str, language: Language, more: dict[str, str]
) -> tuple[Path, ...]:
    settings = starting_files.WORKSPACE.format(
        office=json.dumps(office, ensure_ascii=False),
        language=language,
        organisation=organisation,
        time_zone=DEFAULT_ZONE,
    )
    files = {
        WORKSPACE_FILE: settings,
        "examples/system.yaml": starting_systems.SYSTEM,
        "examples/authorisation.yaml": starting_systems.AUTHORISATION,
        **more,
    }
    _refuse_present(folder, list(files))
    make_private_folder(folder)
    for name in starting_files.FOLDERS:
        make_private_folder(folder / name)
    for name, text in files.items():
        write_new(folder / name, text)
    _ignore(folder / ".gitignore")
    return tuple(folder / name for name in files)


def _refuse_present(folder: Path, names: list[str]) -> None:
    present = [name for name in names if (folder / name).is_symlink() or (folder / name).exists()]
    if present:
        raise UsageError(
            _("{folder} already holds {files}; nothing was written.").format(
                folder=folder, files=", ".join(present)
            ),
            hint=_("Name a new folder, or go on with: secaudit --workspace {folder} system list").format(
                folder=folder
            ),
        )


def _ignore(file: Path) -> None:
    if not file.exists():
        write_new(file, "".join(f"{line}\n" for line in starting_files.IGNORED))
        return
    text = read_text(file)
    missing = [f"{line}\n" for line in starting_files.IGNORED if line not in text.splitlines()]
    if missing:
        gap = "" if not text or text.endswith("\n") else "\n"
        replace(file, text + gap + "".join(missing), text)


def _renew(folder: Path, now: datetime) -> Path:
    file = folder / "authorisations" / f"{DEMO}.yaml"
    register = load_register(folder)
    found = [item for item in register.authorisations if item.id == DEMO]
    if not found or not file.is_file():
        raise UsageError(
            _("{folder} is a workspace, and not a demo; nothing was written.").format(folder=folder),
            hint=_("Name a new folder: secaudit init DIR --demo"),
        )
    if state_of(register, found[0], now) == "revoked":
        raise UsageError(
            _("The authorisation of the demo was revoked; it is not renewed."),
            hint=_("Add another with: secaudit authorise add --system demo --until DATE …"),
        )
    until = written(now + timedelta(days=DEMO_DAYS))
    before = read_text(file)
    replace(file, re.sub(r"(?m)^valid_until:.*$", f"valid_until: {until}", before), before)
    return file


def _start_of(now: datetime) -> datetime:
    return now.astimezone(UTC).replace(microsecond=0)
