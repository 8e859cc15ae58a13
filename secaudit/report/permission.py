"""An authorisation as a report tells it: who allowed what, by which document, and when."""

from typing import Any

from secaudit.model.register import Authorisation
from secaudit.register.windows import window_words
from secaudit.report.safe import shown, stamp


def permission_view(item: Authorisation) -> dict[str, Any]:
    """The authorisation as view data; ``windows`` are hours on the office's clock, in both languages."""
    words = [window_words(window) for window in item.windows]
    return {
        "id": item.id,
        "approver": shown(item.approver),
        "document": shown(item.document),
        "valid_from": stamp(item.valid_from),
        "valid_until": stamp(item.valid_until),
        "windows": [{"zh": window.zh, "en": window.en} for window in words],
        "systems": list(item.systems),
        "zones": [shown(zone) for zone in item.zones],
        "kinds": list(item.kinds),
        "port_scan": item.port_scan,
        "file_sha256": item.file_sha256,
    }
