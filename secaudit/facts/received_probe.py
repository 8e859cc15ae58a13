"""Where a log server keeps the records of each sender, and since when."""

from secaudit.model.evidence import Probe
from secaudit.model.text import Text

_PLACES = "/etc/rsyslog.conf /etc/rsyslog.d/*.conf /etc/syslog-ng/syslog-ng.conf /etc/syslog-ng/conf.d/*.conf"

# /srv/%FROMHOST-IP:::secpath-replace%/%PROGRAMNAME%.log → /srv/@/*.log: @ is the sender, * whatever else differs.
# A pattern whose sender does not stand alone or before a fixed ending is not told from a name: "?".
_PATTERNS = r"""
function pattern(s,  name, at, seen, out) {
  out = ""; seen = 0
  while (match(s, /%[^%]*%|[$][{][A-Za-z_.]+[}]|[$][A-Z_]+/)) {
    name = tolower(substr(s, RSTART, RLENGTH)); at = (name ~ /^%(hostname|fromhost|fromhost-ip)[:%]/)
    at = at || (name ~ /^[$][{]?(host|fullhost|host_from|fullhost_from|sourceip)[}]?$/)
    out = out substr(s, 1, RSTART - 1) ((at && !seen) ? "@" : "*"); seen = seen || at; s = substr(s, RSTART + RLENGTH)
  }
  out = out s; gsub(/[*]+/, "*", out)
  if (!seen) return ""
  if (out ~ /[^A-Za-z0-9_.\/*@+:-]/ || out ~ /^\/[^\/]*[@*]/ || out !~ /\/@([A-Za-z0-9_.+-]*$|\/)/) return "?"
  return out
}
{
  sub(/^[ \t]*#.*/, ""); s = $0
  while (match(s, /"\/[^"]*"|[ \t,(?]\/[^ \t";,)]*[%$][^ \t";,)]*/)) {
    one = substr(s, RSTART, RLENGTH); s = substr(s, RSTART + RLENGTH); gsub(/^[" \t,(?]+|"$/, "", one)
    one = pattern(one); if (one != "" && !(one in told)) { told[one] = 1; print one }
  }
  if (tolower($0) ~ /type[ \t]*=[ \t]*"?(list|subtree|plugin)/) print "?"
}"""

# A name of a sender is what stands in its place; the endings that rotation adds are passed over.
_FILES = r"""
BEGIN {
  n = split(place, part, "/"); literal = place; gsub(/[.+]/, "[&]", literal); gsub(/[*]/, "[^/]*", literal)
  sub(/@/, "[^/]+", literal); for (i = 1; i <= n; i++) if (part[i] ~ /@/) { where = i; ending = substr(part[i], 2) }
}
{
  time = $1; size = $2; path = $0; sub(/^[0-9]+ [0-9]+ /, "", path)
  if (path !~ ("^" literal "([.-][^/]*)?$")) next
  split(path, part, "/"); name = part[where]
  if (ending != "") { cut = index(name, ending); if (cut < 2) next; name = substr(name, 1, cut - 1) }
  if (name ~ /[^A-Za-z0-9_.:-]/ || size == 0) next
  files[name]++
  if (!(name in oldest) || time < oldest[name]) oldest[name] = time
  if (time > newest[name] + 0) newest[name] = time
  if (path ~ ("^" literal "$")) current[name] = path
}
END {
  for (name in files)
    print "sender", name, files[name], oldest[name], newest[name], (name in current) ? current[name] : "-"
}"""

RECEIVED = Probe(
    "logs.received",
    f"""set --
for f in {_PLACES}; do [ ! -f "$f" ] || set -- "$@" "$f"; done
[ $# -eq 0 ] || awk '{_PATTERNS}' "$@" | head -n 20 | while IFS= read -r p; do
  if [ "$p" = '?' ]; then echo '?'; continue; fi
  echo "place $p"
  d=${{p%%@*}}; d=${{d%%\\**}}; d=${{d%/*}}
  [ ! -d "$d" ] || find "$d" -xdev -maxdepth 6 -type f -exec stat -c '%Y %s %n' {{}} + 2>/dev/null |
    awk -v place="$p" '{_FILES}' | sort | head -n 5001
done
echo end""",
    root=True,
    timeout_s=20,
    limit_bytes=1_048_576,
    reduces=Text(
        "只取存放位置、来源主机名、文件时间和个数，不取记录",
        "places, names of senders, times and numbers of files; no records",
    ),
)
