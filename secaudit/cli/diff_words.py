"""The words of the terminal for what differs between two runs."""

from secaudit.cli.words import gap_word
from secaudit.language import _
from secaudit.model.difference import Cause, Difference, Kind, Reason


def kind_words() -> dict[str, str]:
    """How a run differs from an earlier one, the most urgent first."""
    return {
        Kind.REGRESSED: _("fails again"),
        Kind.NEW: _("new"),
        Kind.NEWLY_UNKNOWN: _("unknown now"),
        Kind.COVERAGE_LOST: _("coverage lost"),
        Kind.UNDECIDED: _("undecided now"),
        Kind.FIXED: _("fixed"),
        Kind.COVERAGE_WON: _("coverage won"),
        Kind.PERSISTING: _("still fails"),
    }


def cause_words() -> dict[str, str]:
    """Whose doing a difference is."""
    return {
        Cause.WORLD: _("asset"),
        Cause.CONTENT: _("our rules"),
        Cause.BOTH: _("both"),
        Cause.UNTOLD: _("cannot be told"),
    }


def reason_text(one: Difference) -> str:
    """Why coverage was lost or won, or why a verdict is not known."""
    if one.kind is Kind.NEWLY_UNKNOWN and one.after is not None and one.after.gap is not None:
        return gap_word(one.after.gap)
    if one.reason is None:
        return ""
    lost = _lost() if one.kind is Kind.COVERAGE_LOST else _won()
    return lost[one.reason] + (f": {gap_word(one.gap)}" if one.gap else "")


def _lost() -> dict[Reason, str]:
    return {
        Reason.UNREACHED: _("not reached"),
        Reason.NOT_VISITED: _("the run ended before its visit"),
        Reason.NOT_PLANNED: _("the run left it out"),
        Reason.NOT_REGISTERED: _("registered no more"),
        Reason.SYSTEM_LEFT_OUT: _("the run left its system out"),
        Reason.CHECK: _("the check is owed no more"),
    }


def _won() -> dict[Reason, str]:
    return {
        Reason.UNREACHED: _("was not reached"),
        Reason.NOT_VISITED: _("was not visited"),
        Reason.NOT_PLANNED: _("had been left out"),
        Reason.NOT_REGISTERED: _("was not registered"),
        Reason.SYSTEM_LEFT_OUT: _("its system had been left out"),
        Reason.CHECK: _("the check is new"),
        Reason.KNOWN: _("was not known"),
    }
