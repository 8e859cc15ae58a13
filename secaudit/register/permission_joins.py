"""What no single value of authorisations and blackout periods shows: zones that no asset has, windows that never open.

An authorisation that is over is history: what it names may be gone.
"""

from collections.abc import Collection, Iterator, Sequence
from difflib import get_close_matches
from typing import Any

from secaudit import clock
from secaudit.document import Document
from secaudit.document.reader import Place
from secaudit.errors import Problem
from secaudit.language import _
from secaudit.model.register import Window
from secaudit.register.places import EACH, entries, texts
from secaudit.register.times import beginning, ending
from secaudit.register.windows import days_from, make_window, minute_from, next_opening


def authorisation_problems(document: Document, systems: Sequence[Document]) -> Iterator[Problem]:
    """The mistakes of an authorisation that its own values do not show."""
    yield from _period(document, (), document.data, ("valid_from", "valid_until"))
    if not isinstance(document.data, dict):
        return
    if bool(document.data.get("file")) != bool(document.data.get("file_sha256")):
        yield document.problem(("file",), None, _("file and file_sha256 expected together"))
    if _is_over(document.data):
        return
    named = {name for _place, name in texts(document, "systems", EACH)}
    own = [system for system in systems if named & set(_of(system, "id"))]
    yield from _missing(document, ("zones", EACH), _zones(own), _no_zone())
    kinds = {kind for system in own for kind in _of(system, "assets", EACH, "kind")}
    yield from _missing(
        document, ("kinds", EACH), kinds, _("a kind that an asset of these systems has expected")
    )
    yield from _never_open(document)


def blackout_problems(workspace: Document, systems: Sequence[Document]) -> Iterator[Problem]:
    """The mistakes of the blackout periods that their own values do not show."""
    for place, period in entries(workspace, "blackouts", EACH):
        yield from _period(workspace, place, period, ("start", "end"))
    if systems:  # the settings are also read alone
        known = {name for system in systems for name in _of(system, "id")}
        expected = _("the id of a registered system expected")
        yield from _missing(workspace, ("blackouts", EACH, "systems", EACH), known, expected)
        yield from _missing(workspace, ("blackouts", EACH, "zones", EACH), _zones(systems), _no_zone())


def _no_zone() -> str:
    return _("a zone that an asset of these systems has expected")


def _of(document: Document, *path: Any) -> list[str]:
    return [name for _place, name in texts(document, *path)]


def _zones(systems: Sequence[Document]) -> set[str]:
    return {zone for system in systems for zone in _of(system, "assets", EACH, "zone")}


def _missing(
    document: Document, path: tuple[Any, ...], known: Collection[str], expected: str
) -> Iterator[Problem]:
    for place, name in texts(document, *path):
        if name not in known:
            near = ", ".join(get_close_matches(name, sorted(known), n=3) or sorted(known)[:5])
            like = _(", like {names}").format(names=near) if near else ""
            yield document.problem(place, name, expected + like)


def _period(document: Document, place: Place, period: Any, names: tuple[str, str]) -> Iterator[Problem]:
    """The end after the beginning; what is no time at all is complained of elsewhere."""
    if not isinstance(period, dict):
        return
    start, end = period.get(names[0]), period.get(names[1])
    try:
        backwards = ending(end) <= beginning(start)
    except ValueError:
        return
    if backwards:
        expected = _("a time after {start} expected").format(start=start)
        yield document.problem((*place, names[1]), end, expected)


def _is_over(data: dict[str, Any]) -> bool:
    if data.get("revoked_at"):
        return True
    try:
        return ending(data.get("valid_until")) <= clock.now()
    except ValueError:
        return False


def _never_open(document: Document) -> Iterator[Problem]:
    """Windows none of which opens while the authorisation is valid."""
    try:
        start, end = beginning(document.data.get("valid_from")), ending(document.data.get("valid_until"))
        windows = [_window(part) for _place, part in entries(document, "windows", EACH)]
        opening = next_opening(windows, start)
    except (ValueError, TypeError, KeyError, AttributeError):  # complained of elsewhere
        return
    if windows and start < end and (opening is None or opening >= end):
        expected = _("a window that opens between valid_from and valid_until expected")
        yield document.problem(("windows",), None, expected)


def _window(part: Any) -> Window:
    return make_window(days_from(part["days"]), minute_from(part["from"]), minute_from(part["until"]))
