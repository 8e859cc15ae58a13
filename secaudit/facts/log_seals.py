"""Whether records can be altered unseen: the attribute append-only (chattr(1)), the seals of the journal."""

from collections.abc import Sequence
from dataclasses import dataclass

from secaudit.facts.config_files import config_files, print_files
from secaudit.facts.fact import Evidence, Fact
from secaudit.facts.journal_settings import journal_settings
from secaudit.facts.sections import whole_sections
from secaudit.model.evidence import Probe
from secaudit.model.text import Text

# A seal takes a key, which journalctl --setup-keys makes; Seal=yes without one seals nothing: journald.conf(5).
SEALS = Probe(
    "logs.seals",
    r"""set --
for f in /var/log/auth.log* /var/log/secure* /var/log/messages* /var/log/syslog* /var/log/audit/audit.log*; do
  [ ! -f "$f" ] || [ -L "$f" ] || set -- "$@" "$f"
done
echo '@@ files'
for f in "$@"; do echo "$f"; done
echo '@@ attributes'
[ $# -eq 0 ] || ! command -v lsattr >/dev/null 2>&1 || lsattr "$@" 2>/dev/null
echo '@@ journals'
for d in /var/log/journal/*; do
  [ ! -d "$d" ] || { if [ -s "$d/fss" ]; then echo key; else echo none; fi; }
done
echo '@@ settings'
"""
    + print_files(
        "/usr/lib/systemd/journald.conf /etc/systemd/journald.conf /usr/lib/systemd/journald.conf.d/*.conf"
        " /run/systemd/journald.conf.d/*.conf /etc/systemd/journald.conf.d/*.conf",
        r'/^[ \t]*Seal[ \t]*=/ { gsub(/[ \t\r]/, ""); print " " $0 }',
    )
    + "\necho '@@ end'",
    root=True,
    reduces=Text(
        "只取日志文件的名称和属性，以及有没有日志封存密钥",
        "names and attributes of log files, and whether a key of the journal's seals is there",
    ),
)

_LOGINS = ("/var/log/auth.log", "/var/log/secure", "/var/log/messages")
_NO = frozenset({"no", "false", "0", "off", "n", "f"})


@dataclass(frozen=True, slots=True)
class LogSeals:
    """``alterable`` are the log files, old ones too, that are neither append-only nor immutable.

    ``kept``: none is alterable, and records of logins are among them. ``journal`` on disk is ``sealed``, has
    ``no_key``, is left unsealed (``off``), or ``none`` is there.
    """

    alterable: tuple[str, ...]
    kept: bool
    journal: str


def seals(text: str) -> LogSeals:
    """``-----a--------e------- /var/log/auth.log`` → LogSeals; raises GapFound."""
    parts = whole_sections(text, "the look at seals is cut off")
    files = parts.get("files", [])
    closed = {path for line in parts.get("attributes", []) if (path := _closed(line))}
    alterable = tuple(path for path in files if path not in closed)
    logins = any(path in _LOGINS for path in files)
    return LogSeals(
        alterable, logins and not alterable, _journal(parts.get("journals", []), parts.get("settings", []))
    )


def _closed(line: str) -> str:
    """The path of a file that is append-only or immutable, else nothing."""
    flags, _, path = line.strip().partition(" ")
    return path.strip() if "a" in flags or "i" in flags else ""


def _journal(journals: Sequence[str], settings: Sequence[str]) -> str:
    if not journals:
        return "none"
    if journal_settings(config_files("\n".join(settings))).get("Seal", "").lower() in _NO:
        return "off"
    return "sealed" if "none" not in journals else "no_key"


def build_log_seals(evidence: Evidence) -> LogSeals:
    """The seals of the asset's records."""
    return seals(evidence.text(SEALS.id))


LOG_SEALS = Fact("log_seals", Text("日志防改", "Seals of records"), LogSeals, build_log_seals, (SEALS,))
