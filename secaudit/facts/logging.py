"""Which log daemons are here, and where they send their records: rsyslog.conf(5), syslog-ng, journald, audisp."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import ip_address

from secaudit.facts.config_files import ConfigFile, config_files, number, print_files
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

# Only what forwards: selectors with @host, actions and drivers that send, reduced to type, target, port, protocol.
_FORWARDS = r"""
function value(text, name,  v) {
  if (!match(tolower(text), name "[ \t]*=[ \t]*\"?[^ \t\")]+")) return ""
  v = substr(text, RSTART, RLENGTH); sub(/^[^=]*=[ \t]*"?/, "", v); return v
}
function flush() {
  if (tolower(held) ~ /type[ \t]*=[ \t]*"?(omfwd|omrelp|omelasticsearch|omkafka|omhttp)/)
    print " action type=" value(held, "type") " target=" (value(held, "target") value(held, "server")) \
      " port=" value(held, "port") " protocol=" value(held, "protocol")
  held = ""
}
{ sub(/^[ \t]*#.*/, ""); sub(/[ \t]#.*/, "") }
FILENAME ~ /syslog-ng/ {
  if (/destination/) block = "destination"; else if (/(^|[^a-z])(source|log|filter)[ \t]*[a-zA-Z_{]/) block = "other"
  while (match($0, /(network|tcp6?|udp6?|syslog)[ \t]*\([ \t]*("[^"]+"|ip\([^)]*\))/)) {
    found = substr($0, RSTART, RLENGTH); $0 = substr($0, RSTART + RLENGTH)
    port = match($0, /port[ \t]*\([0-9]+\)/) ? substr($0, RSTART, RLENGTH) : ""
    gsub(/[^0-9]/, "", port); driver = found; sub(/[ \t]*\(.*/, "", driver); sub(/^[^(]*\([ \t]*(ip\()?/, "", found)
    gsub(/[")]/, "", found)
    if (block == "destination") print " syslog-ng " driver " " found " " port
  }
  next
}
FILENAME ~ /journal|audi/ {
  if (/^[ \t]*(Storage|ForwardToSyslog|MaxRetentionSec|URL|active|remote_server|port|transport)[ \t]*=/) {
    gsub(/[ \t]+/, ""); if (/^URL=/) sub(/\/\/[^@\/]*@/, "//"); print " " $0 }
  next
}
FNR == 1 { flush() }
held != "" || /action[ \t]*\(/ { held = held " " $0; if (/\)/) flush(); next }
/(^|[ \t;])@@?[\[(a-zA-Z0-9]/ { n = split($0, w, /[ \t]+/); print " legacy " w[1] " " w[n] }
END { flush() }"""

LOGGING = Probe(
    "logging.config",
    "echo '#= running'\n"
    "for name in rsyslogd syslog-ng syslogd systemd-journal filebeat fluent-bit vector nxlog; do\n"
    """  grep -slx "$name" /proc/[0-9]*/comm >/dev/null && echo " $name"\n"""
    "done\n"
    # The kernel cuts names of processes at 15 characters, where journald and its uploader are the same.
    "grep -sl '[s]ystemd-journal-upload' /proc/[0-9]*/cmdline >/dev/null && echo ' journal-upload'\n"
    "for d in /var/log/journal /run/log/journal; do [ ! -d $d ] || { echo \"#= $d\"; echo ' here'; }; done\n"
    "for p in rsyslogd syslog-ng; do command -v $p >/dev/null 2>&1 && { echo \"#= program $p\"; echo ' here'; }; done\n"
    + print_files(
        "/etc/rsyslog.conf /etc/rsyslog.d/*.conf /etc/syslog-ng/syslog-ng.conf /etc/syslog-ng/conf.d/*.conf"
        " /usr/lib/systemd/journald.conf.d/*.conf /etc/systemd/journald.conf /etc/systemd/journald.conf.d/*.conf"
        " /etc/systemd/journal-upload.conf /etc/audit/plugins.d/au-remote.conf /etc/audisp/plugins.d/au-remote.conf"
        " /etc/audit/audisp-remote.conf /etc/audisp/audisp-remote.conf /etc/audit/plugins.d/syslog.conf"
        " /etc/audisp/plugins.d/syslog.conf",
        _FORWARDS,
    ),
    root=True,
    reduces="only what forwards records, reduced to type, target, port and protocol; no user names",
)


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


@dataclass(frozen=True, slots=True)
class LogTarget:
    """A place the records are configured to be sent to. It proves that sending is configured, not that it arrives.

    ``via`` is ``rsyslog``, ``syslog-ng``, ``journal-upload`` or ``audisp``; ``selector`` is what is sent (``*.*``),
    "all" where the way has none; ``logins``: records of logins are among it. ``outside``: the target is not
    this host's loopback.
    """

    via: str
    target: str
    port: int
    protocol: str
    selector: str
    logins: bool
    outside: bool
    daemon_runs: bool


_NAMES = {
    "rsyslogd": "rsyslog",
    "syslog-ng": "syslog-ng",
    "syslogd": "syslogd",
    "systemd-journal": "journald",
}
_LEGACY = re.compile(r"(@@?)(?:\([^)]*\))?(?:\[([^\]]+)\]|([^:;\s]+))(?::(\d+))?")


def _section(files: Sequence[ConfigFile], name: str) -> tuple[str, ...]:
    return next((file.lines for file in files if file.path == name), ())


def _running(files: Sequence[ConfigFile]) -> tuple[str, ...]:
    """Names of processes; a syslog daemon that is not installed here runs in a container of this host."""
    seen = _section(files, "running")
    return tuple(
        name for name in seen if name not in ("rsyslogd", "syslog-ng") or _section(files, f"program {name}")
    )


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
        shippers=tuple(name for name in running if name not in _NAMES and name != "journal-upload"),
        installed=tuple(name for name in ("rsyslogd", "syslog-ng") if _section(files, f"program {name}")),
        journal_persistent=kept,
        audit_to_syslog=any(
            "active=yes" in f.lines for f in files if f.path.endswith("plugins.d/syslog.conf")
        ),
    )


def log_targets(files: Sequence[ConfigFile]) -> tuple[LogTarget, ...]:
    """``legacy *.* @@10.0.0.1:514``, ``action type=omfwd target=…`` → LogTarget; raises GapFound."""
    running = _running(files)
    found: list[LogTarget] = []
    for file in files:
        if file.path.startswith("/etc/rsyslog"):
            found.extend(_rsyslog(line, "rsyslogd" in running) for line in file.lines)
        elif file.path.startswith("/etc/syslog-ng"):
            found.extend(_syslog_ng(line, "syslog-ng" in running) for line in file.lines)
    return (*found, *_uploads(files, running), *_audisp(files))


def _rsyslog(line: str, runs: bool) -> LogTarget:
    words = line.split()
    if words[:1] == ["legacy"] and len(words) == 3:
        match = _LEGACY.search(words[2])
        if match:
            protocol = "tcp" if match[1] == "@@" else "udp"
            return _target("rsyslog", match[2] or match[3], match[4] or "514", protocol, words[1], runs)
    if words[:1] == ["action"]:
        pairs = dict(word.partition("=")[::2] for word in words[1:])
        protocol = pairs.get("protocol") or ("tcp" if pairs.get("type") != "omfwd" else "udp")
        if pairs.get("target"):
            return _target("rsyslog", pairs["target"], pairs.get("port") or "514", protocol, "all", runs)
    raise GapFound(GapReason.UNPARSABLE, f"rsyslog: {line[:80]}")


def _syslog_ng(line: str, runs: bool) -> LogTarget:
    words = line.split()
    if len(words) < 3:
        raise GapFound(GapReason.UNPARSABLE, f"syslog-ng: {line[:80]}")
    protocol = "udp" if words[1].startswith("udp") else "tcp"
    return _target("syslog-ng", words[2], words[3] if len(words) > 3 else "514", protocol, "all", runs)


def _uploads(files: Sequence[ConfigFile], running: Sequence[str]) -> Iterable[LogTarget]:
    for file in files:
        for line in file.lines if file.path.endswith("journal-upload.conf") else ():
            if line.startswith("URL="):
                host = re.sub(r"^https?://", "", line[4:]).strip("/")
                name, _, port = host.partition(":")
                yield _target(
                    "journal-upload", name, port or "19532", "tcp", "all", "journal-upload" in running
                )


def _audisp(files: Sequence[ConfigFile]) -> Iterable[LogTarget]:
    if not any("active=yes" in file.lines for file in files if file.path.endswith("au-remote.conf")):
        return
    for file in files:
        if file.path.endswith("audisp-remote.conf"):
            pairs = dict(line.partition("=")[::2] for line in file.lines)
            if pairs.get("remote_server"):
                yield _target(
                    "audisp", pairs["remote_server"], pairs.get("port") or "60", "tcp", "audit", True
                )


def _target(via: str, target: str, port: str, protocol: str, selector: str, runs: bool) -> LogTarget:
    # A service name is a port too; 0 stands for one that is not a number.
    shown = number(port, "port") if port.isdigit() else 0
    sent = _sends_logins(selector)
    return LogTarget(via, target, shown, protocol.lower(), selector, sent, not _is_loopback(target), runs)


def _sends_logins(selector: str) -> bool:
    """``*.info;mail.none`` → True; ``*.emerg`` and ``*.*;auth,authpriv.none`` → False (rsyslog.conf(5)).

    Logins are records of auth or authpriv at the level info.
    """
    if selector in ("all", "audit"):
        return True
    sent = False
    for part in selector.lower().split(";"):
        names, _, level = part.rpartition(".")
        if {"*", "auth", "authpriv", "security"} & set(names.split(",")):
            sent = level != "none" and (sent or level in ("*", "debug", "info", "=info"))
    return sent


def _is_loopback(target: str) -> bool:
    if target.lower() in ("localhost", "localhost.localdomain", "ip6-localhost"):
        return True
    try:
        return ip_address(target).is_loopback
    except ValueError:
        return False


def build_logging(evidence: Evidence) -> Logging:
    """The log daemons."""
    return logging_of(config_files(evidence.text(LOGGING.id)))


def build_log_targets(evidence: Evidence) -> tuple[LogTarget, ...]:
    """Where records are sent; empty when they stay here."""
    return log_targets(config_files(evidence.text(LOGGING.id)))


LOG_DAEMONS = Fact("logging", Text("日志服务", "Log daemons"), Logging, build_logging, (LOGGING,))
LOG_TARGETS = Fact(
    "log_targets",
    Text("日志外发目标", "Targets of log forwarding"),
    tuple[LogTarget, ...],
    build_log_targets,
    (LOGGING,),
)
