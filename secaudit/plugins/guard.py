"""The guard around code of others: whatever a plug-in raises is one error that names it, never a crash."""

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from secaudit.entries import Entry
from secaudit.errors import UsageError
from secaudit.language import _

log = logging.getLogger(__name__)

LIMIT = 200


class PluginBroken(UsageError):
    """A plug-in that cannot be used; ``why`` is one line without its name."""

    def __init__(self, entry: Entry, why: str) -> None:
        told = _("plug-in {name}: {why}").format(name=entry, why=why)
        super().__init__(told, hint=_("Mend, update or remove it; see: secaudit plugins list"))
        self.why = why


@contextmanager
def loading(entry: Entry) -> Iterator[None]:
    """While a plug-in is loaded or held against its contract; raises PluginBroken."""
    with _guarded(entry, (), quoted=True):
        yield


@contextmanager
def running(entry: Entry, *expected: type[Exception]) -> Iterator[None]:
    """While a plug-in works for an audit; ``expected`` is what its contract lets it raise.

    What an error says may hold a credential or what a host answered: only its kind and its place are told.
    """
    with _guarded(entry, expected, quoted=False):
        yield


@contextmanager
def _guarded(entry: Entry, expected: tuple[type[Exception], ...], *, quoted: bool) -> Iterator[None]:
    try:
        yield
    except (Exception, SystemExit) as error:
        if isinstance(error, (PluginBroken, *expected)):
            raise
        log.info("%s\n%s", entry, "".join(traceback.format_tb(error.__traceback__)))
        raise PluginBroken(entry, _said(error) if quoted else _seen(error)) from None


def _said(error: BaseException) -> str:
    """``ModuleNotFoundError: No module named 'snmp'``, on one line."""
    return " ".join(traceback.format_exception_only(error)[-1].split())[:LIMIT]


def _seen(error: BaseException) -> str:
    """``ValueError (transport.py:41)``."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno})" if frames else ""
    return f"{type(error).__name__}{place}"[:LIMIT]
