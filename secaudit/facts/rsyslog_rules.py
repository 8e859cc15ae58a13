"""What rsyslog reads, in its order, and whether records of this host come to it at all: rsyslog.conf(5)."""

from collections.abc import Sequence
from fnmatch import fnmatchcase

from secaudit.facts.config_files import ConfigFile
from secaudit.facts.fact import GapFound
from secaudit.model.evidence import GapReason

MOST_INCLUDES = 20
MOST_LINES = 20_000
MAIN = "/etc/rsyslog.conf"
# Files of the probe that are no rules of rsyslog, by their beginning; sections that are no file hold no slash.
_OTHERS = (
    "/etc/syslog-ng/",
    "/etc/audit/",
    "/etc/audisp/",
    "/etc/syslog.conf",
    "/etc/conf.d/",
    "/etc/default/",
)
_SETTINGS = ("keeps ", "receives", "hears ", "template ")


def rsyslog_lines(files: Sequence[ConfigFile]) -> tuple[str, ...]:
    """The lines of rsyslog.conf, those of a file it takes in where it takes it in. Raises GapFound."""
    main = next((file for file in files if file.path == MAIN), None)
    others = sorted((file for file in files if _is_rules(file.path)), key=lambda file: file.path)
    if main is None:
        mine = [file for file in others if fnmatchcase(file.path, "/etc/rsyslog.d/*.conf")]
        return tuple(line for file in mine for line in file.lines if _is_rule(line))
    if sum(line.startswith("includes ") for file in (main, *others) for line in file.lines) > MOST_INCLUDES:
        raise GapFound(GapReason.UNPARSABLE, "rsyslog.conf takes in more than a person writes")
    return tuple(_told(main, others, (main.path,)))


def _is_rules(path: str) -> bool:
    journald = "/systemd/" in path or path.endswith("/log/journal")
    return path.startswith("/") and path != MAIN and not path.startswith(_OTHERS) and not journald


def _is_rule(line: str) -> bool:
    return bool(line.strip()) and not line.startswith("includes ")


def _told(file: ConfigFile, others: Sequence[ConfigFile], within: tuple[str, ...]) -> list[str]:
    found: list[str] = []
    for line in file.lines:
        word, _, pattern = line.partition(" ")
        if word != "includes":
            found += [line] if line.strip() else []
            continue
        for other in _meant(pattern, others, file.path):
            if other.path in within:
                raise GapFound(GapReason.UNPARSABLE, f"{other.path} takes itself in")
            found += _told(other, others, (*within, other.path))
            if len(found) > MOST_LINES:
                raise GapFound(GapReason.UNPARSABLE, f"{file.path} takes in more than a person writes")
    return found


def _meant(pattern: str, others: Sequence[ConfigFile], by: str) -> list[ConfigFile]:
    """The files a line takes in; the probe looks for what rsyslog.conf and the files of rsyslog.d name."""
    if not pattern.startswith("/"):
        raise GapFound(GapReason.UNPARSABLE, f"{by} takes in {pattern[:60]}, which is not read")
    pattern = pattern + "*" if pattern.endswith("/") else pattern
    depth = pattern.count("/")
    found = [f for f in others if f.path.count("/") == depth and fnmatchcase(f.path, pattern)]
    if not found and by != MAIN and not by.startswith("/etc/rsyslog.d/"):
        raise GapFound(GapReason.UNPARSABLE, f"{by} takes in {pattern[:60]}, which is not read")
    return found


def rules(lines: Sequence[str]) -> list[str]:
    """The lines that send or discard."""
    return [line for line in lines if not line.startswith(_SETTINGS)]


def templates(lines: Sequence[str]) -> set[str]:
    """The names of the forms of records that are defined."""
    return {line.partition(" ")[2] for line in lines if line.startswith("template ")}


def hearing(lines: Sequence[str], journal_forwards: bool) -> str:
    """Whether records of this host's programs come to the rules: ``yes``, ``no``, or ``?`` for another ruleset.

    They come by /dev/log (imuxsock), which journald holds where it runs and hands on or not, or out of the journal
    (imjournal). ``hears off``: imuxsock leaves /dev/log alone.
    """
    heard = {line.partition(" ")[2] for line in lines if line.startswith("hears ")}
    if "elsewhere" in heard:
        return "?"
    by_socket = "socket" in heard or ("imuxsock" in heard and "off" not in heard)
    return "yes" if "imjournal" in heard or (by_socket and journal_forwards) else "no"
