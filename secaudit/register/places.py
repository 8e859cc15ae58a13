"""Walks to places in a document as read, whatever else is wrong with it."""

from collections.abc import Iterator
from enum import Enum
from typing import Any, Final

from secaudit.document import Document
from secaudit.document.reader import Place


class _Each(Enum):
    EACH = "each"


EACH: Final = _Each.EACH
"""Stands for every item of a list in a path."""


def entries(document: Document, *path: str | _Each) -> Iterator[tuple[Place, Any]]:
    """Place and value of everything at the path: ``("assets", EACH, "id")`` → the id of every asset."""
    yield from _walk(document.data, path, ())


def texts(document: Document, *path: str | _Each) -> Iterator[tuple[Place, str]]:
    """Like :func:`entries`, only what is a text and not empty."""
    for place, value in entries(document, *path):
        if isinstance(value, str) and value:
            yield place, value


def _walk(value: Any, path: tuple[str | _Each, ...], place: Place) -> Iterator[tuple[Place, Any]]:
    if not path:
        yield place, value
        return
    first, rest = path[0], path[1:]
    if first is EACH and isinstance(value, list):
        for index, item in enumerate(value):
            yield from _walk(item, rest, (*place, index))
    elif isinstance(first, str) and isinstance(value, dict) and first in value:
        yield from _walk(value[first], rest, (*place, first))
