"""Folders of checks that plug-ins bring: found as data, so that what they owe is known though their code fails."""

from pathlib import Path
from typing import Final

from secaudit.content import PluginChecks
from secaudit.document import read_document
from secaudit.entries import Entry
from secaudit.errors import ContentError
from secaudit.language import _
from secaudit.plugins.declared import Loaded, refuse_other_api
from secaudit.plugins.guard import PluginBroken

DECLARATION: Final = "content.yaml"


def load_folder(entry: Entry) -> Path:
    """The folder; raises PluginBroken where there is none, or it is written for another API version."""
    folder = _checks_folder(entry)
    if folder is None:
        raise PluginBroken(entry, _("{value} is no package with a folder checks").format(value=entry.value))
    try:
        data = read_document(folder / DECLARATION, DECLARATION).data
    except ContentError as error:
        raise PluginBroken(entry, str(error.problems[0])) from None
    refuse_other_api(entry, data.get("api") if isinstance(data, dict) else data)
    return folder


def folders_of(loaded: list[Loaded[Path]]) -> tuple[PluginChecks, ...]:
    """What content is to be read, with the reason where it cannot be used: its checks are owed all the same."""
    found = []
    for entry, folder in loaded:
        if isinstance(folder, PluginBroken):
            known = _checks_folder(entry)
            if known is not None:
                found.append(PluginChecks(str(entry), known / "checks", folder.why))
        else:
            found.append(PluginChecks(str(entry), folder / "checks"))
    return tuple(found)


def _checks_folder(entry: Entry) -> Path | None:
    folder = entry.folder()
    return folder if folder is not None and (folder / "checks").is_dir() else None
