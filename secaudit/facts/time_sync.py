"""How the clock is kept: chrony, ntpd, ntpsec, openntpd, systemd-timesyncd."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.processes import PROCESSES_FACT, Processes
from secaudit.facts.sections import sections, whole_sections
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

SOURCES = Probe(
    "time_sync.sources",
    r"""auth='{ sub(/[ \t]#.*/, "") }
tolower($1) ~ /^(server|pool|peer|refclock)$/ { print $2
  if (tolower($0) ~ /[ \t](key[ \t]+[0-9]+|nts|autokey)([ \t]|$)/) print "= " $2 }'
# chrony.conf(5): what the file takes in counts, wherever it lies; SUSE's takes in /etc/chrony.d.
for f in /etc/chrony.conf /etc/chrony/chrony.conf; do
  [ -f "$f" ] || continue
  set -- "$f" $(awk 'tolower($1) == "include" { print $2 }
    tolower($1) == "include" && index($2, "/chrony.d/") { print "/etc/chrony.d/*.conf" }
    tolower($1) == "confdir" { for (i = 2; i <= NF; i++) print $i "/*.conf" }
    tolower($1) == "sourcedir" { for (i = 2; i <= NF; i++) print $i "/*.sources" }' "$f")
  for g; do [ ! -f "$g" ] || { echo '@@ chronyd'; awk "$auth" "$g" || exit 1; }; done
done
for f in /etc/ntp.conf /etc/ntpsec/ntp.conf /etc/ntpsec/ntp.d/*.conf; do
  [ -f "$f" ] && { echo '@@ ntpd'; awk "$auth" "$f" || exit 1; }
done
for f in /etc/openntpd/ntpd.conf /etc/ntpd.conf; do
  [ -f "$f" ] && { echo '@@ openntpd'; awk '$1 ~ /^(servers?|sensor)$/ { print $2 }' "$f" || exit 1; }
done
for f in /usr/lib/systemd/timesyncd.conf.d/*.conf /etc/systemd/timesyncd.conf /etc/systemd/timesyncd.conf.d/*.conf; do
  [ -f "$f" ] && { echo '@@ systemd-timesyncd'; awk '/^[ \t]*(Fallback)?NTP[ \t]*=/ {
    mark = /Fallback/ ? "+ " : ""; sub(/^[^=]*=/, ""); if ($0 !~ /[^ \t\r]/) print (mark == "" ? "-" : mark "-")
    for (i = 1; i <= NF; i++) print mark $i }' "$f" || exit 1; }
done
echo '@@ end'""",
    reduces=Text(
        "只取 server 行的第二个词以及是否指定密钥；舍去选项、密钥与注释",
        "the second word of server lines and whether a key is named: options, keys and comments are dropped",
    ),
)

STATE = Probe(
    "time_sync.state",
    """if command -v chronyc >/dev/null 2>&1; then
  echo '@@ chronyd'
  chronyc -n tracking 2>&1 | grep -E '^(Reference ID|Leap status)'
fi
if command -v ntpq >/dev/null 2>&1; then echo '@@ ntpd'; ntpq -pn 2>&1 | cut -c 1-32; fi
if command -v ntpctl >/dev/null 2>&1; then echo '@@ openntpd'; ntpctl -s status 2>&1 | head -n 3; fi
if [ -e /run/systemd/timesync/synchronized ]; then echo '@@ systemd-timesyncd'; echo yes
elif [ -d /run/systemd/system ]; then echo '@@ systemd'; timedatectl 2>&1 | grep -i synchronized
fi
echo '@@ end'""",
    timeout_s=15,
)

# Name of the process, cut at 15 characters by the kernel → service.
_DAEMONS = {"chronyd": "chronyd", "systemd-timesyn": "systemd-timesyncd", "ntpd": "ntpd"}
_NO_SOURCE = re.compile(r"[0.]+|7F7F0101|127\.127\.1\.1")
_ADDRESS = re.compile(r"[\w.:-]{1,253}", re.ASCII)


@dataclass(frozen=True, slots=True)
class TimeSync:
    """``service`` is the daemon that runs or ``none``; ``sources`` what its configuration names, sorted.

    systemd-timesyncd without a source of its own takes those it was built with (timesyncd.conf(5)): ``built-in``.
    ``authenticated`` are those of them whose answers are verified (a key, NTS). ``daemons`` are all that run.
    """

    service: str
    running: bool
    sources: tuple[str, ...]
    authenticated: tuple[str, ...]
    daemons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TimeSynchronised:
    """Whether the running daemon says that the clock follows a source; ``told_by`` is the program asked."""

    synchronised: bool
    told_by: str


def parse_time_sync(text: str, processes: Processes) -> TimeSync:
    """``@@ chronyd`` / ``ntp1.example.org`` with chronyd running → TimeSync; raises GapFound."""
    parts = whole_sections(text, "the list of time sources is cut off", GapReason.UNPARSABLE)
    service = running_daemon(processes)
    if service == "ntpd" and "openntpd" in parts and "ntpd" not in parts:
        parts["ntpd"] = parts["openntpd"]
    named = _named(parts.get(service, []))
    if service == "systemd-timesyncd" and not named:
        named = {"built-in"}
    keyed = {word[2:] for word in parts.get(service, []) if word.startswith("= ")} & named
    daemons = tuple(name for comm, name in _DAEMONS.items() if comm in processes.names)
    return TimeSync(service, service != "none", tuple(sorted(named)), tuple(sorted(keyed)), daemons)


def _named(words: Sequence[str]) -> set[str]:
    """The sources of a service.

    timesyncd.conf(5): an empty NTP= (``-``) forgets those before; without one the fallbacks (``+ HOST``) are asked.
    """
    kept: dict[str, list[str]] = {"": [], "+": []}
    for word in words:
        mark, _, rest = word.strip().rpartition(" ")
        if mark in kept and rest == "-":
            kept[mark] = []
        elif mark in kept and _ADDRESS.fullmatch(rest):
            kept[mark].append(rest)
    return set(kept[""] or kept["+"])


def running_daemon(processes: Processes) -> str:
    """The first known daemon that runs, or ``none``."""
    return next((service for name, service in _DAEMONS.items() if name in processes.names), "none")


def parse_state(text: str, service: str) -> TimeSynchronised:
    """``Leap status : Normal``, ``*72.5.72.15 …``, ``synchronized: yes`` → TimeSynchronised; raises GapFound."""
    if service == "none":
        return TimeSynchronised(False, "none")
    parts = sections(text)
    answers = {name: "\n".join(lines) for name, lines in parts.items()}
    for told_by, state in (
        ("chronyc", _chronyc(answers.get("chronyd", "")) if service == "chronyd" else None),
        ("ntpq", _ntpq(answers.get("ntpd", "")) if service == "ntpd" else None),
        ("ntpctl", _ntpctl(answers.get("openntpd", "")) if service == "ntpd" else None),
        ("systemd-timesyncd", _timesyncd(answers) if service == "systemd-timesyncd" else None),
        ("timedatectl", _timedatectl(answers.get("systemd", ""))),
    ):
        if state is not None:
            return TimeSynchronised(state, told_by)
    raise GapFound(GapReason.NOT_SUPPORTED, f"{service} runs, but nothing tells whether it is in step")


def _chronyc(text: str) -> bool | None:
    """chronyc(1) tracking; a reference of zeros or 127.127.1.1 is no source but the clock itself.

    Before chrony 3.0 it is an address (``10.0.0.1 (10.0.0.1)``), since then eight hexadecimal digits.
    """
    leap = re.search(r"^Leap status\s*:\s*(.+)$", text, re.MULTILINE)
    reference = re.search(r"^Reference ID\s*:\s*([0-9A-F]{8}|[\d.]+)\b", text, re.MULTILINE)
    if leap is None or reference is None:
        return None
    return leap[1].strip() != "Not synchronised" and not _NO_SOURCE.fullmatch(reference[1])


def _ntpq(text: str) -> bool | None:
    """ntpq(8) -p: a star marks the peer that is followed, ``o`` one with a pulse per second."""
    if "remote" not in text or "refid" not in text:
        return None
    return any(line[:1] in ("*", "o") and ".LOCL." not in line for line in text.splitlines())


def _ntpctl(text: str) -> bool | None:
    if "clock" not in text or "peers valid" not in text:
        return None
    return "clock synced" in text


def _timesyncd(answers: dict[str, str]) -> bool | None:
    """systemd-timesyncd.service(8): the file ``synchronized`` is there once a server was followed."""
    return True if answers.get("systemd-timesyncd") == "yes" else None


def _timedatectl(text: str) -> bool | None:
    match = re.search(r"^\s*(?:System clock synchronized|NTP synchronized): (yes|no)$", text, re.MULTILINE)
    return match[1] == "yes" if match else None


def build_time_sync(evidence: Evidence) -> TimeSync:
    """Which daemon keeps the clock, and from where."""
    return parse_time_sync(evidence.text(SOURCES.id), evidence.fact("processes"))


def build_synchronised(evidence: Evidence) -> TimeSynchronised:
    """Whether the clock is in step; without a daemon it is not."""
    return parse_state(evidence.text(STATE.id), running_daemon(evidence.fact("processes")))


TIME_SYNC = Fact(
    "time_sync",
    Text("时钟同步配置", "Time synchronisation"),
    TimeSync,
    build_time_sync,
    (SOURCES,),
    (PROCESSES_FACT.name,),
)
TIME_SYNCHRONISED = Fact(
    "time_synchronised",
    Text("时钟是否同步", "Clock in step"),
    TimeSynchronised,
    build_synchronised,
    (STATE,),
    (PROCESSES_FACT.name,),
)
