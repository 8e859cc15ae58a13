"""How long the security logs are kept here: logrotate(8), and the oldest record that is still there."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase

from secaudit.facts.config_files import config_files, number, print_files
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.log_targets import sends
from secaudit.facts.logging import LOG_DAEMONS
from secaudit.facts.logging_probe import LOGGING
from secaudit.facts.rsyslog_rules import rsyslog_lines
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

_KEPT = r"""{ sub(/#.*/, ""); sub(/^[ \t]+/, ""); sub(/[ \t\r]+$/, "") }
/^(postrotate|prerotate|firstaction|lastaction|preremove)$/ { script = 1; next }
/^endscript$/ { script = 0; next }
script || $0 == "" { next }
/^(rotate|maxage|size|maxsize|tabooext|hourly|daily|weekly|monthly|yearly)([ \t=]|$)/ ||
  /^["\/]/ || /[{}]/ { print " " $0 }"""

ROTATION = Probe(
    "logs.rotation",
    print_files("/usr/etc/logrotate.conf /etc/logrotate.conf /etc/logrotate.d/*", _KEPT),
    reduces=Text(
        "只取路径、周期与保留时长；舍去脚本与注释",
        "only paths and how often and how long; scripts and comments are dropped",
    ),
)

LOG_FILES = Probe(
    "logs.files",
    """set --
for f in /var/log/auth.log* /var/log/secure* /var/log/syslog* /var/log/messages* /var/log/audit/audit.log*; do
  [ ! -f "$f" ] || set -- "$@" "$f"
done
[ $# -eq 0 ] || stat -c 'file|%Y|%s|%n' "$@"
for d in /var/log/journal/*; do
  [ -d "$d" ] || continue
  for f in "$d"/system*.journal; do [ ! -f "$f" ] || stat -c 'file|%Y|%s|%n' "$f"; done
done
echo end""",
    root=True,
    reduces=Text(
        "只输出日志文件的名称、大小与时间，不含记录", "names, sizes and times of log files, no records"
    ),
)

SECURITY_LOGS = {
    "auth": ("/var/log/auth.log", "/var/log/secure"),
    "syslog": ("/var/log/syslog", "/var/log/messages"),
    "audit": ("/var/log/audit/audit.log",),
}
_ROTATION = re.compile(r"[.-]\d[\dT_.:-]*(\.(gz|bz2|xz|zst|lz4|lzma|Z))?", re.ASCII)
PERIODS_HOURS = {"hourly": 1, "daily": 24, "weekly": 168, "monthly": 720, "yearly": 8760}
# logrotate(8), tabooext: files in an included folder that are not read; packages leave theirs behind.
TABOO = (
    *(
        ",v",
        ".bak",
        ".cfsaved",
        ".disabled",
        ".dpkg-bak",
        ".dpkg-del",
        ".dpkg-dist",
        ".dpkg-new",
        ".dpkg-old",
    ),
    *(
        ".dpkg-tmp",
        ".rhn-cfg-tmp-*",
        ".rpmnew",
        ".rpmorig",
        ".rpmsave",
        ".swp",
        ".ucf-dist",
        ".ucf-new",
        ".ucf-old",
    ),
    "~",
)


@dataclass(frozen=True, slots=True)
class LogRetention:
    """How long one security log stays on this host.

    ``log`` is ``auth``, ``syslog``, ``audit``, ``journal``, or ``elsewhere``: a file for records of logins of which
    the name alone is known. ``rotated``: logrotate cares for it. ``kept_days`` by its
    settings: rotations times period, cut by maxage; 0 when a size may decide or nothing is set.
    ``by_size``: a size (size, maxsize), not time alone, decides. ``files``: how many there are now; 0 where a package
    left its settings behind or nothing was ever written. ``oldest_date`` (ISO) is when the oldest file of it was last
    written, "none" without one; ``oldest_s`` the same in seconds since 1970, -1 without one.
    """

    log: str
    path: str
    rotated: bool
    kept_days: int
    by_size: bool
    oldest_date: str
    oldest_s: int
    files: int


@dataclass(slots=True)
class Kept:
    """What holds for some paths, or globally."""

    rotate: int = 0
    period_hours: int = 168
    maxage: int = 0
    size: bool = False
    maxsize: bool = False

    def copy(self) -> "Kept":
        return Kept(self.rotate, self.period_hours, self.maxage, self.size, self.maxsize)

    def take(self, line: str) -> None:
        word, _, value = line.partition(" ")
        if word in PERIODS_HOURS:
            # Of size and a period the later one holds; maxsize comes on top of a period.
            self.period_hours, self.size = PERIODS_HOURS[word], False
        elif word == "rotate":
            self.rotate = number(value.strip(), "rotate")
        elif word == "maxage":
            self.maxage = number(value.strip(), "maxage")
        elif word == "size":
            self.size = True
        elif word == "maxsize":
            self.maxsize = True

    @property
    def by_size(self) -> bool:
        return self.size or self.maxsize

    @property
    def days(self) -> int:
        if self.by_size:
            return 0
        days = 99_999 if self.rotate < 0 else self.rotate * self.period_hours // 24
        return min(days, self.maxage) if self.maxage else days


def parse_rotation(text: str) -> tuple[tuple[str, Kept], ...]:
    """``/var/log/auth.log {``, ``rotate 4``, ``weekly``, ``}`` → (path pattern, block); raises GapFound."""
    overall = Kept()
    taboo = list(TABOO)
    found: list[tuple[str, Kept]] = []
    for file in config_files(text):
        if file.path.startswith("/etc/logrotate.d/") and _is_taboo(file.path, taboo):
            continue
        paths: list[str] = []
        block: Kept | None = None
        for line in (part for raw in file.lines for part in _statements(raw)):
            if line == "{":
                block = overall.copy()
            elif line == "}":
                if block is None:
                    raise GapFound(GapReason.UNPARSABLE, f"{file.path}: a brace too many")
                found.extend((path, block) for path in paths)
                paths, block = [], None
            elif line.startswith(("/", '"')) and block is None:
                paths.extend(word.strip('"') for word in re.findall(r'"[^"]+"|\S+', line))
            elif line.startswith("tabooext"):
                added, *endings = line.split()[1:] or ["+"]
                taboo = [*taboo, *endings] if added == "+" else [added, *endings]
            else:
                (block or overall).take(re.sub(r"[\s=]+", " ", line))
    return tuple(found)


def _is_taboo(path: str, taboo: Sequence[str]) -> bool:
    """Whether logrotate passes over a file of a folder, by the end of its name."""
    return any(fnmatchcase(path, f"*{ending}") for ending in taboo)


def _statements(line: str) -> list[str]:
    """``/var/log/x {`` → the path, the brace."""
    return [part.strip() for part in re.split(r"([{}])", line) if part.strip()]


@dataclass(frozen=True, slots=True)
class LogFile:
    """A log file: path, when it was last written (seconds since 1970), its size."""

    path: str
    written_s: int
    size_bytes: int = 1


def parse_log_files(text: str) -> tuple[LogFile, ...]:
    """``file|1732300000|5120|/var/log/auth.log.1`` → LogFile; raises GapFound."""
    lines = text.split("\n")
    if "end" not in lines:
        raise GapFound(GapReason.TRUNCATED, "the list of log files is not complete")
    files = []
    for line in lines:
        parts = line.split("|", 3)
        if line in ("", "end"):
            continue
        if len(parts) != 4:
            raise GapFound(GapReason.UNPARSABLE, line[:80])
        files.append(LogFile(parts[3], number(parts[1], "time"), number(parts[2], "size")))
    return tuple(files)


def retention(
    blocks: Sequence[tuple[str, Kept]], files: Sequence[LogFile], logins_in: str = ""
) -> tuple[LogRetention, ...]:
    """One row for each security log that is here or that logrotate cares for.

    ``logins_in`` is the file to which records of logins go, where that is known: /var/log/messages is ``auth`` then.
    """
    rows = []
    for log, paths in SECURITY_LOGS.items():
        for path in paths:
            mine = [f for f in files if f.path == path or (f.size_bytes and _is_rotation(f.path, path))]
            block = _block_of(path, blocks)
            if mine or block:
                rows.append(_row("auth" if path == logins_in else log, path, block, mine))
    if logins_in and all(logins_in not in paths for paths in SECURITY_LOGS.values()):
        rows.append(_row("elsewhere", logins_in, _block_of(logins_in, blocks), ()))
    journal = [f for f in files if f.path.startswith("/var/log/journal/")]
    if journal:
        rows.append(_row("journal", "/var/log/journal", None, journal))
    return tuple(rows)


def _block_of(path: str, blocks: Sequence[tuple[str, Kept]]) -> Kept | None:
    return next((block for pattern, block in blocks if fnmatchcase(path, pattern)), None)


def _is_rotation(path: str, log: str) -> bool:
    """``auth.log.2.gz``, ``secure-20251001``, ``messages.0``; not ``auth.log.orig``. Empty ones hold no record."""
    return path.startswith(log) and bool(_ROTATION.fullmatch(path[len(log) :]))


def _row(log: str, path: str, block: Kept | None, files: Sequence[LogFile]) -> LogRetention:
    oldest = min((file.written_s for file in files), default=-1)
    return LogRetention(
        log=log,
        path=path,
        rotated=block is not None,
        kept_days=block.days if block else 0,
        by_size=bool(block and block.by_size),
        oldest_date=_date(oldest),
        oldest_s=oldest,
        files=len(files),
    )


def logins_file(lines: Sequence[str], daemons: Sequence[str]) -> str:
    """Where syslog writes records of logins: by the rules of rsyslog; all in one file with a plain syslogd.

    "" where that is not known.
    """
    if "rsyslog" in daemons:
        kept = (line.split() for line in lines if line.startswith("keeps "))
        return next((row[2] for row in kept if len(row) == 3 and sends(row[1], {"*", "authpriv"})), "")
    return "/var/log/messages" if "syslogd" in daemons else ""


def _date(seconds: int) -> str:
    if seconds < 0:
        return "none"
    try:
        return datetime.fromtimestamp(seconds, UTC).date().isoformat()
    except (OverflowError, OSError, ValueError):
        raise GapFound(GapReason.UNPARSABLE, f"time {seconds}") from None


def build_log_retention(evidence: Evidence) -> tuple[LogRetention, ...]:
    """How long the security logs are kept; empty where none is kept as a file."""
    files = parse_log_files(evidence.text(LOG_FILES.id))
    blocks = evidence.parsed(ROTATION.id, parse_rotation)
    lines = rsyslog_lines(config_files(evidence.text(LOGGING.id)))
    return retention(blocks, files, logins_file(lines, evidence.fact(LOG_DAEMONS.name).daemons))


LOG_RETENTION = Fact(
    "log_retention",
    Text("日志留存", "Retention of logs"),
    tuple[LogRetention, ...],
    build_log_retention,
    (ROTATION, LOG_FILES, LOGGING),
    (LOG_DAEMONS.name,),
)
