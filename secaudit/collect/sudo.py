"""Why sudo did not let the part for root run (sudo(8), sudoers(5))."""

from secaudit.language import _
from secaudit.model.evidence import Gap, GapReason

NOT_FOUND = b"s127"
NOISE = b"esudo: unable to resolve host"


def sudo_gap(report: bytes, user: str, began: bool) -> Gap:
    """From sudo's report (lines ``e…`` of its errors, ``s…`` its status) to the gap of every root probe.

    ``esudo: sorry, you must have a tty to run sudo`` → sudo_requires_tty. ``began``: root's part did start.
    """
    said = sudo_text("", report)
    if began:
        why = said or _("sudo does not say why; does sudoers set a command_timeout?")
        return Gap(GapReason.FAILED, _("the part for root broke off: {said}").format(said=why))
    if "must have a tty" in said:
        fix = _("sudo wants a terminal; sudoers needs: Defaults:{user} !requiretty")
        return Gap(GapReason.SUDO_REQUIRES_TTY, fix.format(user=user))
    if NOT_FOUND in report.split(b"\n"):
        return Gap(GapReason.NO_TOOL, _("sudo is not installed on the target"))
    return Gap(GapReason.SUDO_REFUSED, said or _("sudo gave no reason"))


def sudo_text(before: str, report: bytes) -> str:
    """What a report says, on one line, after a text of ours."""
    lines = (line for line in report.split(b"\n") if line[:1] == b"e" and not line.startswith(NOISE))
    said = (line[1:].decode("utf-8", "backslashreplace") for line in lines)
    return ": ".join(filter(None, (before, " / ".join(said))))
