"""Where records are sent, and whether records of logins are among them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from ipaddress import ip_address

from secaudit.facts.config_files import ConfigFile, number
from secaudit.facts.fact import GapFound
from secaudit.model.evidence import GapReason


@dataclass(frozen=True, slots=True)
class LogTarget:
    """A place the records are configured to be sent to. It proves that sending is configured, not that it arrives.

    ``via`` is ``rsyslog``, ``syslog-ng``, ``journal-upload`` or ``audisp``; ``selector`` is what is sent (``*.*``),
    "all" where the way has none, "?" where a condition decides that is not read here; ``logins``: records of logins
    are among it; ``undecided``: perhaps they are, a person must look. ``outside``: the target is not this host's
    loopback. ``daemon_runs``: what sends it runs.
    """

    via: str
    target: str
    port: int
    protocol: str
    selector: str
    logins: bool
    undecided: bool
    outside: bool
    daemon_runs: bool


_LEGACY = re.compile(r"(@@?)(?:\([^)]*\))?(?:\[([^\]]+)\]|([^:;\s]+))(?::(\d+))?")
_LOGIN_FACILITIES = {"*", "auth", "authpriv", "security"}


def log_targets(files: Sequence[ConfigFile], running: Sequence[str]) -> tuple[LogTarget, ...]:
    """``legacy *.* @@10.0.0.1:514``, ``action selector=all type=omfwd target=…`` → LogTarget; raises GapFound."""
    rsyslog = [
        line for file in files if file.path.startswith("/etc/rsyslog") for line in file.lines if line.strip()
    ]
    syslog_ng = [
        line
        for file in files
        if file.path.startswith("/etc/syslog-ng")
        for line in file.lines
        if line.strip()
    ]
    return (
        *_rsyslog(rsyslog, "rsyslogd" in running),
        *_syslog_ng(syslog_ng, "syslog-ng" in running),
        *_uploads(files, running),
        *_audisp(files, {"auditd", "audisp-remote"} <= set(running)),
    )


def _rsyslog(lines: Sequence[str], runs: bool) -> Iterable[LogTarget]:
    """What an earlier rule may have thrown away (stop, ~) is perhaps not sent."""
    dropped = [line.split()[-1] for line in lines if line.startswith("discards")]
    drops = any(selector in ("?", "all") or _touches_logins(selector) for selector in dropped)
    for line in lines:
        if not line.startswith("discards"):
            target = _rsyslog_line(line, runs)
            yield replace(target, logins=False, undecided=True) if drops and target.logins else target


def _rsyslog_line(line: str, runs: bool) -> LogTarget:
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
            selector = pairs.get("selector") or "?"
            return _target("rsyslog", pairs["target"], pairs.get("port") or "514", protocol, selector, runs)
    raise GapFound(GapReason.UNPARSABLE, f"rsyslog: {line[:80]}")


def _syslog_ng(lines: Sequence[str], runs: bool) -> Iterable[LogTarget]:
    """``syslog-ng tcp 10.0.0.9 514 d_net``, ``syslog-ng-source s``, ``syslog-ng-log plain s d_net``."""
    rows = [line.split() for line in lines]
    sources = {row[1] for row in rows if row[0] == "syslog-ng-source" and len(row) == 2}
    paths = [row for row in rows if row[0] == "syslog-ng-log" and len(row) == 4]
    for row in rows:
        if row[0] == "syslog-ng" and len(row) == 5:
            protocol = "udp" if row[1].startswith("udp") else "tcp"
            yield _target("syslog-ng", row[2], row[3], protocol, _sent(row[4], sources, paths), runs)
        elif row not in paths and not (row[0] == "syslog-ng-source" and len(row) == 2):
            raise GapFound(GapReason.UNPARSABLE, f"syslog-ng: {' '.join(row)[:80]}")


def _sent(destination: str, sources: set[str], paths: Sequence[list[str]]) -> str:
    """What the log paths send to a destination. Filters and flags (final) of any path may keep records from it."""
    mine = [row for row in paths if destination in row[3].split(",")]
    if not mine and destination != "-":
        return "none"
    plain = all(row[1] == "plain" for row in paths) and any(sources & set(row[2].split(",")) for row in mine)
    return "all" if plain and destination != "-" else "?"


def _uploads(files: Sequence[ConfigFile], running: Sequence[str]) -> Iterable[LogTarget]:
    for file in files:
        for line in file.lines if file.path.endswith("journal-upload.conf") else ():
            if line.startswith("URL="):
                host = re.sub(r"^https?://", "", line[4:]).strip("/")
                name, _, port = host.partition(":")
                yield _target(
                    "journal-upload", name, port or "19532", "tcp", "all", "journal-upload" in running
                )


def _audisp(files: Sequence[ConfigFile], runs: bool) -> Iterable[LogTarget]:
    if not any("active=yes" in file.lines for file in files if file.path.endswith("au-remote.conf")):
        return
    for file in files:
        if file.path.endswith("audisp-remote.conf"):
            pairs = dict(line.partition("=")[::2] for line in file.lines)
            if pairs.get("remote_server"):
                port = pairs.get("port") or "60"
                yield _target("audisp", pairs["remote_server"], port, "tcp", "audit", runs)


def _target(via: str, target: str, port: str, protocol: str, selector: str, runs: bool) -> LogTarget:
    return LogTarget(
        via=via,
        target=target,
        # A service name is a port too; 0 stands for one that is not a number.
        port=number(port, "port") if port.isdigit() else 0,
        protocol=protocol.lower(),
        selector=selector,
        logins=_sends_logins(selector),
        undecided=selector == "?",
        outside=not _is_loopback(target),
        daemon_runs=runs,
    )


def _sends_logins(selector: str) -> bool:
    """``*.info;mail.none`` → True; ``*.emerg`` and ``*.*;auth,authpriv.none`` → False (rsyslog.conf(5)).

    Logins are records of auth or authpriv at the level info.
    """
    if selector in ("all", "audit"):
        return True
    sent = False
    for names, level in _parts(selector):
        if _LOGIN_FACILITIES & names:
            sent = level != "none" and (sent or level in ("*", "debug", "info", "=info"))
    return sent


def _touches_logins(selector: str) -> bool:
    return any(_LOGIN_FACILITIES & names and level != "none" for names, level in _parts(selector))


def _parts(selector: str) -> list[tuple[set[str], str]]:
    """``mail,news.err;auth.*`` → ({mail, news}, err), ({auth}, *)."""
    rows = [part.rpartition(".") for part in selector.lower().split(";")]
    return [(set(names.split(",")), level) for names, _, level in rows]


def _is_loopback(target: str) -> bool:
    if target.lower() in ("localhost", "localhost.localdomain", "ip6-localhost"):
        return True
    try:
        return ip_address(target).is_loopback
    except ValueError:
        return False
