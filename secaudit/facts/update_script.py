"""The probe that asks the asset's own metadata for updates: apt, dnf, yum, zypper, apk; no network, nothing written."""

from secaudit.facts.package_sources_probe import APT_PLACES
from secaudit.model.evidence import Probe
from secaudit.model.text import Text

# `apt-get -s` writes the package cache as root and reports nothing pending without lists; `apt list` names only the
# candidate, which hides a security update behind a newer version from elsewhere or behind a pin; its -a costs three
# times as much. `apt-cache policy` shows every version, newest first: what stands above the installed one is pending.
# Both caches off: nothing is written.
_APT = (
    r"""  echo '@@ apt release'
  for f in /var/lib/apt/lists/*InRelease /var/lib/apt/lists/*_Release; do
    [ -f "$f" ] && awk '
      /^Suite:/ { s = $2 }
      /^Codename:/ { c = $2 }
      /^Label:/ { l = $2 }
      /^Date:/ { sub(/^Date: */, ""); d = $0 }
      /^(MD5Sum|SHA1|SHA256):/ { exit }
      END { print s "\t" c "\t" l "\t" d }' "$f"
  done
  echo '@@ apt suites'
"""
    + APT_PLACES
    + r"""    [ ! -f "$f" ] || { [ -r "$f" ] && set -- "$@" "$f"; } || echo '?'
  done
  [ $# -eq 0 ] || awk '
    function put(  n, w, i) {
      if (on && types ~ /(^|[ \t])deb([ \t]|$)/) { n = split(suites, w, " "); for (i = 1; i <= n; i++) print w[i] }
      suites = types = key = ""; on = 1
    }
    { sub(/\r$/, "") }
    FNR == 1 { put() }
    /^[ \t]*#/ { next }
    FILENAME ~ /\.sources$/ {
      if ($0 ~ /^[ \t]*$/) { put(); next }
      if ($0 !~ /^[ \t]/) { key = tolower($0); sub(/:.*/, "", key); sub(/^[^:]*:/, "") }
      if (key == "suites") suites = suites " " $0
      if (key == "types") types = types " " $0
      if (key == "enabled" && tolower($0) ~ /^[ \t]*(no|false|without|off|disable|0)[ \t]*$/) on = 0
      next
    }
    $1 == "deb" { sub(/^[ \t]*deb[ \t]+/, ""); sub(/^\[[^]]*\][ \t]*/, ""); print $2 }
    END { put() }' "$@"
  echo '@@ apt packages'
  command -v apt-cache >/dev/null 2>&1 || exit 127
  apt-cache -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= policy \
    $(dpkg-query -W -f='${db:Status-Abbrev}${Package}:${Architecture}\n' | sed -n 's/^.i. *//p') | awk '
    function put() { if (v != "" && !here) { n++; row[n] = v "\t" s }; v = ""; s = "" }
    /^[^ ]/ { put(); p = $0; sub(/:$/, "", p); n = 0; here = 0 }
    /^ \*\*\* / { put(); here = 1; total++; for (i = 1; i <= n; i++) print p "\t" $2 "\t" row[i] }
    /^     [^ ]/ { put(); v = $1 }
    /^        / { if (v != "" && NF > 3) s = (s == "" ? "" : s ",") $3 }
    END { print "@@ apt total"; print total + 0 }'
  echo '@@ held'
  dpkg-query -W -f='${db:Status-Abbrev} ${Package}\n' | sed -n 's/^hi. *//p'
"""
)

_APK = r"""  echo '@@ apk index'
  for f in /var/cache/apk/APKINDEX.*.tar.gz /etc/apk/cache/APKINDEX.*.tar.gz; do
    [ -f "$f" ] && stat -c %Y "$f"
  done
  echo '@@ apk packages'
  apk --no-network version -l '<' || exit 1
"""

# dnf itself writes logs and, for ordinary users, a cache: the errata that dnf, yum and zypper keep are read instead.
_RPM = r"""  echo '@@ rpm metadata'
  for m in /var/cache/dnf/*/repodata/repomd.xml /var/cache/libdnf5/*/repodata/repomd.xml \
    /var/cache/yum/*/*/*/repomd.xml /var/cache/zypp/raw/*/repodata/repomd.xml; do
    if [ -f "$m" ]; then
      e=none
      for u in "${m%/*}"/*updateinfo.xml* "${m%/*}"/gen/updateinfo.xml; do [ -f "$u" ] && e=errata; done
      # dnf adds a hash of the address to the name of a repository, yum and zypper do not
      i=${m%/repomd.xml}; i=${i%/repodata}; i=${i##*/}
      case $m in */dnf/* | */libdnf5/*) i=${i%-*};; esac
      echo "$(stat -c %Y "$m") $e $i"
    fi
  done
  echo '@@ rpm enabled'
  for f in /etc/yum.repos.d/*.repo /etc/distro.repos.d/*.repo /etc/zypp/repos.d/*.repo; do
    [ -f "$f" ] && awk '
      function put() { if (r != "" && on) print r }
      /^\[/ { put(); r = $0; sub(/^\[/, "", r); sub(/\].*/, "", r); on = 1; if (r == "main") r = "" }
      /^enabled[ \t]*=/ { v = $0; sub(/^[^=]*=[ \t]*/, "", v); on = (v ~ /^(1|[Tt]rue|[Yy]es|[Oo]n)/) }
      END { put() }' "$f"
  done
  echo '@@ rpm installed'
  rpm -qa --qf '%{NAME}\t%{ARCH}\t%|EPOCH?{%{EPOCH}}:{0}|:%{VERSION}-%{RELEASE}\n' || exit 1
  echo '@@ rpm errata'
  { rpm -qa --qf '<have %{NAME}.%{ARCH}>\n'
    for u in /var/cache/dnf/*/repodata/*updateinfo.xml* /var/cache/libdnf5/*/repodata/*updateinfo.xml* \
      /var/cache/yum/*/*/*/*updateinfo.xml* /var/cache/yum/*/*/*/gen/updateinfo.xml \
      /var/cache/zypp/raw/*/repodata/*updateinfo.xml*; do
      [ -f "$u" ] || continue
      case $u in
        *.gz) zcat "$u" || echo '<unreadable>';;
        *.xz) xzcat "$u" || echo '<unreadable>';;
        *.bz2) bzcat "$u" || echo '<unreadable>';;
        *.zst) zstdcat "$u" || echo '<unreadable>';;
        *.zck) unzck -c "$u" || echo '<unreadable>';;
        *.xml) cat "$u" || echo '<unreadable>';;
      esac
    done; } | awk '
    function attr(k) {
      return match($0, " " k "=\"[^\"]*\"") ? substr($0, RSTART + length(k) + 3, RLENGTH - length(k) - 4) : ""
    }
    BEGIN { RS = ">" } # a tag a record, however the lines are broken
    /<have / { have[$2] = 1; next }
    /<unreadable/ { print "unreadable"; next }
    /<update / { t = attr("type"); m = "" }
    /<collection/ { m = "" }
    /<module / { m = attr("name") ":" attr("stream") }
    /<package / {
      if (tolower(t) == "security" && have[attr("name") "." attr("arch")]) {
        e = attr("epoch"); if (e == "") e = 0
        row = attr("name") "\t" attr("arch") "\t" e ":" attr("version") "-" attr("release") "\t" (m == "" ? "-" : m)
        if (!(row in seen)) { seen[row] = 1; print row }
      }
    }'
  echo '@@ modules'
  for f in /etc/dnf/modules.d/*.module; do
    [ -f "$f" ] && awk -F= '
      /^name=/ { n = $2 }
      /^stream=/ { s = $2 }
      /^state=enabled/ { e = 1 }
      END { if (e) print n ":" s }' "$f"
  done
"""

UPDATES = Probe(
    "pending_updates.metadata",
    f"""if [ -s /var/lib/dpkg/status ]; then
{_APT}elif [ -s /lib/apk/db/installed -o -s /usr/lib/apk/db/installed ]; then
{_APK}elif command -v rpm >/dev/null 2>&1; then
{_RPM}else
  exit 127
fi
echo '@@ end'""",
    timeout_s=60,
    limit_bytes=2_097_152,
    reduces=Text(
        "只输出名称、版本与发行分支；软件源地址可能含口令，一律舍去",
        "names, versions and suites only: the addresses of package sources, which may hold passwords, are dropped",
    ),
)
