"""Whom the tools tell that a job starts: AIDE, rkhunter, logcheck and chkrootkit, as their packages start them."""

from collections.abc import Iterator, Mapping, Sequence

from secaudit.facts.config_files import ConfigFile
from secaudit.facts.mail_delivery import MailDelivery, reaches
from secaudit.facts.scheduled_jobs import Job

TOOLS = ("aide", "rkhunter", "logcheck", "chkrootkit")
_BY_SCRIPT = {
    "dailyaidecheck": "aide",
    "aide.wrapper": "aide",
    "chkrootkit-daily": "chkrootkit",
    "logcheck-bin": "logcheck",
}
# Debian's jobs for cron leave at once where systemd runs; there their timers count.
_ELSE_TIMERS = ("/etc/cron.daily/aide", "/etc/cron.daily/chkrootkit")

Told = Mapping[str, Sequence[str]]
Way = tuple[str, str, str, str]


def told_by(files: Sequence[ConfigFile], *starts: str) -> Told:
    """``mails yes`` in the files whose path begins so → key → what was said, in order."""
    found: dict[str, list[str]] = {}
    for file in files:
        if file.path.startswith(starts):
            for line in file.lines:
                key, _, rest = line.strip().partition(" ")
                found.setdefault(key, []).append(rest.strip())
    return found


def last(told: Told, key: str, unset: str = "") -> str:
    """What was said last."""
    said = told.get(key, [])
    return said[-1] if said else unset


def reach(mail: MailDelivery, to: str) -> str:
    """Whether mail to these recipients, blanks between, comes to somebody elsewhere."""
    ways = [reaches(mail, one) for one in to.split()]
    return next((way for way in ("yes", "?") if way in ways), "no")


def scheduled_ways(
    files: Sequence[ConfigFile], jobs: Sequence[Job], init: str, mail: MailDelivery
) -> Iterator[Way]:
    """Tool, ``mail`` or ``file``, whom, and whether that comes to somebody; nothing of a tool that no job starts."""
    here = {file.path.rpartition(" ")[2] for file in files if file.path.startswith("program ")}
    for tool in TOOLS:
        mine = [job for job in jobs if tool in _started(job) and not (_leaves(job) and init == "systemd")]
        told = told_by(files, f"/etc/{tool}", f"/etc/default/{tool}", f"/etc/sysconfig/{tool}")
        debians = any(file.path == f"/etc/default/{tool}" for file in files)
        if mine and last(told, "runs") != "no":
            yield from _ways(tool, told, debians, mine, here, mail)


def _started(job: Job) -> set[str]:
    """The tools that a job starts to compare; one that makes a new record does not."""
    words = f"{job.where} {job.command}".split()
    names = {word.rpartition("/")[2].removesuffix(".timer").removesuffix(";") for word in words}
    if "--init" in words or "-i" in words or "--propupd" in words:
        return set()
    return {_BY_SCRIPT.get(name.removesuffix("-check"), name.removesuffix("-check")) for name in names} & set(
        TOOLS
    )


def _leaves(job: Job) -> bool:
    return job.where in _ELSE_TIMERS


def _ways(
    tool: str, told: Told, debians: bool, jobs: Sequence[Job], here: set[str], mail: MailDelivery
) -> Iterator[Way]:
    """A job of a person's own is not read: cron mails what it prints, to whom its MAILTO says."""
    packaged = [job for job in jobs if job.kind != "cron" or job.where == f"/etc/cron.d/{tool}"]
    if tool == "aide" and not debians:
        packaged = []
    if not packaged:
        timers = all(job.kind == "timer" for job in jobs)
        yield tool, "file" if timers else "mail", "", "no" if timers else reach(mail, "?")
    elif tool == "rkhunter" and debians and not told.get("runs"):
        return  # rkhunter(8) of Debian: CRON_DAILY_RUN is empty until somebody answers
    elif tool == "aide":
        yield _aide(told, packaged, here, mail)
    else:
        to = last(told, "to", "root" if tool == "logcheck" else "")
        sent = bool(to) and not (tool == "chkrootkit" and "mail" not in here)
        yield tool, "mail" if sent else "file", to if sent else "", reach(mail, to) if sent else "no"


def _aide(told: Told, jobs: Sequence[Job], here: set[str], mail: MailDelivery) -> Way:
    """Debian's dailyaidecheck: newer ones run as _aide, who may not use mail(1), and mail by s-nail alone."""
    to = last(told, "to", "root")
    if last(told, "command") == "yes" and last(told, "silent") != "yes":
        return "aide", "mail", to, "?"
    as_root = "dailyaidecheck" not in here or not (
        "capsh" in here or any(job.kind == "timer" for job in jobs)
    )
    sends = ("s-nail" in here and "dailyaidecheck" in here) or ("mail" in here and as_root)
    if last(told, "silent") == "yes" or not sends:
        return "aide", "file", "", "no"
    return "aide", "mail", to, reach(mail, to)
