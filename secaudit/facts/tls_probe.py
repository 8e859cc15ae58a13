"""What services are told about TLS, and the certificates that they are told to show."""

from secaudit.facts.config_files import print_files
from secaudit.model.evidence import Probe
from secaudit.model.text import Text

_FILES = (
    "/etc/nginx/nginx.conf /etc/nginx/conf.d/*.conf /etc/nginx/default.d/*.conf /etc/nginx/sites-enabled/*"
    " /etc/nginx/modules-enabled/*.conf /etc/nginx/snippets/*.conf /etc/nginx/vhosts.d/*.conf /etc/nginx/http.d/*.conf"
    " /etc/apache2/apache2.conf /etc/apache2/httpd.conf /etc/apache2/ssl-global.conf /etc/apache2/mods-enabled/*.conf"
    " /etc/apache2/conf.d/*.conf /etc/apache2/conf-enabled/*.conf /etc/apache2/sites-enabled/*"
    " /etc/apache2/vhosts.d/*.conf /etc/httpd/conf/httpd.conf /etc/httpd/conf.d/*.conf"
    " /etc/postfix/main.cf /etc/dovecot/dovecot.conf /etc/dovecot/conf.d/*.conf /etc/vsftpd.conf /etc/vsftpd/*.conf"
    " /etc/mysql/my.cnf /etc/mysql/conf.d/*.cnf /etc/mysql/*.conf.d/*.cnf /etc/my.cnf /etc/my.cnf.d/*.cnf"
    " /etc/postgresql/*/*/postgresql.conf /var/lib/pgsql/data/postgresql.conf /etc/redis/redis.conf /etc/redis.conf"
    " /etc/haproxy/haproxy.cfg /etc/stunnel/*.conf /etc/rsyslog.conf /etc/rsyslog.d/*.conf"
)
# nginx word by word, with the braces of its blocks: texts in quotes that may hold braces are blanked. Of all others the
# lines that name a certificate or protocols, with the tags of Apache's virtual hosts.
_REDUCED = r"""function certificate(path) {
  gsub(/^[<"\047]+|["\047;,\r]+$/, "", path)
  if (path == "" || path ~ /[$ \t]/) return
  if (path !~ /^\//) {
    folder = FILENAME; sub(/\/[^\/]*$/, "", folder); sub(/\/(conf|[a-z]*\.d|sites-enabled)$/, "", folder)
    path = folder "/" path
  }
  print " certificate " path
}
/^[ \t]*[#;]/ { next }
FILENAME ~ /\/nginx\// {
  while (match($0, /"[^"\047{};# \t]+"|\047[^"\047{};# \t]+\047/))
    $0 = substr($0, 1, RSTART - 1) substr($0, RSTART + 1, RLENGTH - 2) substr($0, RSTART + RLENGTH)
  gsub(/"[^"]*"|\047[^\047]*\047/, "_"); sub(/(^|[ \t;{}])#.*/, ""); gsub(/[{};]/, "\n&\n"); gsub(/[ \t\r]+/, " ")
  n = split($0, word, "\n")
  for (i = 1; i <= n; i++) { sub(/^ /, "", word[i]); sub(/ $/, "", word[i])
    if (word[i] ~ /^([{}]|(server|http|include|ssl_protocols|listen|ssl)( .*)?)$/) print " " word[i]
    if (word[i] ~ /^ssl_certificate [^_]/) certificate(substr(word[i], 17))
    if (word[i] ~ /^ssl_ciphers .*SECLEVEL=0/) print " seclevel" }
  next
}
{ key = tolower($0); sub(/^[ \t]+/, "", key); sub(/[ \t=>].*/, "", key) }
key ~ /^<\/?virtualhost/ { print " " key }
key == "sslengine" { print " sslengine " tolower($2) }
key == "sslprotocol" { gsub(/[ \t\r]+/, " "); sub(/^ /, ""); print " sslprotocol" substr($0, 12) }
key == "sslciphersuite" && /SECLEVEL=0/ { print " seclevel" }
key ~ /^(sslcertificatefile|smtpd_tls_cert_file|ssl_cert|ssl-cert|ssl_cert_file|rsa_cert_file|tls-cert-file)$/ ||
(key == "cert" && FILENAME ~ /stunnel/) {
  path = $0; sub(/^[ \t]*[^ \t=]+[ \t]*=?[ \t]*/, "", path); sub(/[ \t\r]+(#.*)?$/, "", path); certificate(path)
}
FILENAME ~ /haproxy/ { for (i = 1; i < NF; i++) if ($i == "crt") certificate($(i + 1)) }
tolower($0) ~ /defaultnetstreamdrivercertfile/ {
  path = $0; sub(/.*[Cc]ert[Ff]ile[ \t=]*["\047]?/, "", path); sub(/["\047) \t].*/, "", path); certificate(path)
}"""

TLS = Probe(
    "tls.settings",
    f"""echo '@@ settings'
told=$({print_files(_FILES, _REDUCED)})
echo "$told"
echo '@@ certificates'
IFS='
'
set -f
set --
for f in $(echo "$told" | sed -n 's/^ certificate //p' | sort -u); do [ ! -f "$f" ] || set -- "$@" "$f"; done
[ $# -eq 0 ] || awk 'FNR == 1 {{ shown = inside = 0; print "#= " FILENAME }}
/^-----BEGIN (TRUSTED )?CERTIFICATE-----/ && !shown {{ inside = shown = 1 }}
inside {{ print " " $0 }}
/^-----END (TRUSTED )?CERTIFICATE-----/ {{ inside = 0 }}' "$@" || exit 1
echo '@@ end'""",
    root=True,
    limit_bytes=1_048_576,
    reduces=Text(
        "只取关于协议与证书路径的行；证书文件只取第一张证书，绝不取私钥",
        "lines about protocols and the paths of certificates; of those files the first certificate, never a key",
    ),
)
