"""The sudo rules as they lie in /etc/sudoers and what it takes in; arguments of commands stay on the target."""

from secaudit.facts.root_files import EACH_LINE, IF_WHOLE, listed, reading
from secaudit.model.evidence import Probe
from secaudit.model.text import Text

# sudoers(5): @include, @includedir and their older forms with #; a folder's files with a dot or a final ~ are skipped.
# Prints what is taken in: a file, or a folder with /./ at its end.
_INCLUDES = r"""
$1 == "@include" || $1 == "#include" || $1 == "@includedir" || $1 == "#includedir" {
  p = $2; gsub(/"/, "", p); if (p !~ /^\//) p = "/etc/" p
  print (($1 ~ /dir$/) ? p "/./" : p)
}
"""
# Of the files at the usual place those that are taken in.
_TAKEN_IN = r"""
file != last { last = file; name = file; sub(/.*\//, "", name); folder = substr(file, 1, length(file) - length(name))
  taken = file == "/etc/sudoers" || index(files, " " file " ") ||
    (index(files, " " folder "./ ") && name !~ /[.]|~$/)
  if (taken) print "#= " file }
!taken { next }
"""

# Lines joined; comments dropped (#1000 is a user id, not a comment).
# A colon between spaces begins a part for other hosts.
# Of a command only its path, "..." for arguments, "*" for arguments with a wildcard or as a regular expression.
# Of Defaults only what is judged.
_RULES = r"""
{ sub(/\r$/, ""); line = held $0; held = "" }
line ~ /\\$/ { sub(/\\$/, " ", line); held = line; next }
{ sub(/^[ \t]+/, "", line) }
line ~ /^[#@]include/ { next }
{ sub(/^#[^0-9].*/, "", line); sub(/^#$/, "", line); sub(/[ \t]#([^0-9].*)?$/, "", line) }
line == "" { next }
line ~ /^Defaults/ {
  out = line; sub(/[ \t].*/, "", out); rest = substr(line, length(out) + 1); n = split(rest, part, ",")
  for (i = 1; i <= n; i++) {
    p = part[i]; gsub(/^[ \t]+|[ \t]+$/, "", p); bare = p; sub(/[ \t]*[-+]?=.*/, "", bare)
    if (bare ~ /^!?(authenticate|use_pty|targetpw|rootpw|runaspw|logfile|log_output|requiretty|visiblepw)$/ ||
      bare ~ /^(!?env_reset|setenv|![a-z_]+)$/) print " " out " " bare
    else if (bare ~ /^(timestamp_timeout|secure_path|env_keep|exempt_group)$/) print " " out " " p
  }
  next
}
line ~ /^(User|Runas|Host)_Alias/ { print " " line; next }
{
  at = index(line, "="); if (!at) { print " " line; next }
  gsub(/\\,/, " ", line); head = substr(line, 1, at); rest = substr(line, at + 1); out = ""
  while (match(rest, /\([^)]*\)/)) {
    group = substr(rest, RSTART, RLENGTH); gsub(/[ \t]*,[ \t]*/, "\001", group); gsub(/[ \t]/, "", group)
    gsub(/[()]/, "", group)
    rest = substr(rest, 1, RSTART - 1) " \002" group "\003 " substr(rest, RSTART + RLENGTH)
  }
  n = split(rest, part, ","); hosts = 0
  for (i = 1; i <= n; i++) {
    m = split(part[i], word, /[ \t]+/); piece = ""; path = 0; more = 0; wild = 0
    for (j = 1; j <= m; j++) {
      w = word[j]; if (w == "") continue
      if (w == ":") {
        piece = piece (wild ? " *" : more ? " ..." : "") " :"; path = more = wild = 0; hosts = 1; continue }
      if (hosts && (equals = index(w, "="))) {
        piece = piece " " substr(w, 1, equals); hosts = 0; w = substr(w, equals + 1); if (w == "") continue }
      if (w == "=" || hosts) { piece = piece " " w; continue }
      if (path) { if (w ~ /[*?[]/ || (!more && w ~ /^\^/)) wild = 1; more = 1; continue }
      piece = piece " " w
      if (w ~ /^!*(\/|\^|sudoedit$|list$)/ || w ~ /^!*[A-Z][A-Z0-9_]*$/) path = 1
    }
    out = out (i > 1 ? "," : "") piece (wild ? " *" : more ? " ..." : "")
  }
  gsub(/\001/, ",", out); gsub(/\002/, "(", out); gsub(/\003/, ")", out)
  print " " head out
}"""

_USUAL = ("/etc/sudoers", "/etc/sudoers.d")

# What is taken in from elsewhere is read as the user: without root it can be neither read nor looked for.
SUDOERS = Probe(
    "sudo.rules",
    f"""if [ ! -e /etc/sudoers ]; then echo '#absent'; else
files=$({reading(*_USUAL)} | awk '{EACH_LINE}{_INCLUDES}{IF_WHOLE}') || exit 1
set --
for f in $files; do
  case "$f" in
  /etc/sudoers.d/*) ;;
  */./) [ -r /etc/sudoers ] || exit 1; for g in "$f"*; do
    case "$g" in */./*.*|*~) ;; *) [ ! -f "$g" ] || set -- "$@" "$g" ;; esac; done ;;
  *) [ -r /etc/sudoers ] || exit 1; [ ! -f "$f" ] || set -- "$@" "$f" ;;
  esac
done
{reading(*_USUAL)} | sort -s -t : -k 1,1 | awk -v files=" $(echo $files) " '{EACH_LINE}{_TAKEN_IN}{_RULES}
{IF_WHOLE}' || exit 1
[ $# -eq 0 ] || awk 'FNR == 1 {{ print "#= " FILENAME }}{_RULES}' "$@"
fi""",
    root=True,
    as_root=(listed(*_USUAL),),
    reduces=Text(
        "舍去注释，命令参数只输出为“...”或“*”，Defaults 只输出参与判定的项",
        "comments are dropped, arguments of commands are printed as '...' or '*', of Defaults only what is judged",
    ),
)

HOST_NAME = Probe("sudo.host", "cat /proc/sys/kernel/hostname")
