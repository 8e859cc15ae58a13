# shellcheck shell=bash
# Faults of accounts, console and network that no host with a truth has, for remedies to heal.

# By hand: pam-auth-update leaves it alone.
f_weakhash() {
  sed -i '/pam_unix/s/yescrypt/md5/' "$R/etc/pam.d/common-password"
  lab_login_defs ENCRYPT_METHOD=MD5
}

# Short, of one class, with the name of its owner, from the dictionary.
f_weakquality() { printf '%s\n' 'minlen = 6' 'minclass = 1' 'usercheck = 0' 'dictcheck = 0' >"$R/etc/security/pwquality.conf"; }

f_nisline() { echo '+::::::' >>"$R/etc/passwd"; }

f_weakhostkey() { ssh-keygen -q -t rsa -b 1024 -N '' -C "$NAME" -f "$R/etc/ssh/ssh_host_rsa_key"; }

# Asked in clear, and what it said is kept for ever.
f_clearldap() {
  sed -i 's/^passwd:.*/& sss/' "$R/etc/nsswitch.conf"
  install -d -m 700 "$R/etc/sssd"
  printf '%s\n' '[sssd]' 'domains = city' '[domain/city]' 'id_provider = ldap' 'auth_provider = ldap' \
    'ldap_uri = ldap://ldap.city.example' 'cache_credentials = true' >"$R/etc/sssd/sssd.conf"
  chmod 600 "$R/etc/sssd/sssd.conf"
}

f_consolekeys() { echo '::ctrlaltdel:/sbin/reboot' >>"$R/etc/inittab"; }

# Loaded by hand, open to all but one port, and no service loads it at boot.
f_rulesbyhand() {
  chroot "$R" systemctl -q disable nftables 2>/dev/null # it warns of /proc
  lab_daemon 'nft add table inet filter; nft add chain inet filter input "{ type filter hook input priority 0; policy accept; }"; nft add rule inet filter input tcp dport 111 drop'
}

# In clear, and what gets lost on the way stays lost.
f_plainforward() { echo '*.* @192.0.2.14' >"$R/etc/rsyslog.d/forward.conf"; }

f_bothways() { :; } # the tests hold a key and a password for this host

# A second way out that nobody registered: so its driver calls the interface.
f_sparemodem() {
  lab_daemon 'ip link add wwan0 type veth peer name wwan1; ip link set wwan0 up; ip link set wwan1 up'
  lab_daemon 'printf "DEVTYPE=wwan\\n" >/run/lab/uevent; mount --bind /run/lab/uevent /sys/class/net/wwan0/uevent'
}

# It runs, and reports to its own host only.
f_monitoredlocally() {
  f_monitored
  sed -i 's/^ServerActive=.*/ServerActive=127.0.0.1/' "$R/etc/zabbix/zabbix_agentd.conf"
}
