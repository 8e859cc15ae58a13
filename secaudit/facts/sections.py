"""Answers that hold several parts: a line ``@@ name`` opens each of them."""

MARK = "@@ "


def sections(text: str) -> dict[str, list[str]]:
    """``@@ tool`` / ``ss`` → {"tool": ["ss"]}; lines before the first mark are dropped, blank lines too."""
    found: dict[str, list[str]] = {}
    for part in f"\n{text}".split(f"\n{MARK}")[1:]:
        name, _line_end, lines = part.partition("\n")
        found.setdefault(name.strip(), []).extend(line for line in lines.split("\n") if line.strip())
    return found
