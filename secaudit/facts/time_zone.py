"""The time zone that records of this host are written in: localtime(5), tzfile(5)."""

import re
from dataclasses import dataclass

from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.sections import sections
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

# The last line of a zone file is its rule; /etc/timezone and the name of a link may say something else.
ZONE = Probe(
    "time.zone",
    """echo '@@ rule'
if [ -f /etc/localtime ]; then tail -n 1 /etc/localtime || exit 1; else echo UTC0; fi
echo '@@ name'
readlink /etc/localtime
echo '@@ end'""",
    limit_bytes=4096,
)

# POSIX.1 TZ: a name of letters or in angle brackets, the hours west of Greenwich, perhaps summer time.
_RULE = re.compile(r"(?:[A-Za-z]{3,6}|<[A-Za-z0-9+-]{3,6}>)[-+]?\d[\w:,./<>+-]{0,80}", re.ASCII)


@dataclass(frozen=True, slots=True)
class TimeZone:
    """``rule`` as POSIX writes it (``CST-8``: eight hours east); ``name`` of the zone, "none" where no link tells."""

    rule: str
    name: str


def parse_zone(text: str) -> TimeZone:
    """``CST-8`` and ``/usr/share/zoneinfo/Asia/Shanghai`` → TimeZone; raises GapFound."""
    parts = sections(text)
    rule = parts.get("rule", [])[-1:]
    if "end" not in parts or not rule or not _RULE.fullmatch(rule[0]):
        raise GapFound(GapReason.UNPARSABLE, f"no rule of a time zone: {''.join(rule)[:60]!r}")
    _, mark, name = "".join(parts.get("name", [])[:1]).rpartition("zoneinfo/")
    return TimeZone(rule[0], name[:60] if mark else "none")


def build_time_zone(evidence: Evidence) -> TimeZone:
    """The zone of the system."""
    return parse_zone(evidence.text(ZONE.id))


TIME_ZONE = Fact("time_zone", Text("时区", "Time zone"), TimeZone, build_time_zone, (ZONE,))
