"""What a check has seen is told in two languages: words in offenders go through ``say``, names do not need to."""

import re
from collections.abc import Iterator, Sequence

import pytest

from secaudit.content import Content
from secaudit.content.expression_parser import parse_expression
from secaudit.content.expression_tree import (
    Call,
    Expression,
    ListOfParts,
    Literal,
    MapOfParts,
    Operation,
)
from tests.content import inventory

# Texts that stand in a report of either language as they are: names of programs, files, settings with their values.
NAMES = frozenset(
    {
        "!env_reset",
        "!secure_path",
        "!use_pty",
        "/etc/cron.allow",
        "/etc/localtime",
        "/etc/selinux/config",
        "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin",
        "/var/log",
        "2026-01-31T08:00:00.000000+08:00",
        "admin_space_left_action",
        "AIDE",
        "ALL",
        "AllowAgentForwarding",
        "AllowTcpForwarding",
        "audit",
        "audit.log",
        "audit=1",
        "audit_backlog_limit",
        "auditctl -l",
        "auditctl -s",
        "auditd",
        "auditd, syslog",
        "auth, authpriv",
        "AUTH_ADMIN",
        "backlog_limit",
        "Banner none",
        "btmp",
        "clamd",
        "clamonacc",
        "core_pattern",
        "crypto-policies",
        "Ctrl-Alt-Del",
        "Defaults",
        "Seal",
        "disable-user-list=true",
        "disk_error_action",
        "disk_full_action",
        "email",
        "enabled 0",
        "enabled 1",
        "enabled 2",
        "ENCRYPT_METHOD",
        "enforce",
        "enforcing",
        "env_keep",
        "env_reset",
        "fail2ban",
        "flush",
        "freshclam",
        "from=, command=",
        "GatewayPorts",
        "GatewayPorts no",
        "greeter-hide-users=true",
        "GRUB",
        "GSSAPIAuthentication no",
        "GSSAPIAuthentication yes",
        "HISTTIMEFORMAT",
        "HostbasedAuthentication",
        "HostbasedAuthentication no",
        "HostbasedAuthentication yes",
        "IgnoreRhosts no",
        "IgnoreRhosts yes",
        "INACTIVE",
        "incremental_async",
        "init_on_free",
        "init_on_free=1",
        "INPUT",
        "integrity",
        "local_events",
        "lockdown",
        "logfile=/var/log/sudo.log",
        "LogLevel",
        "logrotate",
        "lost",
        "LUKS",
        "max_log_file_action",
        "MaxAuthTries",
        "maxrepeat",
        "MaxRetentionSec",
        "maxsequence",
        "MaxSessions",
        "metadata",
        "N",
        "no",
        "none",
        "NTP",
        "OpenSSL",
        "pacct",
        "PAM",
        "pam_unix",
        "PASS_MAX_DAYS",
        "PASS_MIN_DAYS",
        "PASS_WARN_AGE",
        "permissive",
        "PermitEmptyPasswords",
        "PermitEmptyPasswords no",
        "PermitEmptyPasswords yes",
        "PermitTunnel",
        "PermitUserEnvironment no",
        "PermitUserEnvironment yes",
        "persistent",
        "polkit.Result.YES",
        "privilege",
        "Protocol 1",
        "Protocol 2",
        "RefuseManualStop",
        "remember",
        "RememberLastUser=false",
        "root",
        "root, sshd",
        "rsyslog",
        "s",
        "secure_path",
        "sig_enforce",
        "single, halt, email",
        "space_left_action",
        "sshd",
        "Storage",
        "StrictModes no",
        "StrictModes yes",
        "sulogin",
        "syslog",
        "syslog, single, halt",
        "tcp/",
        "timestamp_timeout",
        "TLS",
        "TLSv1.2 TLSv1.3",
        "TPM",
        "uname -r",
        "use_pty",
        "UsePAM no",
        "UsePAM yes",
        "write_logs",
        "wtmp",
        "X11Forwarding no",
        "X11Forwarding yes",
        "Y",
        "yes",
    }
)
_LATIN = re.compile("[A-Za-z]")
_EDGES = " :,()"


@pytest.fixture(scope="module")
def content() -> Content:
    """Every shipped check."""
    return inventory.shipped()


def test_words_that_people_read_are_in_their_language(content: Content) -> None:
    spoken = {
        check.id: sorted(set(_unspoken(check.offenders)))
        for check in content.checks.values()
        if check.offenders
    }
    assert {check_id: words for check_id, words in spoken.items() if words} == {}


def test_the_list_of_names_holds_only_what_is_shown(content: Content) -> None:
    shown = {text for check in content.checks.values() if check.offenders for text in _texts(check.offenders)}
    assert shown >= NAMES


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        ('say("无", "none")', []),
        ('r.on ? "up" : "off " + r.name', ["off", "up"]),
        ('r.on == "a" ? 1 : ("b" in r.names ? "c" : say("天", "d"))', ["c"]),
        ('["a", "b"]', ["a", "b"]),
        ('r.names.join(" and ")', ["and"]),
        ('(r.names + ["a"]).filter(n, n != "x").join(", ")', ["a"]),
        ('r.names.map(n, n == "x" ? "a" : n).join(", ")', ["a"]),
        ('string(3) + r["key"] + string("a")', ["a"]),
        ('r.name.startsWith("a") ? "1" : "§"', []),
    ],
)
def test_what_is_shown_is_told_from_what_is_compared(shown: str, words: list[str]) -> None:
    for key in ("id", "seen", "expected"):
        told = {"id": "1", "seen": "1", "expected": "1", key: shown}
        row = ", ".join(f'"{name}": {value}' for name, value in told.items())
        assert sorted(
            _unspoken(f'rows.filter(r, r.kind == "new").map(r, {{{row}}}) + [{{{row}}}]')
        ) == sorted(words * 2)


def _unspoken(offenders: str) -> list[str]:
    return [text for text in _texts(offenders) if text not in NAMES]


def _texts(offenders: str) -> Iterator[str]:
    """The shown texts that hold a Latin letter, without the punctuation that joins them to others."""
    for literal in _shown(parse_expression(offenders)):
        if isinstance(literal.value, str) and _LATIN.search(literal.value):
            yield literal.value.strip(_EDGES)


def _shown(part: Expression) -> Iterator[Literal]:
    """The literals whose text becomes part of what an offender shows, outside ``say``."""
    if isinstance(part, Literal):
        yield part
    for inner in _reaching(part):
        yield from _shown(inner)


def _reaching(part: Expression) -> Sequence[Expression]:
    """The parts whose text becomes part of what this one shows."""
    match part:
        case ListOfParts(_, parts) | Operation(_, "+", parts) | Operation(_, "?", (_, *parts)):
            return parts
        case MapOfParts(_, entries):
            return [value for _key, value in entries]
        case Call(_, target, "join" | "lowerAscii", parts) if target is not None:
            return [target, *parts]
        case Call(_, target, "filter", _condition) if target is not None:
            return [target]
        case Call(_, target, "map", parts) if target is not None:
            return parts[-1:]
        case Call(_, None, "string", parts):
            return parts
    return []
