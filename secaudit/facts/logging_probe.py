"""The question where logs are sent: only what forwards records is printed, with the selector that it stands under."""

from secaudit.facts.config_files import print_files
from secaudit.facts.daemons import running_daemons
from secaudit.model.evidence import Probe

DAEMONS = (
    *("rsyslogd", "syslog-ng", "syslogd", "systemd-journal", "auditd", "audisp-remote"),
    *("filebeat", "fluent-bit", "vector", "nxlog"),
)

# rsyslog.conf(5). A selector that is not told plainly (if, a property filter, a block, another ruleset) is "?".
_RSYSLOG = r"""
function value(text, name,  v) {
  if (!match(tolower(text), name "[ \t]*=[ \t]*\"?[^ \t\")]+")) return ""
  v = substr(text, RSTART, RLENGTH); sub(/^[^=]*=[ \t]*"?/, "", v); return v
}
function flush(  low, file) {
  low = tolower(held)
  if (low ~ /type[ \t]*=[ \t]*"?(omfwd|omrelp|omelasticsearch|omkafka|omhttp)/)
    print " action selector=" under " type=" value(held, "type") \
      " target=" (value(held, "target") value(held, "server")) \
      " port=" value(held, "port") " protocol=" value(held, "protocol") \
      " tls=" ((low ~ /streamdrivermode[ \t]*=[ \t]*"?1|[ \t(]tls[ \t]*=[ \t]*"?on/) ? "yes" : "no") \
      " queue=" ((low ~ /queue[.]filename[ \t]*=/) ? "yes" : "no")
  if (low ~ /type[ \t]*=[ \t]*"?omfile/) {
    file = value(held, "[ \t(]file"); print " keeps " under " " (file == "" ? "?" : file) }
  held = ""
}
function selector(before) {
  sub(/[ \t]+$/, "", before)
  if (depth > 0 || then || ruleset) return "?"
  return (before == "") ? "all" : (before ~ /^[a-zA-Z0-9*,;.!=]+$/ && before ~ /[.]/) ? before : "?"
}
function harmless(filter) {
  if (filter !~ /^:(programname|syslogtag),[ \t]*(isequal|startswith),/ || !match(filter, /"[^"]*"/)) return 0
  return tolower(substr(filter, RSTART, RLENGTH)) !~ /s[hu]|log|auth|pam|cron|pass|user|group/
}
function rsyslog(s,  bare, n, w) {
  sub(/^[ \t]+/, "", s); sub(/[ \t\r]+$/, "", s); if (s == "") return
  bare = s; gsub(/"[^"]*"/, "\"\"", bare); gsub(/\047[^\047]*\047/, "", bare)
  if (held != "") { held = held " " s; if (bare ~ /\)/) flush() }
  else {
    if (bare !~ /^&/) { last = s; lastbare = bare }
    if (bare ~ /^input[ \t]*\(/) listens = 1
    if (listens && tolower(s) ~ /type[ \t]*=[ \t]*"?im(p?tcp|udp|relp|gssapi|3195)/) print " receives"
    if (listens && bare ~ /\)/) listens = 0
    if (tolower(bare) ~ /^\$(udpserverrun|inputp?tcpserverrun|inputrelpserverrun)[ \t]/) print " receives"
    if (bare ~ /^\$IncludeConfig[ \t]/) { split(s, w, /[ \t]+/); print " includes " w[2] }
    if (bare ~ /^include[ \t]*\(/) print " includes " value(s, "file")
    if (tolower(bare) ~ /^\$actionsendstreamdrivermode[ \t]/) tls = (bare ~ /[ \t]1$/) ? "yes" : "no"
    if (tolower(bare) ~ /^\$actionqueuefilename[ \t]/) queue = "yes"
    if (bare ~ /^\$RuleSet[ \t]/) ruleset = (bare !~ /RSYSLOG_DefaultRuleset/)
    if (bare ~ /(^|[ \t;{])(stop|~)[ \t;}]*$/ && !harmless(last)) {
      split(lastbare, w, /[ \t]+/); print " discards " selector(w[1]) }
    if (match(bare, /action[ \t]*\(/)) {
      under = selector(substr(bare, 1, RSTART - 1)); held = s; if (bare ~ /\)/) flush() }
    else if (bare ~ /(^|[ \t;])@@?[\[(a-zA-Z0-9]/) {
      n = split(s, w, /[ \t]+/); print " legacy " (n == 2 ? selector(w[1]) : "?") " " w[n] \
        " " (tls == "" ? "no" : tls) " " (queue == "" ? "no" : queue); queue = "" }
    else if (bare ~ /^[a-zA-Z0-9*,;.!=]+[ \t]+-?[\/?]/) {
      split(s, w, /[ \t]+/); sub(/^-/, "", w[2]); sub(/;.*/, "", w[2]); print " keeps " selector(w[1]) " " w[2] }
  }
  then = (bare ~ /(then|else)$/)
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
FNR == 1 { flush(); depth = 0; then = 0; comment = 0; joined = ""; text = ""; quote = "" }
{ sub(/^[ \t]*#.*/, ""); sub(/[ \t]#.*/, "") }
FILENAME ~ /journal|audi/ {
  if (/^[ \t]*(Storage|ForwardToSyslog|MaxRetentionSec|URL|active|remote_server|port|transport|mode)[ \t]*=/) {
    gsub(/[ \t]+/, ""); if (/^URL=/) sub(/\/\/[^@\/]*@/, "//"); print " " $0 }
  next
}
{ gsub(/\/[*]([^*]|[*][^\/])*[*]\//, "") }
comment { if (!sub(/^.*[*]\//, "")) next; comment = 0 }
/^[ \t]*\/[*]/ { comment = 1; next }
FILENAME ~ /conf\.d\/syslog$|busybox-syslogd$/ {
  while (match($0, /[ \t"\047=]-R[ \t]*[A-Za-z0-9.:_-]+/)) {
    line = substr($0, RSTART, RLENGTH); $0 = substr($0, RSTART + RLENGTH)
    sub(/^.*-R[ \t]*/, "", line); print " legacy *.* @" line " no no" }
  next
}
FILENAME ~ /syslog-ng/ { syslog_ng($0); next }
{ line = joined $0; joined = "" }
line ~ /\\$/ { sub(/\\$/, " ", line); joined = line; next }
{ rsyslog(line) }
END { flush() }"""
)

LOGGING = Probe(
    "logging.config",
    "echo '#= running'\n" + running_daemons(DAEMONS) + " | sed 's/^/ /'\n"
    # The kernel cuts names of processes at 15 characters, where journald and its uploader are the same.
    "systemctl is-active systemd-journal-upload.service >/dev/null 2>&1 && echo ' journal-upload'\n"
    "for d in /var/log/journal /run/log/journal; do [ ! -d $d ] || { echo \"#= $d\"; echo ' here'; }; done\n"
    "for p in rsyslogd syslog-ng auditd; do\n"
    "  command -v $p >/dev/null 2>&1 && { echo \"#= program $p\"; echo ' here'; }\n"
    "done\n"
    + print_files(
        "/etc/rsyslog.conf /etc/rsyslog.d/*.conf /etc/syslog-ng/syslog-ng.conf /etc/syslog-ng/conf.d/*.conf"
        " /usr/lib/systemd/journald.conf.d/*.conf /etc/systemd/journald.conf /etc/systemd/journald.conf.d/*.conf"
        " /etc/systemd/journal-upload.conf /etc/audit/plugins.d/au-remote.conf /etc/audisp/plugins.d/au-remote.conf"
        " /etc/audit/audisp-remote.conf /etc/audisp/audisp-remote.conf /etc/audit/plugins.d/syslog.conf"
        " /etc/audisp/plugins.d/syslog.conf /etc/syslog.conf /etc/conf.d/syslog /etc/default/busybox-syslogd",
        _FORWARDS,
    ),
    root=True,
    reduces="selectors, targets, ports, protocols and files of records; no user names",
)
