"""The question where logs are sent: only what forwards records is printed, with the selector that it stands under."""

from secaudit.facts.config_files import print_files
from secaudit.facts.daemons import running_daemons
from secaudit.model.evidence import Probe
from secaudit.model.text import Text

DAEMONS = (
    *("rsyslogd", "syslog-ng", "syslogd", "systemd-journal", "auditd", "audisp-remote"),
    *("filebeat", "fluent-bit", "vector", "nxlog"),
)

# rsyslog.conf(5). A selector that is not told plainly (if, a property filter, a block, another ruleset, an action for
# when another fails) is "?". Words of rsyslog are the same in small and in capital letters.
_RSYSLOG = r"""
function value(text, name,  v) {
  if (!match(tolower(text), name "[ \t]*=[ \t]*\"?[^ \t\")]+")) return ""
  v = substr(text, RSTART, RLENGTH); sub(/^[^=]*=[ \t]*"?/, "", v); return v
}
function flush(  low, file) {
  low = tolower(held)
  if (low ~ /execonly(whenpreviousissuspended[ \t]*=[ \t]*"?on|everynthtime)/) under = "?"
  if (low ~ /type[ \t]*=[ \t]*"?(omfwd|omrelp|omelasticsearch|omkafka|omhttp)/)
    print " action selector=" under " type=" tolower(value(held, "type")) \
      " target=" (value(held, "[ \t(]target") value(held, "[ \t(]server")) " template=" value(held, "[ \t(]template") \
      " port=" value(held, "[ \t(]port") " protocol=" value(held, "protocol") \
      " tls=" ((low ~ /streamdrivermode[ \t]*=[ \t]*"?1|[ \t(]tls[ \t]*=[ \t]*"?on/) ? "yes" : "no") \
      " queue=" ((low ~ /queue[.]filename[ \t]*=/) ? "yes" : "no")
  if (low ~ /type[ \t]*=[ \t]*"?omfile/) {
    file = value(held, "[ \t(]file"); print " keeps " under " " (file == "" ? "?" : file) }
  held = ""
}
function selector(before) {
  sub(/[ \t]+$/, "", before)
  if (depth > 0 || then || ruleset || suspended) return "?"
  return (before == "") ? "all" : (before ~ /^[a-zA-Z0-9*,;.!=]+$/ && before ~ /[.]/) ? before : "?"
}
function harmless(filter) {
  if (filter !~ /^:(programname|syslogtag),[ \t]*(isequal|startswith),/ &&
    (filter !~ /^if[ \t]+\(?\$programname[ \t]*(==|startswith)[ \t]*["\047][^"\047]*["\047]\)?[ \t]*then/ ||
      filter !~ /["\047]\)?[ \t]*then[ \t]*([{][ \t]*)?(stop|~)?[ \t]*[}]?$/)) return 0
  if (!match(filter, /["\047][^"\047]*["\047]/)) return 0
  return tolower(substr(filter, RSTART, RLENGTH)) !~ /s[hu]|log|auth|pam|cron|pass|user|group/
}
function inputs(s, low,  type) {
  if (low ~ /^\$modload[ \t]+imuxsock([. \t]|$)/) print " hears imuxsock"
  if (low ~ /^\$modload[ \t]+imjournal([. \t]|$)/) print " hears imjournal"
  if (low ~ /^module[ \t]*\(.*load[ \t]*=[ \t]*"imuxsock[".]/)
    print " hears " (low ~ /syssock[.]use[ \t]*=[ \t]*"?off/ ? "off" : "imuxsock")
  if (low ~ /^module[ \t]*\(.*load[ \t]*=[ \t]*"imjournal[".]/) print " hears imjournal"
  if (low ~ /^\$omitlocallogging[ \t]+on/) print " hears off"
  if (low ~ /^\$addunixlistensocket[ \t]+\/dev\/log/) print " hears socket"
  if (low ~ /^\$defaultruleset[ \t]/ && low !~ /rsyslog_defaultruleset/) print " hears elsewhere"
  if (low ~ /^\$(udpserverrun|inputp?tcpserverrun|inputrelpserverrun)[ \t]/) print " receives"
  if (low !~ /^input[ \t]*\(/) return
  type = tolower(value(s, "type"))
  if (type ~ /^im(p?tcp|udp|relp|gssapi|3195)$/) print " receives"
  if (type ~ /^im(uxsock|journal)$/ && (type == "imjournal" || low ~ /"\/dev\/log"/))
    print " hears " (low ~ /[ \t(]ruleset[ \t]*=/ ? "elsewhere" : "socket")
}
function settings(s, low,  w) {
  if (low ~ /^\$includeconfig[ \t]/) { split(s, w, /[ \t]+/); print " includes " w[2] }
  if (low ~ /^include[ \t]*\(/) print " includes " (low ~ /[ \t(]text[ \t]*=/ ? "?" : value(s, "file"))
  if (low ~ /^\$template[ \t]/) { split(s, w, /[ \t,]+/); print " template " w[2] }
  if (low ~ /^template[ \t]*\(/) print " template " value(s, "name")
  if (low ~ /^\$actionsendstreamdrivermode[ \t]/) tls = (low ~ /[ \t]1$/) ? "yes" : "no"
  if (low ~ /^\$actionqueuefilename[ \t]/) queue = "yes"
  if (low ~ /^\$actionexeconlywhenpreviousissuspended[ \t]/) suspended = (low ~ /[ \t]on$/)
  if (low ~ /^\$ruleset[ \t]/) ruleset = (low !~ /rsyslog_defaultruleset/)
}
function rsyslog(s,  bare, low, n, w) {
  sub(/^[ \t]+/, "", s); sub(/[ \t\r]+$/, "", s); if (s == "") return
  bare = s; gsub(/"[^"]*"/, "\"\"", bare); gsub(/\047[^\047]*\047/, "", bare); low = tolower(bare)
  if (held != "") { held = held " " s; if (bare ~ /\)/) flush() }
  else {
    if (bare !~ /^&/) { last = s; lastbare = bare }
    inputs(s, tolower(s)); settings(s, tolower(s))
    if (bare ~ /(^|[ \t;{])(stop|~)[ \t;}]*$/ && !harmless(last) && !(depth == 1 && harmless(opened))) {
      split(lastbare, w, /[ \t]+/); print " discards " selector(w[1] == "stop" ? "" : w[1]) }
    if (match(low, /action[ \t]*\(/)) {
      under = selector(substr(bare, 1, RSTART - 1)); held = s; if (bare ~ /\)/) flush() }
    else if (bare ~ /(^|[ \t;])@@?[\[(a-zA-Z0-9]/) {
      n = split(s, w, /[ \t]+/); print " legacy " (n == 2 ? selector(w[1]) : "?") " " w[n] \
        " " (tls == "" ? "no" : tls) " " (queue == "" ? "no" : queue); queue = "" }
    else if (bare ~ /^[a-zA-Z0-9*,;.!=]+[ \t]+(:omfile:)?-?[\/?]/) {
      split(s, w, /[ \t]+/); sub(/^(:omfile:)?-?/, "", w[2]); sub(/;.*/, "", w[2])
      print " keeps " selector(w[1]) " " w[2] }
  }
  then = (low ~ /(then|else)$/)
  if (bare ~ /[{}]/) opened = (depth == 0 && bare ~ /[{]$/) ? s : ""
  depth += gsub(/[{]/, "", bare) - gsub(/[}]/, "", bare); if (depth < 0) depth = 0
}"""

# syslog-ng.conf(5): destinations, the log paths that name them, and the sources that hold this host's own records.
_SYSLOG_NG = r"""
function names(s, word,  found, one) {
  found = ""
  while (match(s, "(^|[^a-z_])" word "[ \t]*[(][^)]*[)]")) {
    one = substr(s, RSTART, RLENGTH); s = substr(s, RSTART + RLENGTH)
    sub(/^[^(]*[(][ \t"]*/, "", one); sub(/[ \t")]*$/, "", one); found = found (found == "" ? "" : ",") one
  }
  return (found == "") ? "-" : found
}
function drivers(s, name,  found, port, driver, tls, queue) {
  while (match(s, /(network|tcp6?|udp6?|syslog)[ \t]*\([ \t]*("[^"]+"|ip\([^)]*\)|[a-zA-Z0-9.:-]+)/)) {
    found = substr(s, RSTART, RLENGTH); s = substr(s, RSTART + RLENGTH)
    tls = (s ~ /(^|[ \t(])tls[ \t]*\(|transport[ \t]*\([ \t]*"?tls/) ? "yes" : "no"
    queue = (s ~ /disk-buffer[ \t]*\(/) ? "yes" : "no"
    port = match(s, /port[ \t]*\([0-9]+\)/) ? substr(s, RSTART, RLENGTH) : ""
    gsub(/[^0-9]/, "", port); driver = found; sub(/[ \t]*\(.*/, "", driver); sub(/^[^(]*\([ \t]*(ip\()?/, "", found)
    gsub(/[")]/, "", found)
    print " syslog-ng " driver " " found " " (port == "" ? "514" : port) " " name " " tls " " queue
  }
}
function statement(s,  name, bare) {
  sub(/^[ \t;]+/, "", s); name = s; sub(/^[a-z]+[ \t]+/, "", name); sub(/[ \t{].*/, "", name); gsub(/"/, "", name)
  if (s ~ /^destination[ \t]/) drivers(s, name)
  else if (s ~ /^source[ \t]/ && s ~ /(system|unix-dgram|unix-stream|systemd-journal|systemd-syslog)[ \t]*\(/)
    { print " syslog-ng-source " name
      if (s ~ /(network|tcp6?|udp6?|syslog)[ \t]*\(/) print " receives" }
  else if (s ~ /^source[ \t]/ && s ~ /(network|tcp6?|udp6?|syslog)[ \t]*\(/) print " receives"
  else if (s ~ /^log[ \t{]/) {
    drivers(s, "-")
    bare = s; gsub(/"[^"]*"/, "", bare); gsub(/(source|destination)[ \t]*[(][^)]*[)]|[ \t;{}]|^log/, "", bare)
    print " syslog-ng-log " (bare == "" ? "plain" : "other") " " names(s, "source") " " names(s, "destination")
  }
}
function syslog_ng(s,  i, c) {
  if (s ~ /^[ \t]*@/) return
  for (i = 1; i <= length(s); i++) {
    c = substr(s, i, 1); text = text c
    if (quote != "") { if (c == quote) quote = "" } else if (c == "\"" || c == "\047") quote = c
    else if (c == "{") depth++; else if (c == "}") depth--
    else if (c == ";" && depth <= 0) { statement(text); text = ""; depth = 0 }
  }
  text = text " "
}"""

_FORWARDS = (
    _RSYSLOG
    + _SYSLOG_NG
    + r"""
FNR == 1 { flush(); depth = 0; then = 0; opened = ""; comment = 0; joined = ""; text = ""; quote = "" }
{ sub(/^[ \t]*#.*/, ""); sub(/[ \t]#.*/, "") }
FILENAME ~ /\/(systemd|audit|audisp)\/([a-z]+[.a-z]*\/)?[^\/]*$/ {
  if (/^[ \t]*(Storage|ForwardToSyslog|MaxLevelStore|MaxLevelSyslog|MaxRetentionSec)[ \t]*=/ ||
    /^[ \t]*(URL|active|remote_server|port|transport|mode)[ \t]*=/) {
    gsub(/[ \t]+/, ""); if (/^URL=/) sub(/\/\/[^@\/]*@/, "//"); print " " $0 }
  next
}
{ gsub(/\/[*]([^*]|[*][^\/])*[*]\//, "") }
comment { if (!sub(/^.*[*]\//, "")) next; comment = 0 }
/^[ \t]*\/[*]/ { comment = 1; next }
FILENAME ~ /\/conf\.d\/syslog$|\/default\/busybox-syslogd$/ {
  while (match($0, /[ \t"\047=]-R[ \t]*[A-Za-z0-9.:_-]+/)) {
    line = substr($0, RSTART, RLENGTH); $0 = substr($0, RSTART + RLENGTH)
    sub(/^.*-R[ \t]*/, "", line); print " legacy *.* @" line " no no" }
  next
}
FILENAME ~ /\/syslog-ng\// { syslog_ng($0); next }
{ line = joined $0; joined = "" }
line ~ /\\$/ { sub(/\\$/, " ", line); joined = line; next }
length(line) < 4000 && tolower(line) ~ /^[ \t]*(include|module|input|template)[ \t]*\([^)]*$/ {
  joined = line " "; next }
{ rsyslog(line) }
END { flush() }"""
)

# The files that rsyslog is told to take in, wherever they are. Only regular files are read: of a device, nobody would
# see the end.
_INCLUDED = r"""more=
set --
for f in /etc/rsyslog.conf /etc/rsyslog.d/*.conf; do [ ! -f "$f" ] || [ ! -r "$f" ] || set -- "$@" "$f"; done
for f in /etc/rsyslog.d/* $([ $# -eq 0 ] || awk 'tolower($1) == "$includeconfig" { print $2 }
tolower($0) ~ /^[ \t]*include[ \t]*\(/ || open {
  open = ($0 !~ /\)/)
  if (match(tolower($0), /file[ \t]*=[ \t]*"[^"]*"/)) {
    found = substr($0, RSTART, RLENGTH); gsub(/^[^"]*"|"$/, "", found); print found } }
' "$@" 2>/dev/null |
  awk 'NR <= 50 && /^\/[][A-Za-z0-9_.\/*?-]+$/ && !/^\/etc\/rsyslog[.]d\// { sub(/\/$/, "/*"); print }'); do
  [ ! -d "$f" ] || continue
  case $f in *[!A-Za-z0-9_./*?~@+=:%-]*) echo "#? $f" ;; *) more="$more $f" ;; esac
done
"""

LOGGING = Probe(
    "logging.config",
    "echo '#= running'\n" + running_daemons(DAEMONS) + " | sed 's/^/ /'\n"
    # The kernel cuts names of processes at 15 characters, where journald and its uploader are the same.
    "systemctl is-active systemd-journal-upload.service >/dev/null 2>&1 && echo ' journal-upload'\n"
    "for d in /var/log/journal /run/log/journal; do [ ! -d $d ] || { echo \"#= $d\"; echo ' here'; }; done\n"
    "for p in rsyslogd syslog-ng auditd; do\n"
    "  command -v $p >/dev/null 2>&1 && { echo \"#= program $p\"; echo ' here'; }\n"
    "done\n"
    + _INCLUDED
    + print_files(
        "/etc/rsyslog.conf $more /etc/syslog-ng/syslog-ng.conf /etc/syslog-ng/conf.d/*.conf"
        " /usr/lib/systemd/journald.conf /etc/systemd/journald.conf /usr/lib/systemd/journald.conf.d/*.conf"
        " /run/systemd/journald.conf.d/*.conf /etc/systemd/journald.conf.d/*.conf"
        " /etc/systemd/journal-upload.conf /etc/audit/plugins.d/au-remote.conf /etc/audisp/plugins.d/au-remote.conf"
        " /etc/audit/audisp-remote.conf /etc/audisp/audisp-remote.conf /etc/audit/plugins.d/syslog.conf"
        " /etc/audisp/plugins.d/syslog.conf /etc/syslog.conf /etc/conf.d/syslog /etc/default/busybox-syslogd",
        _FORWARDS,
    ),
    root=True,
    reduces=Text(
        "只输出日志选择器、目标、端口、协议与日志文件；不含用户名",
        "selectors, targets, ports, protocols and files of records; no user names",
    ),
)

OWN_NAMES = Probe(
    "logging.own_names",
    r"""cat /proc/sys/kernel/hostname
awk '/^ *[|]-- / { last = $2 } /host LOCAL/ { print last }' /proc/net/fib_trie 2>/dev/null
awk '{ gsub(/..../, "&:", $1); sub(/:$/, "", $1); print $1 }' /proc/net/if_inet6 2>/dev/null
awk '/^[ \t]*(127[.]|::1[ \t])/ { sub(/#.*/, ""); for (i = 2; i <= NF; i++) print $i }' /etc/hosts 2>/dev/null
echo @end""",
    reduces=Text("只取本机的名称和地址", "what this host is called, and its addresses"),
)
