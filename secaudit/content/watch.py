"""What is looked at in a period of heavy protection: a list of checks, data like everything else."""

from collections.abc import Collection
from pathlib import Path

from secaudit.document import read_document
from secaudit.errors import ContentError
from secaudit.language import _


def load_watched(file: Path, known: Collection[str]) -> tuple[str, ...]:
    """The ids of ``checks:``; raises ContentError where one is no check."""
    document = read_document(file)
    listed = document.data.get("checks") if isinstance(document.data, dict) else None
    if not isinstance(listed, list) or not listed:
        raise ContentError((document.problem(("checks",), None, _("a list of checks expected")),))
    unknown = [
        document.problem(("checks", place), name, _("the id of a check expected"))
        for place, name in enumerate(listed)
        if name not in known
    ]
    if unknown:
        raise ContentError(tuple(unknown))
    return tuple(listed)
