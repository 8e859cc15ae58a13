"""Answers that hold several parts: a line ``@@ name`` opens each of them."""

MARK = "@@ "


def sections(text: str) -> dict[str, list[str]]:
    """``@@ tool`` / ``ss`` → {"tool": ["ss"]}; lines before the first mark are dropped, blank lines too."""
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for line in text.split("\n"):
        if line.startswith(MARK):
            current = found.setdefault(line[len(MARK) :].strip(), [])
        elif line.strip():
            current.append(line)
    return found
