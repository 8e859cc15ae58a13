"""The variables that CEL holds: what the next asset has too is not handed over again."""

import marshal
from collections.abc import Callable, Container, Mapping
from string import ascii_lowercase, ascii_uppercase
from typing import Any, Final

from secaudit.content.engine import cel
from secaudit.judge.sayings import Sayings

_LOWER: Final = str.maketrans(ascii_uppercase, ascii_lowercase)
# What the rules of content allow beyond the functions that ``cel`` has of its own.
FUNCTIONS: Final[Mapping[str, Callable[..., Any]]] = {
    "join": lambda texts, between="": between.join(texts),
    "lowerAscii": lambda text: text.translate(_LOWER),
}
# of marshal: the last form without references, so equal values are equal bytes
FORM: Final = 2


class Held:
    """A CEL context and what is in it. For one thread: a context is not thread-safe.

    Handing a value over costs as much as judging by it, and after it ``cel`` copies all it has: hosts that were
    installed alike have most facts in common, and all have their parameters. What one asset had and the next one
    has not is never left behind.
    """

    def __init__(self) -> None:
        self.sayings = Sayings()
        # what changes while an asset is judged: ``each``, the row of a macro; looked up each time it is named
        self.changing: dict[str, Any] = {}
        self._empty()

    def _empty(self) -> None:
        self.context = cel.Context(functions={**FUNCTIONS, "say": self.sayings.say})
        self.context.set_variable_resolver(self.changing.get)
        self._known: dict[str, bytes | None] = {}

    def begin(self, names: Container[str]) -> None:
        """Another asset, which has variables of these names alone."""
        self.changing.clear()
        self.sayings.begin()
        if not all(name in names for name in self._known):
            self._empty()

    def add(self, name: str, value: Any) -> None:
        """Make a variable of plain data known; raises ValueError, TypeError for what CEL cannot hold."""
        written = _written(value)
        if written is None or self._known.get(name) != written:
            self.context.add_variable(name, value)
            self._known[name] = written

    def drop(self, name: str) -> bool:
        """Forget a name; True if all is forgotten, because another asset had a variable of that name."""
        held = name in self._known
        if held:
            self._empty()
        return held


def _written(value: Any) -> bytes | None:
    """The value with the types of all its parts; None for what is no plain data."""
    try:
        return marshal.dumps(value, FORM)
    except ValueError:
        return None
