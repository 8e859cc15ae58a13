"""What hands on the mail of this host, and where its names lead: aliases(5), postconf(5), update-exim4.conf(8)."""

from secaudit.model.evidence import Probe
from secaudit.model.text import Text

# Of an address elsewhere only the domain leaves the host.
ADDRESSES = r"""
function who(s,  n, i, w, out) {
  gsub(/["\047\r]/, "", s); n = split(s, w, /[ \t,;]+/); out = ""
  for (i = 1; i <= n; i++) if (w[i] != "") {
    if (w[i] ~ /^\\?[A-Za-z_][A-Za-z0-9_.-]*(@localhost(\.localdomain)?)?$/) out = out " " w[i]
    else if (w[i] ~ /^[^|:\/@]+@[A-Za-z0-9.-]+$/) out = out " " substr(w[i], index(w[i], "@"))
    else if (w[i] == "/dev/null") out = out " /dev/null"
    else return out " ?"
  }
  return out
}"""

# Which program takes mail; a file of Postfix or Nullmailer may bear the name itself. Debian's Exim reads what
# update-exim4.conf makes of its settings, unless somebody wrote exim4.conf.
_TAKES = r"""echo '@@ takes'
for f in /usr/sbin/sendmail /usr/lib/sendmail; do
  [ -e "$f" ] || continue
  f=$(readlink -f "$f")
  echo "${f##*/}"
  break
done
for f in postfix nullmailer-send; do [ ! -e "/usr/sbin/$f" ] || echo "has $f"; done
[ ! -e /etc/exim4/exim4.conf ] || echo 'has exim4.conf'
"""

# A line goes on where the next one begins with a blank. Postfix reads the compiled table of aliases.
_NAMES = r"""echo '@@ names'
set --
for f in /etc/aliases /etc/mail/aliases; do [ ! -f "$f" ] || set -- "$@" "$f"; done
[ $# -eq 0 ] || awk '__ADDRESSES__
function tell(  at) {
  at = index(joined, ":")
  if (at) print tolower(substr(joined, 1, at - 1)) ":" who(substr(joined, at + 1))
}
{ sub(/\r$/, "") }
/^[ \t]*(#|$)/ { next }
/^[ \t]/ { joined = joined " " $0; next }
{ tell(); joined = $0 }
END { tell() }' "$@" || exit 1
for f in /etc/aliases.db /etc/aliases.lmdb /etc/aliases.cdb /etc/aliases; do
  [ ! -f "$f" ] || { stat -L -c '%Y' "$f" | sed "s|^|= ${f##*/} |" || exit 1; }
done
echo '@@ forward'
[ ! -f /root/.forward ] || awk '__ADDRESSES__
!/^[ \t]*(#|$)/ { print "root:" who($0) }' /root/.forward || exit 1
""".replace("__ADDRESSES__", ADDRESSES)

_SETTINGS = r"""echo '@@ postfix'
[ ! -f /etc/postfix/main.cf ] || awk '
function tell(  key) {
  if (joined !~ /^[a-z0-9_]+[ \t]*=/) return
  key = joined; sub(/[ \t]*=.*/, "", key); sub(/^[^=]*=[ \t]*/, "", joined)
  if (key ~ /^(mydestination|myhostname|mydomain|myorigin|relayhost|(default|local|relay)_transport|luser_relay)$/ ||
    key ~ /^((virtual_)?alias|virtual|(recipient_)?canonical|transport)_maps$/) {
    gsub(/[^][A-Za-z0-9_.,:\/$ {}()-]+/, "", joined); print key "=" joined
  }
}
{ sub(/\r$/, "") }
/^[ \t]*(#|$)/ { next }
/^[ \t]/ { joined = joined " " $0; next }
{ tell(); joined = $0 }
END { tell() }' /etc/postfix/main.cf || exit 1
echo '@@ exim'
[ ! -f /etc/exim4/update-exim4.conf.conf ] || awk '
/^dc_(eximconfig_configtype|other_hostnames|smarthost|readhost)=/ { gsub(/["\047\r]/, ""); print }
' /etc/exim4/update-exim4.conf.conf || exit 1
echo '@@ small'
[ ! -f /etc/ssmtp/ssmtp.conf ] || awk '__ADDRESSES__
tolower($0) ~ /^root[ \t]*=/ { sub(/^[^=]*=/, ""); print "root" who($0) }' /etc/ssmtp/ssmtp.conf || exit 1
[ ! -f /etc/nullmailer/adminaddr ] || awk '__ADDRESSES__
NF && !/^#/ { print "root" who($0) }' /etc/nullmailer/adminaddr || exit 1
[ ! -f /etc/nullmailer/remotes ] || awk 'NF && !/^[ \t]*#/ { print "remote" }' /etc/nullmailer/remotes || exit 1
echo '@@ own'
cat /proc/sys/kernel/hostname
[ ! -f /etc/mailname ] || awk 'NR == 1 && /^[A-Za-z0-9.-]+$/ { print "mailname " $1 }' /etc/mailname
echo '@@ end'""".replace("__ADDRESSES__", ADDRESSES)

MAIL = Probe(
    "mail.delivery",
    _TAKES + _NAMES + _SETTINGS,
    root=True,
    reduces=Text(
        "外部地址只取域名；只输出账户、别名与主机的名称",
        "of addresses elsewhere the domain alone; names of accounts, aliases and hosts",
    ),
)
