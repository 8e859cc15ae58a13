"""Which log daemons are here, and where they send their records."""

from collections.abc import Sequence
from dataclasses import dataclass

from secaudit.facts.config_files import ConfigFile, config_files
from secaudit.facts.fact import Evidence, Fact
from secaudit.facts.log_targets import LogTarget, log_targets
from secaudit.facts.logging_probe import LOGGING
from secaudit.model.text import Text


@dataclass(frozen=True, slots=True)
class Logging:
    """The log daemons.

    ``daemons`` that run: ``rsyslog``, ``syslog-ng``, ``syslogd``, ``journald``. ``shippers``: programs of others that
    run and may send records (filebeat …), where to is not known. ``journal_persistent``: the journal outlives a
    reboot (journald.conf(5): Storage ``persistent``, or ``auto`` with /var/log/journal). ``audit_to_syslog``: audit
    records are handed to syslog.
    """

    daemons: tuple[str, ...]
    shippers: tuple[str, ...]
    installed: tuple[str, ...]
    journal_persistent: bool
    audit_to_syslog: bool


_NAMES = {
    "rsyslogd": "rsyslog",
    "syslog-ng": "syslog-ng",
    "syslogd": "syslogd",
    "systemd-journal": "journald",
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
    storage = "auto"
    for file in files:
        if "journald" in file.path:
            for line in file.lines:
                storage = line.partition("=")[2].lower() if line.startswith("Storage=") else storage
    kept = storage == "persistent" or (storage == "auto" and bool(_section(files, "/var/log/journal")))
    return Logging(
        daemons=tuple(_NAMES[name] for name in running if name in _NAMES),
        shippers=tuple(name for name in running if name not in _NAMES and name not in _SENDERS),
        installed=tuple(name for name in ("rsyslogd", "syslog-ng") if _section(files, f"program {name}")),
        journal_persistent=kept,
        audit_to_syslog=any(
            "active=yes" in f.lines for f in files if f.path.endswith("plugins.d/syslog.conf")
        ),
    )


def build_logging(evidence: Evidence) -> Logging:
    """The log daemons."""
    return logging_of(config_files(evidence.text(LOGGING.id)))


def build_log_targets(evidence: Evidence) -> tuple[LogTarget, ...]:
    """Where records are sent; empty when they stay here."""
    return targets_of(config_files(evidence.text(LOGGING.id)))


def targets_of(files: Sequence[ConfigFile]) -> tuple[LogTarget, ...]:
    """The targets, and whether what sends to them runs."""
    return log_targets(files, _running(files))


LOG_DAEMONS = Fact("logging", Text("日志服务", "Log daemons"), Logging, build_logging, (LOGGING,))
LOG_TARGETS = Fact(
    "log_targets",
    Text("日志外发目标", "Targets of log forwarding"),
    tuple[LogTarget, ...],
    build_log_targets,
    (LOGGING,),
)
