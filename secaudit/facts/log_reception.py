"""Whether this host takes in records of others, and keeps those of each sender apart."""

from collections.abc import Sequence
from dataclasses import dataclass

from secaudit.facts.config_files import ConfigFile, config_files
from secaudit.facts.fact import Evidence, Fact
from secaudit.facts.logging import LOG_DAEMONS, Logging
from secaudit.facts.logging_probe import LOGGING
from secaudit.facts.rsyslog_rules import rsyslog_lines
from secaudit.model.text import Text


@dataclass(frozen=True, slots=True)
class LogReception:
    """``receives``: a daemon that runs takes records from the network. ``by_sender``: a template names files of some.

    What syslog-ng does with them is not read here: ``unsure``.
    """

    receives: bool
    by_sender: bool
    unsure: bool


def reception(files: Sequence[ConfigFile], daemons: Logging) -> LogReception:
    """``receives``, ``keeps *.* ?PerHost`` → LogReception."""
    rsyslog = rsyslog_lines(files) if "rsyslog" in daemons.daemons else ()
    other = [file for file in files if file.path.startswith("/etc/syslog-ng")]
    syslog_ng = "syslog-ng" in daemons.daemons and any("receives" in file.lines for file in other)
    named = any(line.startswith("keeps ") and line.rpartition(" ")[2].startswith("?") for line in rsyslog)
    return LogReception("receives" in rsyslog or syslog_ng, named, syslog_ng)


def build_log_reception(evidence: Evidence) -> LogReception:
    """Whether records of others come here."""
    return reception(config_files(evidence.text(LOGGING.id)), evidence.fact(LOG_DAEMONS.name))


LOG_RECEPTION = Fact(
    "log_reception",
    Text("接收其他主机的日志", "Records of other hosts"),
    LogReception,
    build_log_reception,
    (LOGGING,),
    (LOG_DAEMONS.name,),
)
