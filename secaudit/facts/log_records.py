"""What the records of the security logs hold: a sample is read on the target, only counts leave it."""

from dataclasses import dataclass

from secaudit.facts.config_files import number
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

_COUNT = r"""
kind == "audit" && /^type=/ {
  n++; if (/msg=audit\([0-9]+\./) t++; if (/[ "]a?uid=/) u++; if (/^type=[A-Z_0-9]+ /) e++
  if (/ res=(success|failed|1|0)|success=(yes|no)/) r++; if (/ (name|exe|path|acct)=/) o++; next
}
kind == "auth" && NF > 3 {
  n++; if (/^[A-Z][a-z][a-z] +[0-9]+ [0-9:]+ |^[0-9-]+T[0-9:.]+/) t++
  if (/ user |for |user=|USER=/) u++; if (/ [^ ]+(\[[0-9]+\])?: /) e++
  if (/Accepted|Failed|failure|success|opened|closed|COMMAND=|invalid|Invalid|new user|changed/) r++
  if (/ from |tty=|TTY=|COMMAND=|rhost=/) o++; next
}
END { print kind "|" n + 0 "|" t + 0 "|" u + 0 "|" e + 0 "|" r + 0 "|" o + 0 }"""

LOG_RECORDS = Probe(
    "logs.records",
    f"""for p in audit:/var/log/audit/audit.log auth:/var/log/auth.log auth:/var/log/secure auth:/var/log/messages; do
  f=${{p#*:}}
  [ -f "$f" ] || continue
  echo "file|$f"
  tail -n 400 "$f" | awk -v kind="${{p%%:*}}" '{_COUNT}'
done
echo end""",
    root=True,
    reduces="records stay on the target: only how many of the last 400 name a time, a user, an event, an outcome",
)


@dataclass(frozen=True, slots=True)
class LogSample:
    """How many of the last records of a log name what a record must hold.

    ``kind`` is ``audit`` (Linux audit records) or ``auth`` (lines of syslog).
    """

    path: str
    kind: str
    records: int
    with_time: int
    with_user: int
    with_event: int
    with_outcome: int
    with_object: int


def parse_samples(text: str) -> tuple[LogSample, ...]:
    """``file|/var/log/auth.log``, ``auth|120|120|80|120|60|40`` → LogSample; none where no such log is."""
    lines = text.split("\n")
    if "end" not in lines:
        raise GapFound(GapReason.TRUNCATED, "the sample of the logs is not complete")
    path = ""
    files = 0
    found = []
    for line in lines:
        word, _, rest = line.partition("|")
        if word == "file":
            path, files = rest, files + 1
        elif word in ("audit", "auth"):
            counts = [number(part, f"count of {path}") for part in rest.split("|")]
            if len(counts) != 6:
                raise GapFound(GapReason.UNPARSABLE, line[:80])
            found.append(LogSample(path, word, *counts))
        elif line not in ("", "end"):
            raise GapFound(GapReason.UNPARSABLE, line[:80])
    if len(found) != files:
        raise GapFound(GapReason.FAILED, f"not every log could be read: {path}")
    return tuple(found)


def build_log_samples(evidence: Evidence) -> tuple[LogSample, ...]:
    """The samples; empty where the host keeps none of the logs as files."""
    return parse_samples(evidence.text(LOG_RECORDS.id))


LOG_SAMPLES = Fact(
    "log_samples",
    Text("日志记录抽样", "Sample of log records"),
    tuple[LogSample, ...],
    build_log_samples,
    (LOG_RECORDS,),
)
