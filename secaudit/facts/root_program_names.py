"""The part of a probe that lists what root runs: programs of units, of cron, and those that sudo gives."""

# Of a command line its programs and the script after an interpreter, as far as they are absolute paths.
_PROGRAMS = r"""
function take(kind, path) {
  if (path ~ /^\/[^*?$%]*$/ && !((kind, path) in had)) { had[kind, path]; print kind "\t" path }
}
function programs(kind, line,   n, w, i, x, name, start, script) {
  gsub(/[;&|(){}]+/, " & ", line); n = split(line, w, /[ \t]+/); start = 1; script = 0
  for (i = 1; i <= n; i++) {
    x = w[i]; gsub(/["\047\\]/, "", x)
    if (x == "") continue
    if (x ~ /^[;&|(){}]+$/) { start = 1; script = 0; continue }
    if (x ~ /^[0-9]*[<>]/) { if (x ~ /[<>]$/) i++; continue }
    if (start) {
      if (x ~ /^[A-Za-z_][A-Za-z0-9_]*=/ || x ~ /^-/ || x ~ /^[0-9.]+[smhd]?$/) continue
      take(kind, x); name = x; sub(/.*\//, "", name)
      if (name == "flock") { i++; continue }
      if (name ~ /^(then|do|else|if|!|exec|nice|ionice|nohup|setsid|time|timeout|env|command|systemd-cat)$/) continue
      script = (name ~ /^((ba|da|a|k|z|c|tc)?sh|(python|perl|ruby|php|node|lua)[0-9.]*|source|[.])$/); start = 0
    } else if (script && x ~ /^-[a-z]*c$/) { start = 1; script = 0 }
    else if (script && x !~ /^-/) { take(kind, x); script = 0 }
  }
}
"""

# systemd.unit(5): a file in /etc outranks one of the same name in /usr, drop-ins add to it, an empty ExecStart= forgets
# what came before. systemd.service(5): + and ! run as root whatever User= says.
_UNITS = r"""
FNR == 1 {
  name = FILENAME; sub(/\/[^\/]*[.]conf$/, "", name); drop = (name != FILENAME)
  sub(/.*\//, "", name); sub(/[.]d$/, "", name)
  if (!drop) { runs[name] = ""; user[name] = "" }
  if (!(name in user)) user[name] = ""
}
/^[ \t]*(User|DynamicUser)[ \t]*=/ {
  value = $0; sub(/^[^=]*=[ \t]*/, "", value); sub(/[ \t\r]+$/, "", value)
  if (/DynamicUser/) { if (value ~ /^(1|yes|true|on)$/) user[name] = "dynamic" }
  else user[name] = (value == "root" || value == "0") ? "" : value
}
/^[ \t]*Exec[A-Z][A-Za-z]*[ \t]*=/ {
  value = $0; sub(/^[^=]*=[ \t]*/, "", value); key = $0; sub(/^[ \t]*/, "", key); sub(/[ \t]*=.*/, "", key)
  if (value == "") { runs[name] = ""; next }
  mark = value; sub(/[^-@:+!|].*/, "", mark); sub(/^[-@:+!|]+/, "", value)
  runs[name] = runs[name] "\n" ((mark ~ /[+!]/) ? "+" : " ") value
}
END { for (name in runs) if (index(masked, " " name " ") == 0) {
  n = split(runs[name], line, "\n")
  for (l = 2; l <= n; l++) if (user[name] == "" || substr(line[l], 1, 1) == "+") programs(name, substr(line[l], 2))
} }
"""

# crontab(5): five fields or @daily, in /etc a user, then the command; % ends it.
_CRON = r"""
/^[ \t]*(#|$)/ || /^[ \t]*[A-Za-z_][A-Za-z0-9_]*[ \t]*=/ { next }
{ sub(/^[ \t]+/, ""); fields = /^@/ ? 1 : 5; with_user = (FILENAME !~ /\/var\/spool\//)
  for (i = 1; i <= fields; i++) sub(/^[^ \t]+[ \t]+/, "")
  if (with_user) { who = $1; if (who != "root" && who != "0") next; sub(/^[^ \t]+[ \t]+/, "") }
  sub(/%.*/, ""); programs(FILENAME, $0) }
"""

# Whatever a rule names: a path that is no program does no harm here.
_SUDO = r"""
/^[ \t]*(#|$|Defaults|@)/ { next }
{ gsub(/[,=!()]/, " "); n = split($0, w, /[ \t]+/); for (i = 1; i <= n; i++) if (w[i] !~ /\/$/) take("sudo", w[i]) }
"""

NAMES = rf"""masked=' '
set --
for f in /usr/lib/systemd/system/*.service /usr/lib/systemd/system/*.service.d/*.conf /run/systemd/system/*.service \
  /run/systemd/system/*.service.d/*.conf /etc/systemd/system/*.service /etc/systemd/system/*.service.d/*.conf; do
  if [ -f "$f" ]; then set -- "$@" "$f"; elif [ "$f" -ef /dev/null ]; then masked="$masked${{f##*/}} "; fi
done
[ $# -gt 0 ] || set -- /dev/null
names=$(awk -v masked="$masked" '{_PROGRAMS}{_UNITS}' "$@") || exit 1
set -- /dev/null
for f in /etc/crontab /etc/cron.d/*; do [ ! -f "$f" ] || set -- "$@" "$f"; done
for d in /var/spool/cron/ /var/spool/cron/crontabs/ /var/spool/cron/tabs/; do
  [ ! -f "${{d}}root" ] || set -- "$@" "${{d}}root"
done
names="$names
$(awk '{_PROGRAMS}{_CRON}' "$@")" || exit 1
set -- /dev/null
for f in /etc/sudoers /etc/sudoers.d/*; do [ ! -f "$f" ] || set -- "$@" "$f"; done
names="$names
$(awk '{_PROGRAMS}{_SUDO}' "$@")" || exit 1
"""
