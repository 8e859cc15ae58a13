"""The part of probes that reads cron and timers and masks their commands before they leave the target."""

# Kept of a command: names in command position, absolute paths, single-letter and long options without value, shell operators,
# `host:/path`, `host::module` and the host of a URL. Everything else (values, passwords, attached option values) becomes ***.
# A path that stands behind a long option whose name speaks of a secret is masked as well.
MASK = r"""
function plain(w) { return w ~ /^[A-Za-z0-9_][A-Za-z0-9_.+-]*$/ }
function mask(line,   n, w, i, out, word, start, secret) {
  n = split(line, w, /[ \t]+/); out = ""; start = 1; secret = 0
  for (i = 1; i <= n; i++) {
    word = w[i]
    if (word == "") continue
    if (word ~ /^(\|\||\||&&|&|;|>|>>|<|2>|2>&1|\(|\)|\{|\}|>\/dev\/null|2>\/dev\/null|&>\/dev\/null)$/) { out = out " " word; start = (word ~ /^(\|\||\||&&|&|;|\(|\{)$/); secret = 0; continue }
    if (secret) { out = out " ***"; secret = 0; start = 0; continue }
    if (word ~ /^--?[A-Za-z][A-Za-z-]*$/ && (word ~ /^--/ || length(word) == 2)) { out = out " " word; secret = (word ~ /pass|pwd|secret|token|key|cred|auth|user/); start = 0; continue }
    if (word ~ /^\/[A-Za-z0-9_.+*\/-]*;?$/) { out = out " " word; start = (word ~ /;$/); continue }
    if (start && plain(word)) { out = out " " word; start = (word ~ /^(sudo|nice|ionice|nohup|exec|then|do|if|test)$/); continue }
    if (match(word, /^[a-z0-9+]+:\/\//)) { if (word !~ /@/) match(word, /^[a-z0-9+]+:\/\/[A-Za-z0-9.-]+/); out = out " " substr(word, 1, RLENGTH) "***"; start = 0; continue }
    if (word ~ /^([A-Za-z0-9_.-]+@)?[A-Za-z0-9][A-Za-z0-9.-]*:(\/[A-Za-z0-9_.+*\/-]*|:[A-Za-z0-9_.\/-]*)$/) { out = out " " word; start = 0; continue }
    if (word ~ /^[A-Za-z_][A-Za-z0-9_]*=/) { out = out " " substr(word, 1, index(word, "=")) "***"; continue }
    out = out " ***"; start = 0
  }
  return substr(out, 2)
}
"""

# One row a job: kind TAB file TAB user TAB schedule TAB enabled TAB command. `hits` names the texts (their numbers) that the
# unmasked line holds, so that a declared job is found although its line is masked.
_ROWS = r"""
function hits(line,   i, out) { out = ""; for (i = 1; i <= texts; i++) if (index(line, text[i])) out = out "," i; return out == "" ? "-" : substr(out, 2) }
function row(kind, user, schedule, enabled, command) { print kind "\t" FILENAME "\t" user "\t" schedule "\t" enabled "\t" mask(command) "\t" hits(command) }
function cron(line, user, with_user,   n, w, i, s, fields) {
  sub(/^[ \t]+/, "", line)
  if (line == "" || line ~ /^#/ || line ~ /^[A-Za-z_][A-Za-z0-9_]*[ \t]*=/) return
  n = split(line, w, /[ \t]+/); fields = (line ~ /^@/) ? 1 : 5; s = w[1]
  for (i = 2; i <= fields; i++) s = s " " w[i]
  if (s !~ /^(@[a-z]+|[0-9A-Za-z*,\/~ -]+)$/) return
  if (with_user) user = w[fields + 1]
  for (i = 1; i <= fields + with_user; i++) sub(/^[^ \t]+[ \t]*/, "", line)
  if (line != "" && user ~ /^[A-Za-z0-9_.$-]+$/) row("cron", user, s, "yes", line)
}
"""


def quoted(text: str) -> str:
    """The text as one word of sh, whatever it holds."""
    return "'" + text.replace("'", "'\\''") + "'"


def _awk(rules: str, texts: tuple[str, ...]) -> str:
    """An awk call without its files; the texts arrive as arguments, so that awk does not read escapes in them."""
    setup = f'BEGIN {{ texts = {len(texts)}; for (i = 1; i <= texts; i++) {{ text[i] = ARGV[i]; ARGV[i] = "" }} }}'
    words = " ".join(quoted(t) for t in texts)
    return f"awk {quoted(setup + MASK + _ROWS + rules)} {words}".rstrip()


def system_jobs_script(texts: tuple[str, ...] = ()) -> str:
    """Prints the jobs of the system: crontab, cron.d, cron.hourly …, timers. Only regular files: a FIFO would block."""
    system = _awk('{ cron($0, "", 1) }', texts)
    timers = _awk(
        r"""
FNR == 1 { flush() ; name = FILENAME; sub(/.*\//, "", name) }
function flush() { if (name != "" && (exec != "" || schedule != "")) { print "unit\t" name "\t" user "\t" schedule "\t-\t" mask(exec) "\t" hits(name " " exec) } ; exec = ""; schedule = ""; user = "root" }
/^[ \t]*(OnCalendar|OnBootSec|OnUnitActiveSec|OnActiveSec|OnStartupSec|OnUnitInactiveSec)[ \t]*=/ { v = $0; sub(/^[ \t]*/, "", v); if (v ~ /^[A-Za-z]+[ \t]*=[0-9A-Za-z*:.,\/~ -]*$/) schedule = (schedule == "" ? "" : schedule "; ") v }
/^[ \t]*Unit[ \t]*=/ { v = $0; sub(/^[^=]*=[ \t]*/, "", v); if (v ~ /^[A-Za-z0-9_@.:-]+$/) print "runs\t" name "\t" v "\t-\t-\t-\t-" }
/^[ \t]*User[ \t]*=/ { v = $0; sub(/^[^=]*=[ \t]*/, "", v); if (v ~ /^[A-Za-z0-9_.-]+$/) user = v }
/^[ \t]*ExecStart[ \t]*=/ { v = $0; sub(/^[^=]*=[ \t]*[-@:+!]*/, "", v); exec = (exec == "" ? "" : exec " ; ") v }
END { flush() }""",
        texts,
    )
    scripts = _awk(
        '!/^[ \\t]*#/ { h = hits($0); if (h != "-") print "script\\t" FILENAME "\\t-\\t-\\t-\\t-\\t" h }',
        texts,
    )
    inside = f'    {scripts} "$f"\n' if texts else ""
    return f"""set --
for f in /etc/crontab /etc/cron.d/*; do [ -f "$f" ] && set -- "$@" "$f"; done
[ $# -eq 0 ] || {system} "$@" || exit 1
for f in /etc/cron.hourly/* /etc/cron.daily/* /etc/cron.weekly/* /etc/cron.monthly/*; do
  if [ -f "$f" ]; then
    e=no; [ -x "$f" ] && e=yes
    d=${{f%/*}}; printf 'periodic\\t%s\\troot\\t@%s\\t%s\\t%s\\t-\\n' "$f" "${{d#/etc/cron.}}" "$e" "$f"
{inside}  fi
done
set --
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
[ $# -eq 0 ] || {timers} "$@" || exit 1
for l in /etc/systemd/system/*.wants/*.timer /run/systemd/system/*.wants/*.timer /usr/lib/systemd/system/*.wants/*.timer; do
  u=${{l##*/}}
  if [ -f "$l" ] && [ ! /dev/null -ef "/etc/systemd/system/$u" ]; then printf 'enabled\\t%s\\t-\\t-\\t-\\t-\\t-\\n' "$u"; fi
done
echo end"""


def user_jobs_script(texts: tuple[str, ...] = ()) -> str:
    """Prints the jobs of users' own crontabs (Debian, Red Hat and SUSE keep them in different places)."""
    rules = '{ u = FILENAME; sub(/.*\\//, "", u); cron($0, u, 0) }'
    return f"""set --
for f in /var/spool/cron/crontabs/* /var/spool/cron/tabs/* /var/spool/cron/*; do [ -f "$f" ] && set -- "$@" "$f"; done
[ $# -eq 0 ] || {_awk(rules, texts)} "$@" || exit 1
echo end"""


REDUCES = (
    "commands keep program names, paths, options without value, operators and remote hosts; every other word, every value "
    "and all environment lines are replaced by *** or dropped by awk on the target"
)
