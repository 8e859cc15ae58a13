"""Words for people in what an expression gives: evaluated once, told in both languages."""

import secrets

from secaudit.model.text import Text


class Sayings:
    """What ``say`` was called with; a mark stands for each until the text around it is told.

    No host can write a mark: its number stands between two keys that nobody knows before.
    An object of its own: what a context holds is never freed if it leads back to the context, for ``cel`` hides
    it from Python's garbage collector.
    """

    __slots__ = ("_key", "_numbers", "_said")

    def __init__(self) -> None:
        self._numbers: dict[tuple[str, str], int] = {}
        self._said: list[tuple[str, str]] = []
        self.begin()

    def begin(self) -> None:
        """Forget all marks; those to come have another key."""
        self._key = secrets.token_hex(16)
        self._numbers.clear()
        self._said.clear()

    def say(self, zh: str, en: str) -> str:
        """``say(zh, en)`` of an expression: the mark of these words."""
        words = zh, en
        number = self._numbers.get(words)
        if number is None:
            number = self._numbers[words] = len(self._said)
            self._said.append(words)
        return f"{self._key}{number}{self._key}"

    def told(self, text: str) -> Text:
        """The text in both languages: every second part of it is the number of a saying."""
        if self._key not in text:
            return Text(text, text)
        zh = text.split(self._key)
        en = zh.copy()
        for place in range(1, len(zh), 2):
            zh[place], en[place] = self._said[int(zh[place])]
        return Text("".join(zh), "".join(en))
