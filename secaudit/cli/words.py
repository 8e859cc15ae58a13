"""The words of the terminal for verdicts, gaps, severities and states."""

from secaudit.assess.prediction import Grade2021, Grade2025
from secaudit.language import _, in_use
from secaudit.model.acceptance import AcceptanceKind
from secaudit.model.assessment import Conclusion
from secaudit.model.content import SeenBy, Severity
from secaudit.model.evidence import Gap, GapReason
from secaudit.model.result import Verdict
from secaudit.model.run import RunState
from secaudit.model.text import Text
from secaudit.model.weights import ItemClass


def gap_words() -> dict[GapReason, str]:
    """Why something is not known, for a person at a terminal."""
    return {
        GapReason.UNREACHABLE: _("not reachable"),
        GapReason.REFUSED: _("connection refused"),
        GapReason.CONNECT_TIMEOUT: _("no answer to the connection"),
        GapReason.AUTH_FAILED: _("login failed"),
        GapReason.HOST_KEY_UNKNOWN: _("host key not trusted yet"),
        GapReason.HOST_KEY_MISMATCH: _("host key has changed"),
        GapReason.NO_COMMON_ALGORITHM: _("no algorithm in common"),
        GapReason.FORWARDING_REFUSED: _("the jump host refuses to forward"),
        GapReason.CREDENTIAL_MISSING: _("credential is missing"),
        GapReason.VISIT_TIMEOUT: _("the visit took too long"),
        GapReason.LINK_LOST: _("connection lost"),
        GapReason.NOT_AUTHORISED: _("not authorised"),
        GapReason.RUN_TIMEOUT: _("the run ended before its turn"),
        GapReason.ZONE_STOPPED: _("its zone was left alone"),
        GapReason.CREDENTIAL_STOPPED: _("its password is used no more"),
        GapReason.NEEDS_ROOT: _("needs root"),
        GapReason.NO_PERMISSION: _("no permission"),
        GapReason.SUDO_REFUSED: _("sudo refused"),
        GapReason.SUDO_REQUIRES_TTY: _("sudo wants a terminal"),
        GapReason.NO_TOOL: _("program is missing"),
        GapReason.PROBE_TIMEOUT: _("command took too long"),
        GapReason.TRUNCATED: _("too much output"),
        GapReason.FAILED: _("command failed"),
        GapReason.NOT_COLLECTED: _("not collected"),
        GapReason.TAMPERED: _("changed after it was collected"),
        GapReason.UNPARSABLE: _("output not understood"),
        GapReason.METADATA_ABSENT: _("update lists are missing"),
        GapReason.METADATA_STALE: _("update lists are stale"),
        GapReason.NOT_SUPPORTED: _("not supported here"),
        GapReason.INTERNAL: _("internal error of secaudit"),
        GapReason.PLUGIN_BROKEN: _("plug-in is broken"),
    }


def gap_word(gap: Gap) -> str:
    """The reason of a gap."""
    return gap_words()[gap.reason]


def severity_words() -> dict[str, str]:
    """Degrees of severity, the gravest first."""
    return {Severity.HIGH: _("high"), Severity.MEDIUM: _("medium"), Severity.LOW: _("low")}


def severity_word(severity: Severity) -> str:
    """How much a failure matters."""
    return severity_words()[severity]


def verdict_words() -> dict[str, str]:
    """The answers of checks."""
    return {
        Verdict.PASS: _("PASS"),
        Verdict.PARTIAL: _("PARTIAL"),
        Verdict.FAIL: _("FAIL"),
        Verdict.NOT_APPLICABLE: _("NOT_APPLICABLE"),
        Verdict.UNKNOWN: _("UNKNOWN"),
        Verdict.MANUAL: _("MANUAL"),
    }


def conclusion_words() -> dict[str, str]:
    """What an item comes to."""
    return {
        Conclusion.COMPLIANT: _("compliant"),
        Conclusion.PARTLY: _("partly compliant"),
        Conclusion.NOT_COMPLIANT: _("not compliant"),
        Conclusion.NOT_APPLICABLE: _("not applicable"),
        Conclusion.OPEN: _("still open"),
    }


def predicted_words() -> dict[str, str]:
    """The conclusions of the templates of 2021 and 2025."""
    return {
        Grade2021.EXCELLENT: _("excellent"),
        Grade2021.GOOD: _("good"),
        Grade2021.FAIR: _("fair"),
        Grade2021.POOR: _("poor"),
        Grade2025.COMPLIANT: _("compliant"),
        Grade2025.BASICALLY: _("basically compliant"),
        Grade2025.NOT_COMPLIANT: _("not compliant"),
    }


def class_words() -> dict[str, str]:
    """So many items of a class (2021 template)."""
    return {
        ItemClass.KEY: _("{count} key"),
        ItemClass.IMPORTANT: _("{count} important"),
        ItemClass.GENERAL: _("{count} general"),
    }


def domain_words() -> dict[str, str]:
    """The classes of GB/T 22239-2019."""
    return {
        "PES": _("Physical environment"),
        "CNS": _("Communication network"),
        "ABS": _("Area boundary"),
        "CES": _("Computing environment"),
        "SMC": _("Management centre"),
        "PSS": _("Policies and rules"),
        "ORS": _("Security organisation"),
        "HRS": _("Personnel"),
        "CMS": _("Construction management"),
        "MMS": _("Operations management"),
    }


def method_words() -> dict[str, str]:
    """How a step is evaluated (GB/T 28448-2019)."""
    return {"核查": _("examine"), "访谈": _("interview"), "测试": _("test")}


def seen_by_words() -> dict[str, str]:
    """Who can see whether a step is met."""
    return {
        SeenBy.MACHINE: _("a machine can decide"),
        SeenBy.PART: _("a machine sees a part"),
        SeenBy.PERSON: _("a person must see"),
    }


def acceptance_words() -> dict[str, str]:
    """What was accepted of a failure."""
    return {
        AcceptanceKind.RISK: _("risk accepted"),
        AcceptanceKind.DEFERRAL: _("rectification deferred"),
    }


def state_word(state: RunState) -> str:
    """How far a run is."""
    return {
        RunState.RUNNING: _("running"),
        RunState.INTERRUPTED: _("interrupted"),
        RunState.COMPLETE: _("complete"),
    }[state]


def spoken(text: Text) -> str:
    """A text of the content in the language of the command line."""
    return text.of(in_use())
