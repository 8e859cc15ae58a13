"""Which log daemons are here, and where they send their records."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from secaudit.facts.config_files import ConfigFile, config_files
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.journal_settings import journal_settings, journal_stores
from secaudit.facts.log_targets import LogTarget, log_targets, seen_from
from secaudit.facts.logging_probe import LOGGING, OWN_NAMES
from secaudit.model.evidence import GapReason
from secaudit.model.text import Text


@dataclass(frozen=True, slots=True)
class Logging:
    """The log daemons.

    ``daemons`` that run: ``rsyslog``, ``syslog-ng``, ``syslogd``, ``journald``. ``shippers``: programs of others that
    run and may send records (filebeat …), where to is not known. ``journal_persistent``: the journal takes records at
    level info and outlives a reboot (journald.conf(5): Storage ``persistent``, or ``auto`` with /var/log/journal).
    ``audit_to_syslog``: audit records are handed to syslog. ``journal_max_days``: older entries are deleted
    (MaxRetentionSec), -1 for no such limit.
    """

    daemons: tuple[str, ...]
    shippers: tuple[str, ...]
    installed: tuple[str, ...]
    journal_persistent: bool
    audit_to_syslog: bool
    journal_max_days: int


_NAMES = {
    "rsyslogd": "rsyslog",
    "syslog-ng": "syslog-ng",
    "syslogd": "syslogd",
    "systemd-journal": "journald",
}
_SPAN = re.compile(r"(\d{1,9})([A-Za-z]*)", re.ASCII)
_SECONDS = {
    **dict.fromkeys(("", "s", "sec", "second", "seconds"), 1),
    **dict.fromkeys(("m", "min", "minute", "minutes"), 60),
    **dict.fromkeys(("h", "hr", "hour", "hours"), 3600),
    **dict.fromkeys(("d", "day", "days"), 86_400),
    **dict.fromkeys(("w", "week", "weeks"), 604_800),
    **dict.fromkeys(("M", "month", "months"), 2_629_800),
    **dict.fromkeys(("y", "year", "years"), 31_557_600),
}
_PROGRAMS = ("rsyslogd", "syslog-ng", "auditd")
_SENDERS = ("journal-upload", "auditd", "audisp-remote")


def _section(files: Sequence[ConfigFile], name: str) -> tuple[str, ...]:
    return next((file.lines for file in files if file.path == name), ())


def _running(files: Sequence[ConfigFile]) -> tuple[str, ...]:
    """Names of processes; a daemon that is not installed here runs in a container of this host."""
    seen = _section(files, "running")
    return tuple(name for name in seen if name not in _PROGRAMS or _section(files, f"program {name}"))


def logging_of(files: Sequence[ConfigFile]) -> Logging:
    """The daemons from the sections ``running`` and ``program …`` and the files of journald."""
    running = _running(files)
    settings = journal_settings(files)
    storage = settings.get("Storage", "").lower() or "auto"
    stays = storage == "persistent" or (storage == "auto" and bool(_section(files, "/var/log/journal")))
    return Logging(
        daemons=tuple(_NAMES[name] for name in running if name in _NAMES),
        shippers=tuple(name for name in running if name not in _NAMES and name not in _SENDERS),
        installed=tuple(name for name in ("rsyslogd", "syslog-ng") if _section(files, f"program {name}")),
        journal_persistent=stays and journal_stores(settings),
        audit_to_syslog=any(
            "active=yes" in f.lines for f in files if f.path.endswith("plugins.d/syslog.conf")
        ),
        journal_max_days=_days(settings.get("MaxRetentionSec", "")),
    )


def _days(span: str) -> int:
    """``6month``, ``2week3d``, ``90000`` (seconds) → whole days; 0 and nothing mean no limit (systemd.time(7))."""
    parts = _SPAN.findall(span)
    if span and "".join(count + unit for count, unit in parts) != span:
        raise GapFound(GapReason.UNPARSABLE, f"MaxRetentionSec: {span[:40]}")
    seconds = 0
    for count, unit in parts:
        if unit not in _SECONDS:
            raise GapFound(GapReason.UNPARSABLE, f"MaxRetentionSec: {span[:40]}")
        seconds += int(count) * _SECONDS[unit]
    return seconds // 86_400 if seconds else -1


def build_logging(evidence: Evidence) -> Logging:
    """The log daemons."""
    return logging_of(config_files(evidence.text(LOGGING.id)))


def build_log_targets(evidence: Evidence) -> tuple[LogTarget, ...]:
    """Where records are sent; empty when they stay here."""
    return seen_from(targets_of(config_files(evidence.text(LOGGING.id))), evidence.text(OWN_NAMES.id))


def targets_of(files: Sequence[ConfigFile]) -> tuple[LogTarget, ...]:
    """The targets, and whether what sends to them runs."""
    return log_targets(files, _running(files))


LOG_DAEMONS = Fact("logging", Text("日志服务", "Log daemons"), Logging, build_logging, (LOGGING,))
LOG_TARGETS = Fact(
    "log_targets",
    Text("日志外发目标", "Targets of log forwarding"),
    tuple[LogTarget, ...],
    build_log_targets,
    (LOGGING, OWN_NAMES),
)
