"""Entry points of a group become declarations, or the reason why a plug-in cannot be used."""

from collections.abc import Callable, Collection, Sequence
from itertools import groupby
from typing import TypeVar

from secaudit.entries import Entry
from secaudit.language import _
from secaudit.model.run import PluginVersion
from secaudit.plugin import API, FactPlugin, FormatPlugin, TransportPlugin
from secaudit.plugins.guard import PluginBroken, loading

D = TypeVar("D", FactPlugin, TransportPlugin, FormatPlugin)
T = TypeVar("T")

# what is used, or why it cannot be
Loaded = tuple[Entry, T | PluginBroken]


def load_each(
    entries: Sequence[Entry], taken: Collection[str], load: Callable[[Entry], T]
) -> list[Loaded[T]]:
    """Every entry point with what it brings, in the order of their names.

    A name that ships is not given away, and of two that claim one name neither is used.
    """
    loaded: list[Loaded[T]] = []
    for name, group in groupby(sorted(entries, key=lambda entry: entry.name), lambda entry: entry.name):
        claims = list(group)
        for entry in claims:
            others = ", ".join(claim.package for claim in claims if claim is not entry)
            loaded.append((entry, _one(entry, name in taken, others, load)))
    return loaded


def _one(entry: Entry, is_taken: bool, others: str, load: Callable[[Entry], T]) -> T | PluginBroken:
    if is_taken:
        return PluginBroken(entry, _("the name {name} is one of secaudit's own").format(name=entry.name))
    if others:
        return PluginBroken(entry, _("{others} has the same name").format(others=others))
    try:
        with loading(entry):
            return load(entry)
    except PluginBroken as broken:
        return broken


def declaration(entry: Entry, kind: type[D]) -> D:
    """The declaration that an entry point names; raises anything."""
    found = entry.load()
    if not isinstance(found, kind):
        expected = _("{kind} expected, this is {found}")
        raise PluginBroken(entry, expected.format(kind=kind.__name__, found=type(found).__name__))
    refuse_other_api(entry, found.api)
    return found


def load_transport(entry: Entry) -> TransportPlugin:
    """How assets are reached; raises PluginBroken or anything."""
    found = declaration(entry, TransportPlugin)
    if not callable(found.open):
        raise TypeError("open is not callable")
    return found


def refuse_other_api(entry: Entry, api: object) -> None:
    """Raises PluginBroken for a plug-in that was written for another version of the contract."""
    if api != API:
        told = _("it was written for version {theirs} of the plug-in API, this secaudit has {ours}")
        raise PluginBroken(entry, told.format(theirs=repr(api)[:20], ours=API))


def version_of(entry: Entry, found: object) -> PluginVersion:
    """What a run records of a plug-in."""
    reason = found.why if isinstance(found, PluginBroken) else ""
    return PluginVersion(entry.group, entry.name, entry.package, entry.version, reason)
