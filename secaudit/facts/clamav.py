"""ClamAV: when its base was built, and whether it stops what it finds: clamd.conf(5), freshclam.conf(5)."""

from dataclasses import dataclass

from secaudit.facts.fact import GapFound
from secaudit.facts.sections import sections
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

# Debian: /etc/clamav; Red Hat: /etc/clamd.d and /etc/freshclam.conf; SUSE and Alpine: /etc/clamd.conf or /etc/clamav.
# What clamd loads is in its own DatabaseDirectory, wherever freshclam puts the new one; without clamd, clamscan takes
# that of freshclam. A base begins with 512 bytes of text, whatever follows.
CLAMAV = Probe(
    "protection.clamav",
    r"""set --
for f in /etc/clamav/clamd.conf /etc/clamd.conf /etc/clamd.d/*.conf; do
  [ ! -f "$f" ] || set -- "$@" "$f"
done
folder() {
  awk 'tolower($1) == "databasedirectory" { sub(/\r$/, ""); d = $2 } END { print d == "" ? "/var/lib/clamav" : d }' "$@"
}
base() {
  echo "folder $1"
  for b in "$1"/daily.cvd "$1"/daily.cld; do
    [ ! -f "$b" ] || { head -c 512 "$b" | tr -c '\040-\176' '\n'; echo; }
  done
}
echo '@@ settings'
[ $# -eq 0 ] || awk 'tolower($1) == "onaccessprevention" { sub(/\r$/, ""); print $1, $2 }' "$@" || exit 1
echo '@@ bases'
for f in "$@"; do d=$(folder "$f") || exit 1; base "$d"; done
if [ $# -eq 0 ]; then
  for f in /etc/clamav/freshclam.conf /etc/freshclam.conf; do [ ! -f "$f" ] || set -- "$@" "$f"; done
  d=$(folder "$@" </dev/null) || exit 1
  base "$d"
fi
echo '@@ end'""",
    reduces=Text(
        "只取 clamd 的一项设置与病毒库的文件头", "one setting of clamd, and the headers of the bases"
    ),
)

_DAY_S = 86_400
_FOLDER = "folder /"


@dataclass(frozen=True, slots=True)
class ClamAv:
    """``built`` is when the newest daily base was built, seconds since 1970; 0 where there is none.

    Of several clamd with folders of their own the one with the oldest counts. ``blocks``: programs that open malicious
    code are refused (OnAccessPrevention), where clamonacc runs.
    """

    built: int
    blocks: bool


def parse_clamav(text: str, now: int) -> ClamAv:
    """``ClamAV-VDB:14 Jul 2026 04-30 -0400:27700:2038806:90:MD5:SIGN:builder:1784017800`` → ClamAv; raises GapFound."""
    parts = sections(text)
    if "end" not in parts or "bases" not in parts or "settings" not in parts:
        raise GapFound(GapReason.TRUNCATED, "the look at ClamAV is cut off")
    built = min((_newest(lines, now) for lines in _folders(parts["bases"])), default=0)
    words = [line.split() for line in parts["settings"]]
    switches = [pair[1].lower() in ("yes", "true", "1") for pair in words if len(pair) == 2]
    return ClamAv(built, bool(switches) and len(switches) == len(words) and all(switches))


def _folders(lines: list[str]) -> list[list[str]]:
    """``folder /var/lib/clamav`` opens the lines of each."""
    found: list[list[str]] = [[]]
    for line in lines:
        if line.startswith(_FOLDER):
            found.append([])
        else:
            found[-1].append(line)
    return found if found[0] else found[1:]


def _newest(lines: list[str], now: int) -> int:
    headers = [line for line in lines if line.startswith("ClamAV-VDB:")]
    if lines and not headers:
        raise GapFound(GapReason.UNPARSABLE, "the base of ClamAV has no header")
    return max((_built(header, now) for header in headers), default=0)


def _built(header: str, now: int) -> int:
    fields = header.split(":")
    told = fields[8].strip() if len(fields) > 8 else ""
    if not (told.isascii() and told.isdigit() and len(told) <= 12):
        raise GapFound(GapReason.UNPARSABLE, "the base of ClamAV does not say when it was built")
    if int(told) > now + _DAY_S:
        raise GapFound(GapReason.UNPARSABLE, "the base of ClamAV was built in the future")
    return int(told)
