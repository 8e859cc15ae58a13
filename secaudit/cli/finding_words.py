"""The words of the terminal for findings."""

from secaudit.language import _
from secaudit.model.finding import Source, Stage


def stage_words() -> dict[str, str]:
    """How far a rectification is."""
    return {
        Stage.OPEN: _("open"),
        Stage.PLANNED: _("planned"),
        Stage.CLAIMED: _("claimed fixed"),
        Stage.CLOSED: _("closed"),
    }


def source_words() -> dict[str, str]:
    """Who found it."""
    return {
        Source.SCAN: _("scan"),
        Source.ANSWER: _("answer"),
        Source.EVALUATION: _("evaluation"),
        Source.POLICE: _("police"),
        Source.CYBERSPACE: _("cyberspace administration"),
        Source.VULNERABILITY_SCAN: _("vulnerability scan"),
        Source.DRILL: _("drill"),
        Source.CRYPTOGRAPHY: _("cryptography assessment"),
    }
