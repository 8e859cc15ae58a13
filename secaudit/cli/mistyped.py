"""Names on the command line that nothing has: an empty list would look like nothing found."""

from collections.abc import Collection, Iterable
from difflib import get_close_matches

from secaudit.errors import UsageError
from secaudit.language import _


def refuse_unknown(asked: Iterable[str], known: Collection[str], message: str) -> None:
    """Raise UsageError for a name that is not known; ``message`` has ``{name}``."""
    for name in asked:
        if name not in known:
            near = ", ".join(get_close_matches(name, known, n=3))
            hint = _("Did you mean: {names}").format(names=near) if near else None
            raise UsageError(message.format(name=name), hint=hint)


def no_asset() -> str:
    """Of an asset that a run does not have."""
    return _("Asset {name} is not in this run.")


def no_check() -> str:
    """Of a check that neither a run nor the content has."""
    return _("There is no check {name}.")
