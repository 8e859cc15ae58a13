"""Errors that say of which run and which part of it something cannot be read."""

from collections.abc import Iterator
from contextlib import contextmanager

from secaudit.language import _
from secaudit.store.codec import Unreadable, UnreadableRun


@contextmanager
def named(run_id: str, part: str, hint: str) -> Iterator[None]:
    """Raises UnreadableRun where what is read inside is that of another version."""
    try:
        yield
    except Unreadable as error:
        message = _("The {part} of run {id} cannot be read: another version of secaudit wrote it.")
        raise UnreadableRun(message.format(part=part, id=run_id), hint=hint) from error


def plan_hint() -> str:
    """What to do where it cannot be made again."""
    return _("Scan again, name another run, or use the version that wrote it.")


def results_hint(run_id: str) -> str:
    """What to do where evidence can give it again."""
    return _("Its evidence can be judged again: secaudit judge {id}").format(id=run_id)
