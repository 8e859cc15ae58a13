"""Answers that hold several parts: a line ``@@ name`` opens each of them."""

from secaudit.facts.fact import GapFound
from secaudit.model.evidence import GapReason

MARK = "@@ "


def sections(text: str) -> dict[str, list[str]]:
    """``@@ tool`` / ``ss`` → {"tool": ["ss"]}; lines before the first mark are dropped, blank lines too."""
    found: dict[str, list[str]] = {}
    for part in f"\n{text}".split(f"\n{MARK}")[1:]:
        name, _line_end, lines = part.partition("\n")
        found.setdefault(name.strip(), []).extend(line for line in lines.split("\n") if line.strip())
    return found


def whole_sections(text: str, what: str, reason: GapReason = GapReason.TRUNCATED) -> dict[str, list[str]]:
    """The same of an answer that closes with ``@@ end``; raises GapFound with ``what`` where that is missing."""
    found = sections(text)
    if "end" not in found:
        raise GapFound(reason, what)
    return found
