"""ClamAV: when its base was built, and whether it stops what it finds: clamd.conf(5), freshclam.conf(5)."""

from dataclasses import dataclass

from secaudit.facts.fact import GapFound
from secaudit.facts.sections import sections
from secaudit.model.evidence import GapReason, Probe

# Debian: /etc/clamav; Red Hat: /etc/clamd.d and /etc/freshclam.conf; SUSE and Alpine: /etc/clamd.conf or /etc/clamav.
# A base begins with 512 bytes of text, whatever follows.
CLAMAV = Probe(
    "protection.clamav",
    r"""set --
for f in /etc/clamav/clamd.conf /etc/clamd.conf /etc/clamd.d/*.conf /etc/clamav/freshclam.conf /etc/freshclam.conf; do
  [ ! -f "$f" ] || set -- "$@" "$f"
done
echo '@@ settings'
d=/var/lib/clamav
if [ $# -gt 0 ]; then
  awk 'tolower($1) == "onaccessprevention" { sub(/\r$/, ""); print $1, $2 }' "$@" || exit 1
  s=$(awk 'tolower($1) == "databasedirectory" { sub(/\r$/, ""); d = $2 } END { print d }' "$@")
  d=${s:-$d}
fi
echo '@@ bases'
for f in "$d"/daily.cvd "$d"/daily.cld; do
  if [ -f "$f" ]; then
    head -c 512 "$f" | tr -c '\040-\176' '\n'
    echo
  fi
done
echo '@@ end'""",
    reduces="one setting of clamd, and the headers of the bases",
)

_DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class ClamAv:
    """``built`` is when the newest daily base was built, seconds since 1970; 0 where there is none.

    ``blocks``: programs that open malicious code are refused (OnAccessPrevention), where clamonacc runs.
    """

    built: int
    blocks: bool


def parse_clamav(text: str, now: int) -> ClamAv:
    """``ClamAV-VDB:14 Jul 2026 04-30 -0400:27700:2038806:90:MD5:SIGN:builder:1784017800`` → ClamAv; raises GapFound."""
    parts = sections(text)
    if "end" not in parts or "bases" not in parts or "settings" not in parts:
        raise GapFound(GapReason.TRUNCATED, "the look at ClamAV is cut off")
    headers = [line for line in parts["bases"] if line.startswith("ClamAV-VDB:")]
    if parts["bases"] and not headers:
        raise GapFound(GapReason.UNPARSABLE, "the base of ClamAV has no header")
    built = max((_built(header, now) for header in headers), default=0)
    words = [line.split() for line in parts["settings"]]
    switches = [pair[1].lower() in ("yes", "true", "1") for pair in words if len(pair) == 2]
    return ClamAv(built, bool(switches) and len(switches) == len(words) and all(switches))


def _built(header: str, now: int) -> int:
    fields = header.split(":")
    told = fields[8].strip() if len(fields) > 8 else ""
    if not (told.isascii() and told.isdigit() and len(told) <= 12):
        raise GapFound(GapReason.UNPARSABLE, "the base of ClamAV does not say when it was built")
    if int(told) > now + _DAY_S:
        raise GapFound(GapReason.UNPARSABLE, "the base of ClamAV was built in the future")
    return int(told)
