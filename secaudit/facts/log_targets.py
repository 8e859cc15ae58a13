"""Where records are sent, and whether records of logins are among them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from ipaddress import ip_address

from secaudit.facts.config_files import ConfigFile, number
from secaudit.facts.fact import GapFound
from secaudit.facts.journal_settings import journal_forwards
from secaudit.facts.rsyslog_rules import hearing, rsyslog_lines, rules, templates
from secaudit.model.evidence import GapReason


@dataclass(frozen=True, slots=True)
class LogTarget:
    """A place the records are configured to be sent to. It proves that sending is configured, not that it arrives.

    ``via`` is ``rsyslog``, ``syslogd``, ``syslog-ng``, ``journal-upload`` or ``audisp``;
    ``selector`` is what is sent (``*.*``),
    "all" where the way has none, "?" where a condition decides that is not read here; ``logins``: records of logins
    are among it; ``undecided``: perhaps they are, a person must look. ``outside``: the target is not this host's
    loopback. ``daemon_runs``: what sends it runs. ``encrypted`` is ``yes``, ``no`` or ``?`` (not read here).
    ``queued``: what cannot be sent waits on disk.
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
    encrypted: str
    queued: bool


_SYSLOGD = ("/etc/syslog.conf", "/etc/conf.d/syslog", "/etc/default/busybox-syslogd")
_LEGACY = re.compile(r"(@@?)(?:\([^)]*\))?(?:\[([^\]]+)\]|([^:;\s]+))(?::(\d+))?")
MOST_NAMES = 5000
# sshd writes to the one or the other; PAM, su and sudo write to authpriv.
_LOGINS = ("authpriv", "auth")
# Levels that send records at info, and those that take what was sent away (!: this and above, !=: this alone).
_SENT = {"*", "debug", "info", "=info"}
_CUT = {"none", "!*", "!debug", "!info", "!=info"}
_BUILT_IN = re.compile("RSYSLOG_|Std", re.IGNORECASE)


def log_targets(files: Sequence[ConfigFile], running: Sequence[str]) -> tuple[LogTarget, ...]:
    """``legacy *.* @@10.0.0.1:514``, ``action selector=all type=omfwd target=…`` → LogTarget; raises GapFound."""
    told = rsyslog_lines(files)
    heard = hearing(told, journal_forwards(files))
    syslog_ng = [
        line
        for file in files
        if file.path.startswith("/etc/syslog-ng")
        for line in file.lines
        if line.strip() and line != "receives"
    ]
    return (
        *_rsyslog(rules(told), "rsyslogd" in running, heard, templates(told)),
        *(replace(target, via="syslogd") for target in _rsyslog(_plain(files), "syslogd" in running, "yes")),
        *_syslog_ng(syslog_ng, "syslog-ng" in running),
        *_uploads(files, running),
        *_audisp(files, {"auditd", "audisp-remote"} <= set(running)),
    )


def seen_from(targets: Iterable[LogTarget], own_names: str) -> tuple[LogTarget, ...]:
    """What a host sends to a name or an address of its own (a line each, ``@end`` last) stays here; raises GapFound."""
    words = own_names.split()
    if "@end" not in words or len(words) > MOST_NAMES:
        raise GapFound(GapReason.TRUNCATED, "the names of this host are not complete, or too many")
    own = {_same_name(word) for word in words}
    return tuple(replace(t, outside=False) if _same_name(t.target) in own else t for t in targets)


def _same_name(name: str) -> str:
    """``FE80:0000:…:0003`` → ``fe80::3``, ``Web-1`` → ``web-1``."""
    try:
        return str(ip_address(name))
    except ValueError:
        return name.lower()


def _plain(files: Sequence[ConfigFile]) -> list[str]:
    """What sysklogd (/etc/syslog.conf) and busybox syslogd (-R HOST) are told to send."""
    mine = [file for file in files if file.path in _SYSLOGD]
    return [line for file in mine for line in file.lines if line.startswith(("legacy ", "discards "))]


def _rsyslog(
    rules: Sequence[str], runs: bool, heard: str, known: set[str] | None = None
) -> Iterable[LogTarget]:
    """Rules hold in their order: what an earlier one threw away (stop, ~) is not sent.

    ``heard``: whether this host's records come to them at all; ``known``: templates, None where there are none.
    """
    dropped: list[str] = []
    for line in rules:
        if line.startswith("discards"):
            dropped.append(line.split()[-1])
            continue
        target, template = _rsyslog_line(line, runs)
        unformed = known is not None and template and not _BUILT_IN.match(template) and template not in known
        yield _after(target, dropped, "?" if heard == "yes" and unformed else heard)


def _after(target: LogTarget, dropped: Sequence[str], heard: str) -> LogTarget:
    """The target, knowing what was thrown away before and whether records come."""
    lost = [any(d == "all" or sends(d, {"*", name}) for d in dropped if d != "?") for name in _LOGINS]
    if heard == "no" or all(lost):
        return replace(target, selector="none", logins=False, undecided=False)
    sent = [target.undecided or sends(target.selector, {"*", name}) for name in _LOGINS]
    if not any(was_sent and not was_lost for was_sent, was_lost in zip(sent, lost, strict=True)):
        return replace(target, logins=False, undecided=False)
    sure = target.logins and not any(lost) and "?" not in dropped and heard == "yes"
    return replace(target, logins=sure, undecided=not sure)


def _rsyslog_line(line: str, runs: bool) -> tuple[LogTarget, str]:
    """The target, and the name of the template that forms its records ("" for the daemon's own)."""
    words = line.split()
    if words[:1] == ["legacy"] and len(words) == 5:
        match = _LEGACY.search(words[2])
        if match:
            protocol = "tcp" if match[1] == "@@" else "udp"
            safe = (words[3], words[4] == "yes")
            name, port = match[2] or match[3], match[4] or "514"
            return _target("rsyslog", name, port, protocol, words[1], runs, safe), words[2].partition(";")[2]
    if words[:1] == ["action"]:
        pairs = dict(word.partition("=")[::2] for word in words[1:])
        protocol = pairs.get("protocol") or ("tcp" if pairs.get("type") != "omfwd" else "udp")
        if pairs.get("target"):
            selector = pairs.get("selector") or "?"
            tls = pairs.get("tls", "?") if pairs.get("type", "").lower() in ("omfwd", "omrelp") else "?"
            safe = (tls, pairs.get("queue") == "yes")
            port = pairs.get("port") or "514"
            target = _target("rsyslog", pairs["target"], port, protocol, selector, runs, safe)
            return target, pairs.get("template", "")
    raise GapFound(GapReason.UNPARSABLE, f"rsyslog: {line[:80]}")


def _syslog_ng(lines: Sequence[str], runs: bool) -> Iterable[LogTarget]:
    """``syslog-ng tcp 10.0.0.9 514 d_net no no``, ``syslog-ng-source s``, ``syslog-ng-log plain s d_net``."""
    rows = [line.split() for line in lines]
    sources = {row[1] for row in rows if row[0] == "syslog-ng-source" and len(row) == 2}
    paths = [row for row in rows if row[0] == "syslog-ng-log" and len(row) == 4]
    for row in rows:
        if row[0] == "syslog-ng" and len(row) == 7:
            protocol = "udp" if row[1].startswith("udp") else "tcp"
            safe = (row[5], row[6] == "yes")
            yield _target("syslog-ng", row[2], row[3], protocol, _sent(row[4], sources, paths), runs, safe)
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
                safe = ("no" if line[4:].startswith("http:") else "yes", True)
                uploads = "journal-upload" in running
                yield _target("journal-upload", name, port or "19532", "tcp", "all", uploads, safe)


def _audisp(files: Sequence[ConfigFile], runs: bool) -> Iterable[LogTarget]:
    if not any("active=yes" in file.lines for file in files if file.path.endswith("au-remote.conf")):
        return
    for file in files:
        if file.path.endswith("audisp-remote.conf"):
            pairs = dict(line.partition("=")[::2] for line in file.lines)
            if pairs.get("remote_server"):
                port = pairs.get("port") or "60"
                safe = (
                    "yes" if pairs.get("transport", "").lower() == "krb5" else "no",
                    pairs.get("mode", "").lower() == "forward",
                )
                yield _target("audisp", pairs["remote_server"], port, "tcp", "audit", runs, safe)


def _target(
    via: str, target: str, port: str, protocol: str, selector: str, runs: bool, safe: tuple[str, bool]
) -> LogTarget:
    """``safe``: encrypted, and queued on disk."""
    return LogTarget(
        via=via,
        target=target,
        # A service name is a port too; 0 stands for one that is not a number.
        port=number(port, "port") if port.isdigit() else 0,
        protocol=protocol.lower(),
        selector=selector,
        logins=selector == "audit" or sends(selector, {"*", "authpriv"}),
        undecided=selector == "?" or (selector != "audit" and _sends_auth_only(selector)),
        outside=not _is_loopback(target),
        daemon_runs=runs,
        encrypted=safe[0],
        queued=safe[1],
    )


def _sends_auth_only(selector: str) -> bool:
    """Of logins the lines of sshd alone, and those only where sshd writes to auth."""
    return sends(selector, {"*", "auth", "security"}) and not sends(selector, {"*", "authpriv"})


def sends(selector: str, facilities: set[str]) -> bool:
    """``*.info;mail.none`` → True; ``*.emerg``, ``*.*;auth.none``, ``*.*;auth.!info`` → False: rsyslog.conf(5).

    Of the facilities ("*" among them) records at the level info.
    """
    if selector == "all":
        return True
    sent = False
    for names, level in _parts(selector):
        if facilities & names:
            sent = level in _SENT or (sent and level not in _CUT)
    return sent


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
