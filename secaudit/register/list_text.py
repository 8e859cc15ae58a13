"""The text of a list that comes from elsewhere: UTF-8, or GB18030 as Chinese spreadsheets write it."""

from pathlib import Path
from typing import Final

from secaudit.errors import ContentError, Problem, UsageError
from secaudit.language import _

SIZE_LIMIT_BYTES: Final = 16 * 1_048_576


def list_text(path: Path) -> str:
    """The text of a file of at most 16 MiB. Raises UsageError (not readable), ContentError (no such text)."""
    try:
        with path.open("rb") as stream:
            content = stream.read(SIZE_LIMIT_BYTES + 1)
    except OSError as error:
        reason = error.strerror or error
        raise UsageError(_("{path} cannot be read: {reason}.").format(path=path, reason=reason)) from error
    if len(content) > SIZE_LIMIT_BYTES:
        expected = _("at most {limit} bytes").format(limit=SIZE_LIMIT_BYTES)
        raise ContentError((Problem(path.name, 0, "", "", expected),))
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ContentError((Problem(path.name, 0, "", "", _("UTF-8 or GB18030 text expected")),))
