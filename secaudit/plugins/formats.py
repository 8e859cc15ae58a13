"""Report formats of plug-ins: each gets a view of its own, and the file is written by us."""

import re
from collections.abc import Callable, Collection, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

from secaudit.entries import FORMATS, Entry, entries_of
from secaudit.language import _
from secaudit.model.run import PluginVersion
from secaudit.model.text import Language
from secaudit.plugin import FormatPlugin
from secaudit.plugins.declared import declaration, load_each, version_of
from secaudit.plugins.guard import PluginBroken, loading
from secaudit.report import write_bytes

NAME = re.compile(r"[a-z][a-z0-9-]{0,15}")

# writes a file; returns those that it wrote beside it
Write = Callable[[dict[str, Any], Path, Language], Sequence[Path] | None]


def load_formats(own: Collection[str]) -> tuple[dict[str, Write], tuple[PluginVersion, ...]]:
    """Name → writer for the formats of plug-ins (a broken one complains when it is asked), and which there are."""
    loaded = load_each(entries_of(FORMATS), own, load_format)
    writers = {entry.name: writer(entry, found) for entry, found in loaded if entry.name not in own}
    return writers, tuple(version_of(entry, found) for entry, found in loaded)


def load_format(entry: Entry) -> FormatPlugin:
    """The declaration; raises PluginBroken or anything."""
    if not NAME.fullmatch(entry.name):
        raise PluginBroken(entry, _("a name of 1 to 16 of a-z, 0-9 and - expected"))
    found = declaration(entry, FormatPlugin)
    if not callable(found.write):
        raise TypeError("write is not callable")
    return found


def writer(entry: Entry, found: FormatPlugin | PluginBroken) -> Write:
    """Writes a view as a file; raises PluginBroken where the plug-in cannot, UsageError where the file cannot be."""

    def write(view: dict[str, Any], path: Path, language: Language) -> None:
        if isinstance(found, PluginBroken):
            raise found
        with loading(entry):
            content = found.write(deepcopy(view), language)
            if not isinstance(content, bytes):
                raise TypeError(f"bytes expected, this is {type(content).__name__}")
        write_bytes(path, [content])

    return write
