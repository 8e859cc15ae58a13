"""Which facilities of syslog are kept on this host: by rsyslog in a file, or in a journal that outlives a reboot."""

from collections.abc import Sequence
from dataclasses import dataclass

from secaudit.facts.config_files import config_files
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.journal_settings import journal_forwards
from secaudit.facts.log_targets import sends
from secaudit.facts.logging import LOG_DAEMONS, Logging
from secaudit.facts.logging_probe import LOGGING
from secaudit.facts.rsyslog_rules import hearing, rsyslog_lines
from secaudit.model.evidence import GapReason
from secaudit.model.text import Text

MOST_RULES = 5000
FACILITIES = ("kern", "user", "mail", "daemon", "auth", "syslog", "cron", "authpriv")


@dataclass(frozen=True, slots=True)
class KeptFacilities:
    """Facilities (syslog(3)) whose records at level info are kept; ``unsure``: a person must look.

    Unsure is what syslog-ng or another syslogd keeps, and what a condition of rsyslog decides.
    """

    kept: tuple[str, ...]
    unsure: tuple[str, ...]


def kept_facilities(lines: Sequence[str], daemons: Logging, heard: str) -> KeptFacilities:
    """``keeps auth,authpriv.* /var/log/auth.log``, ``discards *.*`` → KeptFacilities; raises GapFound.

    ``heard``: whether this host's records come to rsyslog; the kernel's come another way.
    """
    if daemons.journal_persistent and "journald" in daemons.daemons:
        return KeptFacilities(FACILITIES, ())
    if {"syslog-ng", "syslogd"} & set(daemons.daemons):
        return KeptFacilities((), FACILITIES)
    if "rsyslog" not in daemons.daemons:
        return KeptFacilities((), ())
    if len(lines) > MOST_RULES:
        raise GapFound(GapReason.UNPARSABLE, "more rules of rsyslog than a person writes")
    states = {name: _state(name, lines, "yes" if name == "kern" else heard) for name in FACILITIES}
    return KeptFacilities(
        tuple(name for name in FACILITIES if states[name] == "kept"),
        tuple(name for name in FACILITIES if states[name] == "unsure"),
    )


def _state(facility: str, lines: Sequence[str], heard: str) -> str:
    """``kept``, ``unsure`` or ``lost``: rules hold in their order; what was thrown away meets no later one."""
    if heard == "no":
        return "lost"
    perhaps_gone, state = heard == "?", "lost"
    for line in lines:
        word, _, rest = line.partition(" ")
        selector, _, path = rest.partition(" ")
        undecided = selector == "?"
        meant = not undecided and sends(selector, {"*", facility})
        if word == "discards" and meant:
            return state
        if word == "discards" and undecided:
            perhaps_gone = True
        if word == "keeps" and not path.startswith("/dev/") and (meant or undecided):
            if meant and not perhaps_gone:
                return "kept"
            state = "unsure"
    return state


def build_kept_facilities(evidence: Evidence) -> KeptFacilities:
    """The facilities that are kept."""
    files = config_files(evidence.text(LOGGING.id))
    lines = rsyslog_lines(files)
    return kept_facilities(lines, evidence.fact(LOG_DAEMONS.name), hearing(lines, journal_forwards(files)))


KEPT_FACILITIES = Fact(
    "kept_facilities",
    Text("本机保存的日志类别", "Facilities of syslog that are kept"),
    KeptFacilities,
    build_kept_facilities,
    (LOGGING,),
    (LOG_DAEMONS.name,),
)
