"""The approval as a file of the workspace: put beside the register, and compared ever after."""

import re
from pathlib import Path
from typing import Final

from secaudit.language import _
from secaudit.model.register import Authorisation
from secaudit.register.kept_file import is_whole, read_handed

FOLDER: Final = "approvals"
LIMIT_BYTES: Final = 50 * 1024 * 1024
_ENDING: Final = re.compile(r"\.[A-Za-z0-9]{1,10}")


def read_approval(source: Path) -> bytes:
    """What a file holds that a person names; raises UsageError: none, no regular file, too large."""
    told = _("{path} is no approval: a file of 1 byte to {limit} MiB expected.")
    return read_handed(source, LIMIT_BYTES, told)


def place_for(name: str, source: Path) -> str:
    """``approvals/a-20261128-1.pdf``: where the approval of that authorisation is kept."""
    ending = source.suffix if _ENDING.fullmatch(source.suffix) else ""
    return f"{FOLDER}/{name}{ending.lower()}"


def is_altered(workspace: Path, item: Authorisation) -> bool:
    """Whether the approval is missing, leads out of the workspace or is not what was put on record."""
    return bool(item.file) and not is_whole(workspace, item.file, item.file_sha256)
