"""What the ledger says of a run that is not stored any more."""

from pathlib import Path

from secaudit.errors import NoSuchRun, SecauditError
from secaudit.handover.entry import Change
from secaudit.handover.ledger import FILE, Ledger
from secaudit.language import _
from secaudit.register.times import beginning, shown


def hint_of(workspace: Path, error: NoSuchRun) -> str | None:
    """When it was pruned and where its digest stands; where it was not, or no ledger can be read, the usual hint."""
    try:
        entries, _chain = Ledger(workspace / FILE).entries()
    except SecauditError:
        return error.hint
    for entry in reversed(entries):
        if (entry.kind, entry.id) == ("run", error.run_id) and entry.change is Change.PRUNED:
            told = _("It was pruned at {time}; its digest is in entry {n} of the ledger. {hint}")
            return told.format(time=_when(entry.time), n=entry.n, hint=error.hint)
    return error.hint


def _when(text: str) -> str:
    try:
        return shown(beginning(text))
    except ValueError:  # written by somebody else
        return text
