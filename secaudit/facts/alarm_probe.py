"""Whom the tools that find intrusions and changes tell: ossec.conf, samhainrc(5), falco.yaml, settings of jobs."""

from secaudit.facts.config_files import print_files
from secaudit.facts.mail_probe import ADDRESSES
from secaudit.model.evidence import Probe
from secaudit.model.text import Text

# ossec.conf is XML and comes last. Of names of servers, addresses and channels nothing else leaves the host: keys and
# addresses of hooks stay. A setting of a shell counts as it is written last.
_TOLD = (
    ADDRESSES
    + r"""
function bare(s,  i, rest, j) {
  while ((i = index(s, "<!--")) > 0) {
    rest = substr(s, i + 4); j = index(rest, "-->")
    s = substr(s, 1, i - 1) (j ? substr(rest, j + 3) : "")
  }
  return s
}
function value(s) { sub(/^[^=]*=[ \t]*/, "", s); sub(/[ \t]+#.*/, "", s); gsub(/["\047\r]/, "", s); return s }
function host(s) {
  gsub(/["\047\r \t]/, "", s); sub(/^[a-z+]+:\/\//, "", s); sub(/^[^@]*@/, "", s); sub(/\/.*/, "", s)
  if (s ~ /^[^:]*:[0-9]+$/) sub(/:[0-9]+$/, "", s)
  return (s ~ /^[][A-Za-z0-9.:_-]+$/) ? " " s : ""
}
function tags(s,  n, i, p, tag, name, text, inside) {
  n = split(bare(s), tag, "<")
  for (i = 1; i <= n; i++) {
    p = index(tag[i], ">"); if (!p) continue
    name = substr(tag[i], 1, p - 1); text = substr(tag[i], p + 1); gsub(/^[ \t]+|[ \t]+$/, "", text)
    if (name ~ /^\/?(syslog_output|integration|client)$/) inside = (name ~ /^\//) ? "" : name
    if (name == "integration") print " hook"
    if (inside == "client" && name ~ /^(address|server-ip|server-hostname)$/) print " server" host(text)
    if (inside == "syslog_output" && name == "server") print " syslog" host(text)
    if (name == "email_notification") print " mails " (text == "yes" ? "yes" : "no")
    if (name == "email_to") print " to" who(text)
    if (name == "smtp_server") print " smtp" host(text)
  }
}
FILENAME ~ /ossec\.conf$/ { text = text " " $0; next }
{ sub(/^[ \t]*#.*/, "") }
FILENAME ~ /agentd\.state$/ {
  if (/^status=/) print " state " (value($0) == "connected" ? "yes" : "no")
  next
}
FILENAME ~ /samhainrc$/ {
  key = tolower($0); sub(/[ \t]*=.*/, "", key); sub(/^[ \t]+/, "", key)
  if (key == "setmailaddress") print " to" who(value($0))
  if (key == "mailseverity") print " mails " (tolower(value($0)) ~ /none/ ? "no" : "yes")
  if (key == "setlogserver") print " server" host(value($0))
  next
}
FILENAME ~ /falco/ {
  if (/^[a-z_]+:/) { key = $1; sub(/:.*/, "", key) }
  if (/^[ \t]+enabled:/ && key ~ /_output$|^grpc$/) print " " key ($2 ~ /^"?true/ ? " yes" : " no")
  if (/^[ \t]+url:/ && key == "http_output") { sub(/^[^:]*:/, ""); print " http" host($0) }
  next
}
FILENAME ~ /fail2ban/ {
  if (/^[ \t]*action[ \t]*=/) print " mails " (/action_(m|xarf|cf_m)|mail/ ? "yes" : "no")
  if (/^[ \t]*destemail[ \t]*=/) print " to" who(value($0))
  next
}
FILENAME ~ /auditd\.conf$/ {
  key = tolower($0); sub(/[ \t]*=.*/, "", key); sub(/^[ \t]+/, "", key)
  if (key ~ /^(admin_)?space_left_action$/) print " mails " (tolower(value($0)) == "email" ? "yes" : "no")
  if (key == "action_mail_acct") print " to" who(value($0))
  next
}
/^[ \t]*(export[ \t]+)?(MAILTO|REPORT_EMAIL|SENDMAILTO|MAIL-ON-WARNING)[ \t]*=/ { print " to" who(value($0)) }
/^[ \t]*(CRON_DAILY_RUN|RUN_DAILY)[ \t]*=/ { print " runs " (value($0) ~ /^[YyTt]/ ? "yes" : "no") }
/^[ \t]*SILENTREPORTS[ \t]*=/ { print " silent " (value($0) == "yes" ? "yes" : "no") }
/^[ \t]*MAILCMD[ \t]*=/ { print " command " (value($0) == "" ? "no" : "yes") }
/^[ \t]*USE_SYSLOG[ \t]*=/ { print " use_syslog yes" }
/^[ \t]*report_url[ \t]*=[ \t]*syslog/ { print " use_syslog yes" }
END { if (text != "") tags(text) }"""
)

ALARMS = Probe(
    "alarms.config",
    r"""for p in mail s-nail capsh; do
  command -v $p >/dev/null 2>&1 && { echo "#= program $p"; echo ' here'; }
done
f=/usr/share/aide/bin/dailyaidecheck
[ ! -f $f ] || ! grep -q s-nail $f || { echo '#= program dailyaidecheck'; echo ' asks s-nail'; }
"""
    + print_files(
        "/etc/samhain/samhainrc /etc/samhainrc /etc/falco/falco.yaml /etc/falco/config.d/*.yaml"
        " /etc/fail2ban/jail.conf /etc/fail2ban/jail.d/*.conf /etc/fail2ban/jail.local /etc/fail2ban/jail.d/*.local"
        " /etc/audit/auditd.conf /etc/default/aide /etc/aide/aide.conf /etc/aide.conf /etc/rkhunter.conf"
        " /etc/rkhunter.conf.local /etc/default/rkhunter /etc/sysconfig/rkhunter /etc/logcheck/logcheck.conf"
        " /etc/chkrootkit/chkrootkit.conf /etc/chkrootkit.conf"
        " /var/ossec/var/run/wazuh-agentd.state /var/ossec/var/run/ossec-agentd.state /var/ossec/etc/ossec.conf",
        _TOLD,
    ),
    root=True,
    reduces=Text(
        "只取工具向谁告警：服务器、账户名，外部地址只取域名",
        "whom tools tell: servers, names of accounts, of addresses elsewhere the domain alone",
    ),
)
