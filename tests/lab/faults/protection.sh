# shellcheck shell=bash
# Malicious code, intrusion, trust. Some only look right, some only look wrong.

# The daily base was fetched today, and built twenty days ago; an old base beside it counts no more.
f_stalebase() {
  lab_installed clamav 1.4.3+dfsg-1
  mkdir -p "$R/var/lib/clamav" "$R/etc/clamav"
  lab_clamav_base daily.cld $(($(date +%s) - 20 * 86400))
  lab_clamav_base daily.cvd $(($(date +%s) - 90 * 86400))
  # The folder of a comment is not read.
  echo '#DatabaseDirectory /srv/clamav' >"$R/etc/clamav/freshclam.conf"
}

lab_clamav_base() { # NAME SECONDS
  printf '%-512s\037\213binary' "ClamAV-VDB:$(LC_ALL=C date -u -d "@$2" '+%d %b %Y %H-%M +0000'):27700:2038806:90:0:x:lab:$2" \
    >"$R/var/lib/clamav/$1"
}

# Somebody's program has the name of the daemon.
f_strayclamd() {
  cp "$R/bin/sleep" "$R/home/audit/clamd"
  chown 1000:1000 "$R/home/audit/clamd"
  lab_daemon 'su audit -s /bin/sh -c "exec /home/audit/clamd infinity" &'
}

# Debian's cron passes over a name with a dot.
f_unreadscan() { echo '20 3 * * * root /usr/bin/clamscan -r /srv' >"$R/etc/cron.d/clamav.scan"; }

# Blocking is set, and what would block does not run.
f_noonaccess() {
  mkdir -p "$R/etc/clamav"
  printf 'OnAccessPrevention yes\nOnAccessIncludePath /srv\n' >"$R/etc/clamav/clamd.conf"
}

f_stoppedwazuh() { lab_installed wazuh-agent 4.9.2-1; }

# It runs and only notes.
f_permissiveallowlist() {
  lab_installed fapolicyd 1.1.7-5
  mkdir -p "$R/etc/fapolicyd"
  printf '# permissive = 0\npermissive = 1\nintegrity = sha256\n' >"$R/etc/fapolicyd/fapolicyd.conf"
  lab_named_daemon fapolicyd
}

# Looks idle, since no package is installed: the program runs.
f_banning() { lab_named_daemon fail2ban-server; }

f_aideidle() {
  lab_installed aide 0.18.3-1
  mkdir -p "$R/var/lib/aide" "$R/etc/aide"
  echo record >"$R/var/lib/aide/aide.db"
  chmod 700 "$R/var/lib/aide"
  echo 'database_in=file:/var/lib/aide/aide.db' >"$R/etc/aide/aide.conf"
  printf '#!/bin/sh\nexec aide --check\n' >"$R/etc/cron.daily/aide"
  chmod 644 "$R/etc/cron.daily/aide"
}

# It compares every day: settings with their content, but not the hashes of passwords, and of programs the modes alone.
f_aidepart() {
  lab_aide 'Mode = p+u+g' 'Full = Mode+sha512' '/etc Full' '!/etc/shadow$' '/usr/sbin Mode'
}

# What is left out under a condition lies elsewhere.
f_aidewhole() {
  lab_aide '#!/etc' '@@define ROOT etc' '/@@{ROOT} R' '/usr/s?bin f,d R+sha512' '/usr/sbin R' '!/(var/)?tmp/x[0-9]+$'
}

f_aidebeside() { lab_aide '/srv R' '=/etc R'; }

lab_aide() { # LINE…
  f_aideidle
  printf '%s\n' "$@" >>"$R/etc/aide/aide.conf"
  chmod 755 "$R/etc/cron.daily/aide"
}

f_coreloosened() {
  echo '* hard core 0' >"$R/etc/security/limits.d/10-core.conf"
  echo '* - core unlimited' >"$R/etc/security/limits.d/90-debug.conf"
}

f_openkey() {
  mkdir -p "$R/etc/nginx/tls"
  printf -- '-----BEGIN PRIVATE KEY-----\nbGFi\n-----END PRIVATE KEY-----\n' >"$R/etc/nginx/tls/site.key"
  printf -- '-----BEGIN CERTIFICATE-----\nbGFi\n-----END CERTIFICATE-----\n' >"$R/etc/nginx/tls/site.pem"
  chmod 644 "$R/etc/nginx/tls/site.key" "$R/etc/nginx/tls/site.pem"
}

lab_named_daemon() { # NAME
  cp "$R/bin/sleep" "$R/usr/local/sbin/$1"
  lab_daemon "/usr/local/sbin/$1 infinity &"
}

lab_installed() { # PACKAGE VERSION
  printf 'Package: %s\nStatus: install ok installed\nMaintainer: lab\nArchitecture: all\nVersion: %s\nDescription: planted\n\n' "$1" "$2" \
    >>"$R/var/lib/dpkg/status"
}

# It scans every day, and takes its bases from a mirror inside although the line of Debian's file is still there.
f_ownbases() {
  lab_installed clamav 1.4.3+dfsg-1
  mkdir -p "$R/etc/clamav"
  printf '%s\n' 'DatabaseMirror database.clamav.net' '#PrivateMirror 192.0.2.5' 'PrivateMirror https://10.255.0.5/clamav' \
    >"$R/etc/clamav/freshclam.conf"
  cp "$R/bin/true" "$R/usr/bin/clamscan"
  echo '20 3 * * * root /usr/bin/clamscan -r /srv' >"$R/etc/cron.d/clamav-scan"
  lab_named_daemon freshclam
}
