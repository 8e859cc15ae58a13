"""Words for people in what an expression gives: evaluated once, told in both languages."""

import secrets

from secaudit.model.text import Text


class Sayings:
    """What ``say`` was called with; a mark stands for each until the text around it is told.

    No host can write a mark: its number stands between two keys that nobody knows before.
    An object of its own: what a context holds is never freed if it leads back to the context, for ``cel`` hides
    it from Python's garbage collector.
    """

    __slots__ = ("_key", "_numbers")

    def __init__(self) -> None:
        self._key = secrets.token_hex(16)
        self._numbers: dict[tuple[str, str], int] = {}

    def say(self, zh: str, en: str) -> str:
        """``say(zh, en)`` of an expression: the mark of these words."""
        number = self._numbers.setdefault((zh, en), len(self._numbers))
        return f"{self._key}{number}{self._key}"

    def told(self, text: str) -> Text:
        """The text in both languages: every second part of it is the number of a saying."""
        parts = text.split(self._key)
        if len(parts) == 1:
            return Text(text, text)
        said = list(self._numbers)
        zh, en = parts.copy(), parts
        zh[1::2] = [said[int(number)][0] for number in parts[1::2]]
        en[1::2] = [said[int(number)][1] for number in parts[1::2]]
        return Text("".join(zh), "".join(en))
