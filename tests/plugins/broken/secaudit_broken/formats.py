"""Report formats that do not keep their contract."""

from typing import Any

from secaudit.plugin import API, FormatPlugin, Language


def fail(view: dict[str, Any], language: Language) -> bytes:
    """Spoils its view, then raises."""
    view.clear()
    raise ZeroDivisionError("no such\nnumber")


def text(view: dict[str, Any], language: Language) -> Any:
    """Text where bytes should be."""
    return "text"


RAISES = FormatPlugin(API, fail)
TEXT = FormatPlugin(API, text)
