"""The part of probes that reads timers and what they start: systemd.unit(5), systemd.timer(5)."""

# Of several files of one name the first counts; one that is empty or a link to /dev/null masks the unit.
_PLACES = (
    "/etc/systemd/system /run/systemd/system /usr/local/lib/systemd/system /usr/lib/systemd/system"
    " /lib/systemd/system"
)
_LOWEST_FIRST = " ".join(reversed(_PLACES.split()))

# In awk, one row a unit; drop-ins follow their unit, and an empty value takes back what stood before.
TIMERS = r"""
function flush() {
  if (name != "" && (exec != "" || schedule != "")) {
    begin("/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"); dead = 0
    if (exec == "") print("unit\t" name "\t" user "\t" schedule "\t-\t\t" hits(acting(name, 1)))
    else job("unit\t" name "\t" user "\t" schedule "\t", name ";" exec, "\t" mask(exec))
  }
  exec = ""; schedule = ""; user = "root"
}
function value(line) { sub(/^[^=]*=[ \t]*/, "", line); return line }
function unit_of(path) {
  if (path ~ /\.d\/[^\/]*$/) sub(/\.d\/[^\/]*$/, "", path)
  sub(/.*\//, "", path); return path
}
FNR == 1 { held = ""; if (unit_of(FILENAME) != name) { flush(); name = unit_of(FILENAME) } }
/^[ \t]*[#;]/ { next }
{ sub(/\r$/, ""); $0 = held $0; held = "" }
/\\$/ { held = substr($0, 1, length($0) - 1) " "; next }
/^On[A-Za-z]+[ \t]*=[ \t]*$/ { schedule = ""; next }
/^On[A-Za-z]+[ \t]*=[0-9A-Za-z*:.,\/~ -]*$/ { schedule = (schedule == "" ? "" : schedule "; ") $0 }
/^Unit[ \t]*=[ \t]*[A-Za-z0-9_@.:-]+$/ { print("runs\t" name "\t" value($0) "\t-\t-\t-\t-") }
/^User[ \t]*=[ \t]*[A-Za-z0-9_.-]+$/ { user = value($0) }
/^ExecStart[ \t]*=[ \t]*$/ { exec = "" }
/^ExecStart[ \t]*=[ \t]*[^ \t]/ { v = value($0); sub(/^[-@:+!|]*/, "", v); exec = (exec == "" ? "" : exec " ; ") v }
END { flush() }
"""


def timers_script(ask: str, tell: str) -> str:
    """Prints timers, the units that they start, which are masked and which are enabled.

    ``ask`` and ``tell`` are calls of awk without its files; the second is given what is answered to the first.
    """
    return rf"""set --
for d in {_LOWEST_FIRST}; do
  [ -d "$d" ] && [ ! -L "${{d%/systemd/system}}" ] || continue
  for t in "$d"/*.timer; do [ -f "$t" ] && set -- "$@" "$t"; done
done
units=$(
  for t in "$@"; do u=${{t##*/}}; printf '%s\n' "$u" "${{u%.timer}}.service"; done
  cat /dev/null "$@" | awk '/^Unit[ \t]*=/ {{ sub(/^[^=]*=[ \t]*/, ""); sub(/[ \t\r]*$/, ""); print }}'
)
set -f; set -- $units; set +f
seen=' '; files=
for u in "$@"; do
  case $seen in *" $u "*) continue ;; esac
  seen="$seen$u "
  for d in {_PLACES}; do
    [ -e "$d/$u" ] || continue
    if [ -f "$d/$u" ] && [ -s "$d/$u" ]; then files="$files$d/$u
"
    else printf 'masked\t%s\t-\t-\t-\t-\t-\n' "$u"; break
    fi
    for p in {_LOWEST_FIRST}; do
      for f in "$p/$u.d"/*.conf; do [ ! -f "$f" ] || files="$files$f
"; done
    done
    break
  done
done
set -f; set -- $files; set +f
if [ $# -gt 0 ]; then
  a=$({ask} "$@") || exit 1
  if asked; then {tell} "$@" || exit 1
  elif [ -n "$a" ]; then printf '%s\n' "$a"; fi
fi
for l in /etc/systemd/system/*.wants/*.timer /run/systemd/system/*.wants/*.timer \
  /usr/lib/systemd/system/*.wants/*.timer /lib/systemd/system/*.wants/*.timer; do
  if [ -f "$l" ]; then printf 'enabled\t%s\t-\t-\t-\t-\t-\n' "${{l##*/}}"; fi
done"""
