"""The probe that reads the settings of package managers: sources, verification, locks, automatic updates."""

from secaudit.model.evidence import Probe
from secaudit.model.text import Text

# Where apt looks by its own account: Dir::Etc::sourcelist and its like name other places (apt.conf(5)). A path that
# cannot be told ends the probe: what is not read must not look like nothing.
APT_PLACES = r"""  command -v apt-config >/dev/null 2>&1 || exit 127
  place() {
    w=$(apt-config shell w "Dir::Etc::$1") || exit 1
    w=${w#w=\'}; w=${w%\'}
    case $w in *\'* | [!/]* | "") exit 1;; esac
    printf '%s\n' "$w"
  }
  l=$(place sourcelist/f) && p=$(place sourceparts/d) || exit 1
  set --
  for f in "$l" "$p"*.list "$p"*.sources; do
"""

_APT = (
    r"""  echo '@@ apt settings'
  command -v apt-config >/dev/null 2>&1 || exit 127
  apt-config dump | grep -iE '^(Acquire::Allow[a-z]*|APT::Get::AllowUnauthenticated|APT::Periodic::[a-z-]*) '
  echo '@@ apt sources'
"""
    + APT_PLACES
    + r"""    [ -f "$f" ] || continue
    if [ -r "$f" ]; then set -- "$@" "$f"; else echo "$f: Permission denied" >&2; exit 1; fi
  done
  [ $# -eq 0 ] || awk '
    function row(file, uri, loose,  scheme, host) {
      scheme = host = uri; sub(/:.*/, "", scheme)
      sub(/^[^:]*:\/*/, "", host); sub(/\/.*/, "", host); sub(/.*@/, "", host)
      print file "\t" scheme "\t" (scheme ~ /^(file|cdrom|copy)$/ ? "-" : host) "\t" (loose == "" ? "-" : loose)
    }
    function put(  n, uri, i) {
      n = split(uris, uri, " ")
      if (on && types ~ /(^| )deb( |$)/) for (i = 1; i <= n; i++) row(last, uri[i], loose)
      uris = types = loose = key = ""; on = 1
    }
    FNR == 1 { put(); last = FILENAME }
    /^[ \t]*#/ { next }
    FILENAME ~ /\.sources$/ {
      if ($0 ~ /^[ \t]*$/) { put(); next }
      if ($0 !~ /^[ \t]/) { key = tolower($1); sub(/^[^:]*:/, "") }
      if (key == "uris:") uris = uris " " $0
      if (key == "types:") types = types " " $0
      if (key == "enabled:" && tolower($0) ~ /^[ \t]*(no|false|0|off)/) on = 0
      if (key ~ /^(trusted|allow-insecure|allow-weak):$/ && tolower($0) ~ /^[ \t]*(yes|true|1|on)/) loose = key
      next
    }
    $1 == "deb" {
      sub(/^[ \t]*deb[ \t]+/, ""); loose = ""
      if (match($0, /^\[[^]]*\]/)) {
        o = tolower(substr($0, 1, RLENGTH)); $0 = substr($0, RLENGTH + 1)
        if (match(o, /(trusted|allow-insecure|allow-weak)=(yes|true|1|on)/)) loose = substr(o, RSTART, RLENGTH)
      }
      row(FILENAME, $1, loose); loose = ""
    }
    END { put() }' "$@"
  echo '@@ apt pins'
  l=$(place preferences/f) && p=$(place preferencesparts/d) || exit 1
  set --
  for f in "$l" "$p"*; do [ -f "$f" ] && set -- "$@" "$f"; done
  [ $# -eq 0 ] || awk '
    # Below 100 nothing replaces what is installed: apt_preferences(5).
    function put() {
      if (p != "" && (r < 0 || (v && r > 0) || (own && told && r < 100))) print p "\t" v "\t" r
      p = ""; v = r = own = told = 0
    }
    FNR == 1 || /^[ \t]*$/ { put() }
    /^[Pp]ackage:/ { sub(/^[^:]*:[ \t]*/, ""); p = $0 }
    /^[Pp]in:[ \t]*version/ { v = 1 }
    /^[Pp]in:/ { own = (/[Ss]ecurity|o=(Debian|Ubuntu)/ && !/backports|experimental|testing|unstable|sid/) }
    /^[Pp]in-[Pp]riority:/ { r = $2 + 0; told = 1 }
    END { put() }' "$@"
"""
)

_RPM = r"""  echo '@@ rpm settings'
  set --
  for f in /etc/dnf/dnf.conf /etc/yum.conf /etc/zypp/zypp.conf /etc/yum.repos.d/*.repo /etc/distro.repos.d/*.repo \
    /etc/zypp/repos.d/*.repo /etc/dnf/automatic.conf /etc/yum/yum-cron.conf; do
    [ -f "$f" ] || continue
    if [ -r "$f" ]; then set -- "$@" "$f"; else echo "$f: Permission denied" >&2; exit 1; fi
  done
  [ $# -eq 0 ] || awk '
    function rest(text) { sub(/^[^=]*=[ \t]*/, "", text); sub(/[ \t\r]+$/, "", text); return text }
    FNR == 1 { section = "" }
    /^\[/ { section = $0; sub(/^\[/, "", section); sub(/\].*/, "", section); next }
    { key = $0; sub(/[ \t]*=.*/, "", key) }
    key ~ /^(enabled|(pkg_|repo_|localpkg_)?gpgcheck|apply_updates|download_updates|exclude|excludepkgs)$/ {
      print FILENAME "\t" section "\t" key "\t" rest($0)
    }
    key ~ /^(baseurl|mirrorlist|metalink)$/ {
      host = scheme = rest($0); sub(/:.*/, "", scheme)
      sub(/^[^:]*:\/*/, "", host); sub(/\/.*/, "", host); sub(/.*@/, "", host)
      print FILENAME "\t" section "\taddress\t" scheme " " host
    }' "$@"
  echo '@@ rpm locks'
  set --
  for f in /etc/dnf/plugins/versionlock.list /etc/yum/pluginconf.d/versionlock.list /etc/dnf/versionlock.toml \
    /etc/zypp/locks; do
    [ -f "$f" ] && set -- "$@" "$f"
  done
  [ $# -eq 0 ] || awk '
    FILENAME ~ /\.toml$/ { if (/^name[ \t]*=/) { gsub(/["\047]/, ""); print "versionlock\t" $3 }; next }
    FILENAME ~ /locks$/ { if (/^solvable_name:/) print "zypper lock\t" $2; next }
    !/^[ \t]*(#|$)/ { print "versionlock\t" $1 }' "$@"
"""

SOURCES = Probe(
    "package_sources.settings",
    f"""if [ -s /var/lib/dpkg/status ]; then
{_APT}elif [ -s /lib/apk/db/installed -o -s /usr/lib/apk/db/installed ]; then
  echo '@@ apk sources'
  awk '!/^[ \\t]*(#|$)/ {{
      sub(/^@[^ ]* */, ""); scheme = host = $1; sub(/:.*/, "", scheme)
      sub(/^[^:]*:\\/*/, "", host); sub(/\\/.*/, "", host); sub(/.*@/, "", host)
      print scheme "\\t" host
    }}' /etc/apk/repositories || exit 1
  echo '@@ apk world'
  grep '[=<>~]' /etc/apk/world
elif command -v rpm >/dev/null 2>&1; then
{_RPM}else
  exit 127
fi
echo '@@ timers'
for t in /etc/systemd/system/timers.target.wants/*.timer /etc/systemd/system/basic.target.wants/*.timer; do
  u=${{t##*/}}
  if [ -e "$t" ] && [ ! "/etc/systemd/system/$u" -ef /dev/null ]; then echo "$u"; fi
done
for n in 0yum-daily.cron opensuse.org-online_update; do [ -x /etc/cron.daily/$n ] && echo $n; done
echo '@@ end'""",
    reduces=Text(
        "地址只取协议与主机，舍去其中的用户与口令",
        "of addresses the scheme and the host only: users and passwords in them are dropped",
    ),
)
