"""The part of probes that reads cron and timers and masks their commands before they leave the target."""

from secaudit.facts.root_files import EACH_LINE, IF_WHOLE, listed, reading
from secaudit.model.text import Text

# Kept of a command: names in command position, absolute paths, options of one letter and long ones without value,
# shell operators, `host:/path`, `host::module`, the host of a URL. Everything else (values, passwords, values attached
# to an option) becomes ***; so does whatever follows an option whose name speaks of a secret.
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
  out = ""; line = acting(line)
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
function acting(line,   out, part, operator) {
  sub(/(^|[ \t])#.*/, "", line); out = ""
  while (line != "") {
    operator = ""; part = line
    if (match(line, /[;&|]+/)) { part = substr(line, 1, RSTART - 1); operator = substr(line, RSTART, RLENGTH) }
    line = substr(line, length(part) + length(operator) + 1)
    out = out (idle(part) ? "" : part) operator
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
function cron(line, user, with_user,   n, w, i, s, fields) {
  sub(/^[ \t]+/, "", line)
  if (line == "" || line ~ /^#/ || line ~ /^[A-Za-z_][A-Za-z0-9_]*[ \t]*=/) return
  n = split(line, w, /[ \t]+/); fields = (line ~ /^@/) ? 1 : 5; s = w[1]
  for (i = 2; i <= fields; i++) s = s " " w[i]
  if (s !~ /^(@[a-z]+|[0-9A-Za-z*,\/~ -]+)$/) return
  if (with_user) user = w[fields + 1]
  for (i = 1; i <= fields + with_user; i++) sub(/^[^ \t]+[ \t]*/, "", line)
  if (line != "" && user ~ /^[A-Za-z0-9_.$-]+$/)
    print "cron\t" file "\t" user "\t" s "\tyes\t" mask(line) "\t" hits(line)
}
"""

_TIMERS = r"""
function flush() {
  if (name != "" && (exec != "" || schedule != ""))
    print "unit\t" name "\t" user "\t" schedule "\t-\t" mask(exec) "\t" hits(name ";" exec)
  exec = ""; schedule = ""; user = "root"
}
function value(line) { sub(/^[^=]*=[ \t]*/, "", line); return line }
FNR == 1 { flush(); name = FILENAME; sub(/.*\//, "", name) }
/^On[A-Za-z]+[ \t]*=[0-9A-Za-z*:.,\/~ -]*$/ { schedule = (schedule == "" ? "" : schedule "; ") $0 }
/^Unit[ \t]*=[ \t]*[A-Za-z0-9_@.:-]+$/ { print "runs\t" name "\t" value($0) "\t-\t-\t-\t-" }
/^User[ \t]*=[ \t]*[A-Za-z0-9_.-]+$/ { user = value($0) }
/^ExecStart[ \t]*=/ { v = value($0); sub(/^[-@:+!]*/, "", v); exec = (exec == "" ? "" : exec " ; ") v }
END { flush() }
"""


_TABLES = ("/etc/crontab", "/etc/cron.d")
_PERIODS = ("hourly", "daily", "weekly", "monthly")
# Alpine has its own folder; crond of busybox runs it by the table of root.
_PERIODIC = tuple(f"/etc/{place}{period}" for place in ("cron.", "periodic/") for period in _PERIODS)
_USERS = "/var/spool/cron"
_LIST = f"ls -lL {' '.join(_PERIODIC)}"


def quoted(text: str) -> str:
    """The text as one word of sh, whatever it holds."""
    return "'" + text.replace("'", "'\\''") + "'"


def _awk(rules: str, texts: tuple[str, ...]) -> str:
    """An awk call without its files; the texts arrive as arguments, so that awk does not read escapes in them."""
    setup = f'BEGIN {{ texts = {len(texts)}; for (i = 1; i <= texts; i++) {{ text[i] = ARGV[i]; ARGV[i] = "" }} }}'
    words = " ".join(quoted(t) for t in texts)
    return f"awk {quoted(setup + MASK + ROWS + rules)} {words}".rstrip()


def system_jobs_script(texts: tuple[str, ...] = ()) -> str:
    """Prints the jobs of the system: crontab, cron.d, cron.hourly …, timers. Only regular files: a FIFO would block."""
    marked = r"""file != last { last = file; h = hits(file); if (h != "-") print "script\t" file "\t-\t-\t-\t-\t" h }
      !/^[ \t]*#/ { h = hits($0); if (h != "-") print "script\t" file "\t-\t-\t-\t-\t" h }"""
    direct = r"file !~ /\/(cron\.|periodic\/)(hourly|daily|weekly|monthly)\/[^.\/][^\/]*$/ { next }"
    look_inside = (
        f"{reading(*_PERIODIC)} | {_awk(EACH_LINE + direct + marked + IF_WHOLE, texts)} || exit 1\n"
        if texts
        else ""
    )
    tables = EACH_LINE + r"""file !~ /\/etc\/(crontab|cron\.d\/[^.\/][^\/]*)$/ { next } { cron($0, "", 1) }"""
    return rf"""{reading(*_TABLES)} | {_awk(tables + IF_WHOLE, texts)} || exit 1
root {_LIST} | awk '
/^\/.*:$/ {{ folder = substr($0, 1, length($0) - 1); next }}
/^-/ {{
  runs = (substr($1, 4, 1) substr($1, 7, 1) substr($1, 10, 1) ~ /[xst]/) ? "yes" : "no"
  path = $0; for (i = 1; i <= 8; i++) sub(/^[^ ]+ +/, "", path); path = folder "/" path
  period = folder; sub(/.*\/(cron\.|periodic\/)/, "", period)
  print "periodic\t" path "\troot\t@" period "\t" runs "\t" path "\t-"
}}' || exit 1
{look_inside}set --
for d in /usr/lib/systemd/system /lib/systemd/system /run/systemd/system /etc/systemd/system; do
  [ -d "$d" ] && [ ! -L "${{d%/systemd/system}}" ] || continue
  for t in "$d"/*.timer; do [ -f "$t" ] && set -- "$@" "$t"; done
done
for t in "$@"; do
  b=${{t##*/}}
  for d in /usr/lib/systemd/system /lib/systemd/system /run/systemd/system /etc/systemd/system; do
    s=$d/${{b%.timer}}.service; [ -f "$s" ] && set -- "$@" "$s"
  done
done
[ $# -eq 0 ] || {_awk(_TIMERS, texts)} "$@" || exit 1
for l in /etc/systemd/system/*.wants/*.timer /run/systemd/system/*.wants/*.timer \
  /usr/lib/systemd/system/*.wants/*.timer /lib/systemd/system/*.wants/*.timer; do
  u=${{l##*/}}
  if [ -f "$l" ] && [ ! "/etc/systemd/system/$u" -ef /dev/null ]; then
    printf 'enabled\t%s\t-\t-\t-\t-\t-\n' "$u"
  fi
done
echo end"""


def user_jobs_script(texts: tuple[str, ...] = ()) -> str:
    """Prints the jobs of users' own crontabs (Debian, Red Hat and SUSE keep them in different places)."""
    rules = (
        EACH_LINE
        + r"""{ user = file; sub(/.*\/var\/spool\/cron\//, "", user); sub(/^(crontabs|tabs)\//, "", user) }
user !~ /^[.]|\// { cron($0, user, 0) }"""
    )
    return f"""{reading(_USERS)} | {_awk(rules + IF_WHOLE, texts)} || exit 1
echo end"""


def system_jobs_as_root(texts: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The commands that ``system_jobs_script`` needs root for."""
    return (listed(*_TABLES), f"/usr/bin/{_LIST}", *([listed(*_PERIODIC)] if texts else []))


USER_JOBS_AS_ROOT = (listed(_USERS),)

REDUCES = Text(
    "命令行只保留程序名、路径、不带值的选项、运算符和远端主机；"
    "其余词、全部取值在目标上用 awk 替换为 ***，环境变量行全部舍去",
    "commands keep program names, paths, options without value, operators and remote hosts; every other word, every"
    " value and all environment lines are replaced by *** or dropped by awk on the target",
)
