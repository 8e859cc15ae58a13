"""An authorisation as the text of its file."""

import json

from secaudit.model.register import Authorisation, Window
from secaudit.register.times import written
from secaudit.register.windows import clock_text, days_text


def authorisation_text(item: Authorisation) -> str:
    """An authorisation as its file; what is not limited is not written."""
    limits = {
        "zones": list(item.zones),
        "kinds": list(item.kinds),
        "windows": [_window_fields(window) for window in item.windows],
        "file": item.file,
        "file_sha256": item.file_sha256,
    }
    fields = {
        "id": item.id,
        "systems": list(item.systems),
        "approver": item.approver,
        "document": item.document,
        "valid_from": written(item.valid_from),
        "valid_until": written(item.valid_until),
        "port_scan": item.port_scan,
        **{name: value for name, value in limits.items() if value},
    }
    # a value on one line of YAML: JSON is YAML
    return "".join(f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in fields.items())


def _window_fields(window: Window) -> dict[str, str]:
    return {
        "days": days_text(window.days),
        "from": clock_text(window.start_min),
        "until": clock_text(window.end_min),
    }
