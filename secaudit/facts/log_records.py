"""What the records of the security logs hold: a sample is read on the target, only counts leave it."""

from dataclasses import dataclass

from secaudit.facts.config_files import number
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

# Lines of syslog count when what lets people in wrote them: sshd, su, sudo, login and PAM's own lines in others.
_COUNT = r"""
function count(t, u, e, r, o, z) {
  n++; ts += t; zs += z; us += u; es += e; rs += r; os += o
  if (t && u && e && r) all++; if (t && u && e && r && o) more++
}
kind == "audit" && /^type=/ {
  count($0 ~ /msg=audit\([0-9]+\./, $0 ~ /[ "]a?uid=/, $0 ~ /^type=[A-Z_0-9]+ /,
    $0 ~ / res=(success|failed|1|0)|success=(yes|no)/, $0 ~ / (name|exe|path|acct)=/,
    $0 ~ /msg=audit\([0-9]+\./)
  next
}
kind == "auth" &&
    (/ (sshd|sshd-session|su|sudo|login|systemd-logind)(\[[0-9]+\])?: / || / [^ ]+(\[[0-9]+\])?: pam_[a-z_]+\(/) {
  count($0 ~ /^[A-Z][a-z][a-z] +[0-9]+ [0-9:]+ |^[0-9-]+T[0-9:.]+/, $0 ~ / user |for |user=|USER=/, 1,
    $0 ~ /Accepted|Failed|failure|success|opened|closed|COMMAND=|invalid|Invalid/,
    $0 ~ / from |tty=|TTY=|COMMAND=|rhost=/,
    $0 ~ /^[0-9]+-[0-9]+-[0-9]+T[0-9:.]+(Z|[+-][0-9][0-9]:?[0-9][0-9]) /)
}
END {
  if (whole) print "file|" path
  if (whole) print kind "|" n + 0 "|" ts + 0 "|" us + 0 "|" es + 0 "|" rs + 0 "|" os + 0 "|" all + 0 "|" more + 0 \
    "|" zs + 0
}"""

_LOGS = (
    ("audit", "/var/log/audit/audit.log"),
    ("auth", "/var/log/auth.log"),
    ("auth", "/var/log/secure"),
    ("auth", "/var/log/messages"),
)


def _sample(kind: str, path: str) -> str:
    """Prints what the last lines of a log name, nothing where there is no such log; a pipe is passed over."""
    last = f"{{ root tail -n 400 {path} 2>/dev/null && echo @end; }}"
    return f"if [ ! -e {path} ] || [ -f {path} ]; then {last} | count {kind} {path}; fi\n"


LOG_RECORDS = Probe(
    "logs.records",
    f"""count() {{ awk -v kind="$1" -v path="$2" '$0 == "@end" {{ whole = 1; next }}{_COUNT}'; }}
{"".join(_sample(*log) for log in _LOGS)}echo end""",
    root=True,
    as_root=tuple(f"/usr/bin/tail -n 400 {path}" for _kind, path in _LOGS),
    reduces=Text(
        "日志记录不离开目标：只统计最近 400 条中含时间、用户、事件、结果的条数",
        "records stay on the target: only how many of the last 400 name a time, a user, an event, an outcome",
    ),
)


@dataclass(frozen=True, slots=True)
class LogSample:
    """How many of the last records of a log name what a record must hold.

    ``kind`` is ``audit`` (Linux audit records) or ``auth`` (lines of syslog that sshd, su, sudo, login or PAM wrote;
    any account can write a line that looks so, by logger(1)). ``complete`` are those that name time, user, event and
    outcome all at once, ``complete_with_object`` the object as well. ``with_zone`` name the year and the time zone, too
    (or count seconds since 1970).
    """

    path: str
    kind: str
    records: int
    with_time: int
    with_user: int
    with_event: int
    with_outcome: int
    with_object: int
    complete: int
    complete_with_object: int
    with_zone: int


def parse_samples(text: str) -> tuple[LogSample, ...]:
    """``file|/var/log/auth.log``, ``auth|120|120|80|120|60|40|55|40|120`` → LogSample; none where no such log is."""
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
            if len(counts) != 9:
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
