"""The lines of shadow(5), and the days that it counts in."""

from dataclasses import dataclass
from datetime import datetime

from secaudit.facts.fact import GapFound
from secaudit.model.evidence import GapReason

NEVER_DAYS = 99999


@dataclass(frozen=True, slots=True)
class ShadowLine:
    """One line of shadow(5); days as printed, "" where nothing is set."""

    kind: str
    last_change: str
    min_days: str
    max_days: str
    warn_days: str
    inactive: str
    expire: str


def parse_shadow(text: str) -> dict[str, ShadowLine]:
    """``root:hash:yescrypt:19700:0:99999:7::`` → name → ShadowLine; raises GapFound."""
    lines: dict[str, ShadowLine] = {}
    for line in text.split("\n"):
        if not line or line.startswith(("+", "-")):
            continue
        row = line.split(":")
        if len(row) < 8 or not row[0]:
            raise GapFound(GapReason.UNPARSABLE, f"shadow: {row[0][:60]}")
        kind = ":".join(row[1:-6])
        last, low, high, warn, inactive, expire = row[-6:]
        # The first line of a name is the one that counts.
        lines.setdefault(
            row[0],
            ShadowLine("nologin" if kind == "shadow" else kind, last, low, high, warn, inactive, expire),
        )
    return lines


def epoch_day(moment: datetime) -> int:
    """Days since 1970-01-01, as shadow(5) counts."""
    return int(moment.timestamp() // 86_400)
