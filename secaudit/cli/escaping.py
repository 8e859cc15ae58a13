"""What a target or a file said is shown with its control characters escaped."""

import unicodedata


def printable(text: str, *, lines: bool = False) -> str:
    """The text with control and bidirectional characters as ``\\xNN`` or ``\\uNNNN``; line ends kept if ``lines``."""
    return "".join(c if _harmless(c) or (lines and c == "\n") else _escaped(c) for c in text)


def _harmless(character: str) -> bool:
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")


def _escaped(character: str) -> str:
    number = ord(character)
    return f"\\x{number:02x}" if number < 256 else f"\\u{number:04x}"
