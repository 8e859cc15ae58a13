"""Texts and times as a report shows them: nothing that acts, nothing invisible, nothing endless."""

import unicodedata
from datetime import datetime

from secaudit.register.times import in_zone

CAP = 500
HIDDEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def shown(text: str, cap: int = CAP) -> str:
    """One line, cut at ``cap``; control, bidirectional, unassigned characters as ``\\xNN``, ``\\uNNNN``."""
    return _escaped(text[: cap + 1], keep="", cap=cap)


def shown_lines(text: str, cap: int) -> str:
    """The same with line ends and tabs kept."""
    return _escaped(text[: cap + 1], keep="\n\t", cap=cap)


def seen(text: str) -> str:
    """All of it, with nothing that is not seen but line ends and tabs: a format's last guard, whatever the view has."""
    return text if text.isprintable() else _visible(text, keep="\n\t")


def _escaped(text: str, keep: str, cap: int) -> str:
    cut = text[:cap]
    return (cut if cut.isprintable() else _visible(cut, keep)) + ("…" if len(text) > cap else "")


def _visible(text: str, keep: str) -> str:
    return "".join(c if c in keep or not _hidden(c) else _escape(c) for c in text)


def _hidden(character: str) -> bool:
    if character.isascii():
        return ord(character) in _ASCII_CONTROL
    return unicodedata.category(character) in HIDDEN


_ASCII_CONTROL = frozenset([*range(32), 127])


def _escape(character: str) -> str:
    number = ord(character)
    if number < 0x100:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def stamp(moment: datetime | None) -> str:
    """The moment in the office's time zone with its offset, to the second; "" for None."""
    return in_zone(moment).isoformat(timespec="seconds") if moment else ""
