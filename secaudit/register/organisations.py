"""The tree of organisations."""

from collections.abc import Sequence

from secaudit.model.register import Organisation


def below(organisations: Sequence[Organisation], top: str) -> set[str]:
    """The organisation and all below it."""
    found = {top}
    for _level in organisations:
        found |= {one.id for one in organisations if one.parent in found}
    return found
