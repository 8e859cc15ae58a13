"""Words of findings for people, from here so that every command says the same."""

from secaudit.cli.words import spoken
from secaudit.language import _
from secaudit.model.finding import OURS, Finding


def named(finding: Finding) -> str:
    """What is wrong, and with what of its kind: the titles of checks and steps say what is required."""
    title = spoken(finding.title)
    if finding.source in OURS:
        title = _("Not met: {title}").format(title=title)
    if not finding.offender:
        return title
    return _("{title}: {offender}").format(title=title, offender=finding.offender)


def stage_words() -> dict[str, str]:
    """Stage → how far the rectification is."""
    return {
        "open": _("open"),
        "planned": _("planned"),
        "claimed": _("claimed fixed"),
        "closed": _("closed"),
    }


def source_words() -> dict[str, str]:
    """Source → who found it."""
    return {
        "scan": _("scan"),
        "answer": _("answer"),
        "evaluation": _("evaluation"),
        "police": _("police notice"),
        "cyberspace": _("cyberspace notice"),
        "vulnerability-scan": _("vulnerability scan"),
        "drill": _("drill"),
        "cryptography": _("cryptography evaluation"),
    }


def event_words() -> dict[str, str]:
    """Event → what happened."""
    return {
        "opened": _("found"),
        "planned": _("rectification planned"),
        "extended": _("deadline extended"),
        "noticed": _("notice written"),
        "claimed": _("claimed fixed"),
        "refuted": _("tested again: not fixed"),
        "not_fixed": _("reviewed: not fixed"),
        "closed": _("closed"),
        "reopened": _("open again"),
        "moved": _("its asset was moved"),
    }


def reason_words() -> dict[str, str]:
    """Reason → what closed it."""
    return {
        "passed": _("the check passed"),
        "reviewed": _("reviewed: fixed"),
        "asset_removed": _("no longer registered"),
    }


def act_words() -> dict[str, str]:
    """Act → what a change of findings came from."""
    return {
        "follow": _("run followed"),
        "register": _("register"),
        "answers": _("answers"),
        "plan": _("plan"),
        "claim": _("claim"),
        "review": _("review"),
        "import": _("report from outside"),
        "workbook": _("answers of departments"),
        "notice": _("rectification notice"),
    }
