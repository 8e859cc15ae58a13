"""The part of probes that reads cron and timers and masks their commands before they leave the target."""

from secaudit.facts.job_programs import ANSWERED, PROGRAMS
from secaudit.facts.root_files import EACH_LINE, IF_WHOLE, listed, reading
from secaudit.facts.timer_script import TIMERS, timers_script
from secaudit.model.text import Text

# Kept of a command: names in command position, absolute paths, options of one letter and long ones without value,
# shell operators, paths that a scan leaves out, `host:/path`, `host::module`, the host of a URL. Everything else
# (values, passwords, values attached to an option) becomes ***; so does whatever follows an option whose name speaks of
# a secret.
MASK = r"""
function mask(line,   n, w, i, out) {
  n = split(line, w, /[ \t]+/); out = ""; start = 1; secret = 0
  for (i = 1; i <= n; i++) if (w[i] != "") out = out " " word(w[i])
  return substr(out, 2)
}
function word(w) {
  if (w ~ /^(\|\||\||&&|&|;|\(|\)|\{|\})$/) { start = 1; secret = 0; return w }
  if (w ~ /^(>|>>|<|2>|2>&1|&>|[12&]?>\/dev\/null)$/) { secret = 0; return w }
  if (secret) { secret = 0; return "***" }
  if (w ~ /^--[A-Za-z][A-Za-z-]*$/ || w ~ /^-[A-Za-z]$/) {
    start = 0; secret = (w ~ /pass|pwd|secret|token|key|cred|auth|user/); return w
  }
  if (w ~ /^--(exclude|exclude-dir)=[\^.\/*][\^\/A-Za-z0-9_.$*-]*$/ || w ~ /^--recursive=[a-z]+$/) return w
  if (w ~ /^\/[A-Za-z0-9_.+*\/-]*;?$/) { start = (w ~ /;$/); return w }
  if (start && w ~ /^[A-Za-z0-9_][A-Za-z0-9_.+-]*$/) {
    start = (w ~ /^(sudo|nice|ionice|nohup|exec|then|do|if)$/); return w
  }
  if (w ~ /^[A-Za-z_][A-Za-z0-9_]*=/) {
    if (w ~ /["'\\]/) start = 0
    return substr(w, 1, index(w, "=")) "***"
  }
  start = 0
  if (match(w, /^[a-z0-9+]+:\/\//)) {
    if (w !~ /@/) match(w, /^[a-z0-9+]+:\/\/[A-Za-z0-9.-]+/)
    return substr(w, 1, RLENGTH) "***"
  }
  if (w ~ /^([A-Za-z0-9_.-]+@)?[A-Za-z0-9][A-Za-z0-9.-]*:(\/[A-Za-z0-9_.*\/-]*|:[A-Za-z0-9_.\/-]*)$/) return w
  return "***"
}
"""

# One row a job: kind, file, user, schedule, enabled, command, hits, with tabs between. `hits` names the texts (by
# number) that the unmasked line holds, so that a declared job is found although its line is masked: as whole words
# (db-backup is neither dpkg-db-backup nor db-backup2, 10.1.1.2 is not 10.1.1.20), behind a path and before the ending
# of a script or unit, not in a comment nor among the words of a command that does nothing (true, echo, a test).
ROWS = r"""
function hits(line,   i, out) {
  out = ""
  for (i = 1; i <= texts; i++) if (holds(line, text[i])) out = out "," i
  return out == "" ? "-" : substr(out, 2)
}
function holds(line, t,   p, at, before, after) {
  at = 0
  while ((p = index(substr(line, at + 1), t)) > 0) {
    at += p; before = at > 1 ? substr(line, at - 1, 1) : " "; after = substr(line, at + length(t))
    sub(/^\.(sh|bash|ksh|py|pl|rb|timer|service)/, "", after)
    if ((t !~ /^[A-Za-z0-9_]/ || before !~ /[A-Za-z0-9_.-]/) &&
        (t !~ /[A-Za-z0-9_]$/ || after !~ /^[A-Za-z0-9_.-]/)) return 1
  }
  return 0
}
function acting(line, whole,   out, part, operator, found) {
  sub(/(^|[ \t])#.*/, "", line); out = ""
  while (line != "") {
    operator = ""; part = line
    if (match(line, /[;&|]+/)) { part = substr(line, 1, RSTART - 1); operator = substr(line, RSTART, RLENGTH) }
    line = substr(line, length(part) + length(operator) + 1)
    found = whole ? "" : absent(part); if (found == "closed") closed = 1
    out = out (idle(part) || found != "" ? "" : part) operator
  }
  return out
}
function idle(part) {
  sub(/^[ \t({!]+/, "", part)
  while (part ~ /^(then|do|else|if|elif|while|[A-Za-z_][A-Za-z0-9_]*=[^ \t"'`$(]*)[ \t]/)
    sub(/^[^ \t]+[ \t]+/, "", part)
  sub(/[ \t].*/, "", part); sub(/.*\//, "", part)
  return part ~ /^(true|false|:|echo|printf|logger|exit|return|test|\[|\[\[)$/
}
function job(head, line, shown,   alive, h, r, lost) {
  closed = 0; alive = dead ? "" : acting(line, 0); h = hits(acting(line, 1)); r = hits(alive)
  gsub(/(^|[;&|])[ \t({]*cd[ \t][^;&|]*/, "", alive)
  lost = closed ? "closed" : "no"
  if (r != "-" || h == r) print(head (alive ~ /[^ \t;&|(){}]/ ? "yes" : lost) shown "\t" r)
  if (h != r) print(head lost shown "\t" h)
}
function cron(line, user, with_user,   n, w, i, s, fields) {
  if (file != table) { table = file; folders = FOLDERS; dead = 0 }
  sub(/^[ \t]+/, "", line)
  if (line == "" || line ~ /^#/) return
  if (line ~ /^[A-Za-z_][A-Za-z0-9_]*[ \t]*=/) { environment(line); return }
  n = split(line, w, /[ \t]+/); fields = (line ~ /^@/) ? 1 : 5; s = w[1]
  for (i = 2; i <= fields; i++) s = s " " w[i]
  if (with_user) user = w[fields + 1]
  for (i = 1; i <= fields + with_user; i++) sub(/^[^ \t]+[ \t]*/, "", line)
  if (s !~ /^(@[a-z]+|[0-9A-Za-z*,\/~ -]+)$/ || line == "" || user !~ /^[A-Za-z0-9_][A-Za-z0-9_.$-]*$/) {
    print("bad\t" file "\t-\t-\t-\t-\t-"); return
  }
  users[user] = 1; begin(folders)
  job("cron\t" file "\t" user "\t" s "\t", line, "\t" mask(line))
}
function environment(line,   value) {
  value = line; sub(/^[^=]*=[ \t]*/, "", value); gsub(/^["\047]|["\047]?[ \t\r]*$/, "", value)
  if (line ~ /^PATH[ \t]*=/) folders = value
  if (line ~ /^SHELL[ \t]*=/) dead = (value ~ /\/(false|true|nologin)$/ || looked(value, 1) == "gone")
}
function tables_read(   f, u) {
  for (f in bytes) print("bytes\t" f "\t-\t-\t-\t" bytes[f] "\t-")
  for (u in users) if (u != "root" && wonder("@" u) == "gone") print("stranger\t" u "\t-\t-\t-\t-\t-")
}
"""

# What a script in such a folder does: nothing behind an ``exit`` of all, nor where its program is gone.
_SCRIPTS = r"""
function nested(line,   n, part, i, first) {
  n = split(line, part, /[;&|]+/)
  for (i = 1; i <= n; i++) {
    sub(/^[ \t]*(then|do|else)[ \t]+/, "", part[i]); split(part[i], first, /[ \t]+/)
    first[1] = (first[1] == "") ? first[2] : first[1]
    if (first[1] ~ /^(if|case|for|while|until|select)$/ || part[i] ~ /[{(][ \t]*$/) depth++
    if (first[1] ~ /^(fi|esac|done|[})])$/ && depth) depth--
  }
}
file != last { last = file; named = over = depth = 0; begin("") }
/^[ \t]*(#|$)/ || over { next }
{ nested($0) }
!depth && /^exit([ \t]+[0-9]+)?[ \t]*;?[ \t]*$/ { over = 1; next }
{ closed = 0; alive = acting($0, 0); h = hits(closed ? acting($0, 1) : alive)
  if (h != "-") print("script\t" file "\t-\t-\t-\t-\t" h)
  if (!named++ && (h = hits(file)) != "-") print("script\t" file "\t-\t-\t-\t-\t" h) }
"""
_START = (
    ANSWERED
    + """folders=; [ ! -f /etc/debian_version ] || folders=/usr/bin:/bin
"""
)
# of tables and scripts: more than ten thousand jobs
MOST_BYTES = 1_048_576
ANACRON = "/usr/sbin/anacron"
_TABLES = ("/etc/crontab", "/etc/cron.d")
_PERIODS = ("hourly", "daily", "weekly", "monthly")
# Alpine has its own folder; crond of busybox runs it by the table of root.
_PERIODIC = tuple(f"/etc/{place}{period}" for place in ("cron.", "periodic/") for period in _PERIODS)
_USERS = "/var/spool/cron"
_LIST = f"ls -lL {' '.join((*_TABLES, ANACRON, *_PERIODIC))}"
_USERS_LIST = f"ls -lL {_USERS} {_USERS}/crontabs {_USERS}/tabs"


def quoted(text: str) -> str:
    """The text as one word of sh, whatever it holds."""
    return "'" + text.replace("'", "'\\''") + "'"


def _awk(rules: str, texts: tuple[str, ...], mode: str) -> str:
    """An awk call without its files; the texts arrive as arguments, so that awk does not read escapes in them."""
    setup = f"""BEGIN {{
  asking = (ARGV[1] == "ask"); learn(ARGV[2]); FOLDERS = ARGV[3]; texts = {len(texts)}
  for (i = 1; i <= texts + 3; i++) {{ if (i > 3) text[i - 3] = ARGV[i]; ARGV[i] = "" }}
}}
"""
    words = " ".join(quoted(t) for t in texts)
    return f'awk {quoted(setup + MASK + PROGRAMS + ROWS + rules)} {mode} "$folders" {words}'.rstrip()


def _rows(read: str, rules: str, texts: tuple[str, ...]) -> str:
    """Prints the rows of what ``read`` prints, in two passes: what the commands call is looked for between them.

    A shell holds no more than is ever told of: what is cut off has no end, and is no answer.
    """
    return f"""t=$({read} | head -c {MOST_BYTES})
a=$(printf '%s\\n' "$t" | {_awk(rules, texts, "ask ''")}) || {{ printf '%s\\n' "$a"; exit 1; }}
if asked; then printf '%s\\n' "$t" | {_awk(rules, texts, 'tell "$b"')} || exit 1
elif [ -n "$a" ]; then printf '%s\\n' "$a"; fi"""


def system_jobs_script(texts: tuple[str, ...] = ()) -> str:
    """Prints the jobs of the system: crontab, cron.d, cron.hourly …, timers. Only regular files: a FIFO would block."""
    direct = r"file !~ /\/(cron\.|periodic\/)(hourly|daily|weekly|monthly)\/[^.\/][^\/]*$/ { next }"
    look_inside = (
        _rows(reading(*_PERIODIC), EACH_LINE + direct + _SCRIPTS + IF_WHOLE, texts) + "\n" if texts else ""
    )
    tables = (
        EACH_LINE
        + r"""file !~ /\/etc\/(crontab|cron\.d\/[^.\/][^\/]*)$/ { next }
{ bytes[file] += length($0) + 1; cron($0, "", 1) }
END { tables_read() }
"""
    )
    return rf"""{_START}{_rows(reading(*_TABLES), tables + IF_WHOLE, texts)}
root {_LIST} | awk '
/^\/.*:$/ {{ folder = substr($0, 1, length($0) - 1) "/"; next }}
/^-/ {{
  runs = (substr($1, 4, 1) substr($1, 7, 1) substr($1, 10, 1) ~ /[xst]/) ? "yes" : "no"
  path = $0; for (i = 1; i <= 8; i++) sub(/^[^ ]+ +/, "", path); path = folder path
  if (folder !~ /(hourly|daily|weekly|monthly)/) {{
    print "table\t" path "\t" $3 "\t-\t" $1 "\t" $2 " " $5 "\t-"; next
  }}
  period = folder; sub(/.*\/(cron\.|periodic\/)/, "", period); sub(/\/$/, "", period)
  print "periodic\t" path "\troot\t@" period "\t" runs "\t" path "\t-"
}}' || exit 1
{look_inside}{timers_script(_awk(TIMERS, texts, "ask ''"), _awk(TIMERS, texts, 'tell "$b"'))}
echo end"""


def user_jobs_script(texts: tuple[str, ...] = ()) -> str:
    """Prints the jobs of users' own crontabs (Debian, Red Hat and SUSE keep them in different places)."""
    rules = (
        EACH_LINE
        + r"""{ user = file; sub(/.*\/var\/spool\/cron\//, "", user); sub(/^(crontabs|tabs)\//, "", user) }
user !~ /^[.]|\// { bytes[file] += length($0) + 1; cron($0, user, 0) }
END { tables_read() }
"""
    )
    return rf"""{_START}{_rows(reading(_USERS), rules + IF_WHOLE, texts)}
root {_USERS_LIST} | awk '
/^\/.*:$/ {{ folder = substr($0, 1, length($0) - 1) "/"; next }}
/^-/ {{
  path = $0; for (i = 1; i <= 8; i++) sub(/^[^ ]+ +/, "", path)
  print "table\t" folder path "\t" $3 "\t-\t" $1 "\t" $2 " " $5 "\t-"
}}' || exit 1
echo end"""


def system_jobs_as_root(texts: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The commands that ``system_jobs_script`` needs root for."""
    return (listed(*_TABLES), f"/usr/bin/{_LIST}", *([listed(*_PERIODIC)] if texts else []))


USER_JOBS_AS_ROOT = (listed(_USERS), f"/usr/bin/{_USERS_LIST}")

REDUCES = Text(
    "命令行只保留程序名、路径、不带值的选项、运算符和远端主机；"
    "其余词、全部取值在目标上用 awk 替换为 ***，环境变量行全部舍去",
    "commands keep program names, paths, options without value, operators and remote hosts; every other word, every"
    " value and all environment lines are replaced by *** or dropped by awk on the target",
)
