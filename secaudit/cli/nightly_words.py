"""The words of a night for people."""

from collections.abc import Iterable

from secaudit.language import _
from secaudit.schedule.journal import End, Ended
from secaudit.schedule.owed import Why
from secaudit.schedule.standing import State


def stage_words() -> dict[str, str]:
    """Stage → what it is called."""
    return {
        "workspace": _("workspace and content"),
        "scan": _("scan"),
        "judge": _("judging again"),
        "findings": _("following of findings"),
        "assess": _("assessment"),
        "reports": _("reports"),
        "ledger": _("ledger"),
        "packages": _("packages"),
        "notices": _("notices"),
        "retention": _("retention"),
        "backup": _("backup"),
        "watch": _("exposure and changes"),
        "document": _("daily report"),
    }


def end_words() -> dict[str, str]:
    """How a stage ended."""
    return {
        End.DONE.value: _("done"),
        End.IDLE.value: _("nothing to do"),
        End.SKIPPED.value: _("skipped"),
        End.FAILED.value: _("failed"),
    }


def listed(parts: Iterable[str]) -> str:
    """Sentences in one line."""
    return _("; ").join(part.rstrip("。.") for part in parts)


def labelled(name: str, told: str) -> str:
    """What is said of something."""
    return _("{name}: {told}").format(name=name, told=told)


def stage_line(ended: Ended) -> str:
    """One stage that is over: what it is called, how it ended, what it tells."""
    name, end = stage_words()[ended.stage], end_words()[ended.end.value]
    return _("{name}: {end}: {told}").format(name=name, end=end, told=ended.told)


def why_words() -> dict[str, str]:
    """Whether a system is scanned this night."""
    return {
        Why.DUE.value: _("is scanned this night"),
        Why.DONE.value: _("was scanned this night"),
        Why.OTHER_DAYS.value: _("is scanned on other days"),
        Why.RECENT.value: _("was scanned in the last days"),
        Why.NEVER.value: _("is never scanned at night"),
    }


def state_words() -> dict[str, str]:
    """How a night stands."""
    return {
        State.RUNNING.value: _("under way"),
        State.BROKEN_OFF.value: _("broken off"),
        State.FINE.value: _("no findings"),
        State.FINDINGS.value: _("findings"),
        State.GAP.value: _("gaps"),
        State.FAILED.value: _("part failed"),
        State.MISSED.value: _("did not run"),
    }
