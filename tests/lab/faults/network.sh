# shellcheck shell=bash
# Ports, forwarding, packet filter. What listens is started at boot from /etc/lab/daemons.

f_ipforward() { lab_network_settings ip_forward=1; }

# Its file lets in whoever comes.
f_redis() {
  printf 'bind 0.0.0.0\nprotected-mode no\nsave ""\ndaemonize yes\ndir /tmp\n' >"$R/etc/redis/redis.conf"
  lab_daemon 'redis-server /etc/redis/redis.conf >/dev/null'
}

f_ftp() {
  printf '%s\n' listen=YES listen_ipv6=NO anonymous_enable=YES local_enable=YES background=YES seccomp_sandbox=NO >"$R/etc/vsftpd.conf"
  lab_daemon 'mkdir -p /run/vsftpd/empty; vsftpd /etc/vsftpd.conf'
}

f_telnet() {
  echo 'telnet stream tcp nowait root /usr/sbin/telnetd telnetd' >"$R/etc/inetd.conf"
  lab_daemon 'inetutils-inetd 2>/dev/null || inetd'
}

# A listener that nobody declared.
f_oddport() { lab_daemon 'mkdir -p /run/lab/www; busybox httpd -p 0.0.0.0:47001 -h /run/lab/www'; }

# Default drop, really loaded into the host's own network namespace; SSH from the lab only.
f_firewall() {
  cat >"$R/etc/nftables.conf" <<EOF
#!/usr/sbin/nft -f
flush ruleset
table inet filter {
	chain input {
		type filter hook input priority 0; policy drop;
		iif lo accept
		ct state established,related accept
		meta l4proto { icmp, icmpv6 } accept
		ip saddr 10.$(lab_net).0.0/16 tcp dport 22 accept
	}
	chain forward {
		type filter hook forward priority 0; policy drop;
	}
	chain output {
		type filter hook output priority 0; policy accept;
	}
}
EOF
  chroot "$R" systemctl -q enable nftables 2>/dev/null # it warns of /proc
  lab_daemon 'nft -f /etc/nftables.conf'
}

# The same rules, loaded by hand: no service brings them back.
f_firewallunsaved() {
  f_firewall
  chroot "$R" systemctl -q disable nftables 2>/dev/null
}

# A unit of its own: what it would start is not there, and systemd does not run here.
lab_enable() { # lab_enable NAME
  printf '%s\n' '[Unit]' "Description=$1" '[Service]' "ExecStart=/usr/sbin/$1" '[Install]' 'WantedBy=multi-user.target' \
    >"$R/etc/systemd/system/$1.service"
  mkdir -p "$R/etc/systemd/system/multi-user.target.wants"
  ln -s "/etc/systemd/system/$1.service" "$R/etc/systemd/system/multi-user.target.wants/$1.service"
}

f_tunnel() { lab_enable frpc; }

# Meant for one host: the blank before the bracket gives it to all.
f_nfsblank() {
  lab_enable nfs-server
  echo '/srv/data 10.0.0.5 (rw,sync)' >"$R/etc/exports"
}

# Exports that nobody serves.
f_exportsunused() { echo '/srv/data *(rw,no_root_squash)' >"$R/etc/exports"; }

# The part for all is narrow, the module is not.
f_rsyncopen() {
  lab_enable rsync
  printf '%s\n' 'hosts allow = 10.0.0.0/8' '[public]' '  path = /srv' '  Hosts Allow = *' >"$R/etc/rsyncd.conf"
}

f_snmppublic() {
  lab_enable snmpd
  mkdir -p "$R/etc/snmp"
  printf '%s\n' '# rocommunity private' 'ROCommunity  "public"' >"$R/etc/snmp/snmpd.conf"
}

# It runs, and its file is gone: as after an update.
f_deletedprogram() {
  lab_daemon 'cp /bin/busybox /usr/local/sbin/busybox-old; /usr/local/sbin/busybox-old sh -c "rm /usr/local/sbin/busybox-old; sleep 100000; :" &'
}

# TLS 1.0 by the section that the settings lead to.
f_oldtls() {
  sed -i 's/^\[openssl_init\]/&\nssl_conf = lab_tls/' "$R/etc/ssl/openssl.cnf"
  printf '%s\n' '[lab_tls]' 'system_default = lab_default' '[lab_default]' 'MinProtocol = TLSv1' >>"$R/etc/ssl/openssl.cnf"
}

# TLS 1.0 in a section that nothing names.
f_oldtlsunused() { printf '%s\n' '[ unused ]' 'MinProtocol = TLSv1' >>"$R/etc/ssl/openssl.cnf"; }

# A public resolver behind a comment that says otherwise, and one that is.
f_publicresolver() {
  printf '# nameserver 10.0.0.53\nsearch inner.example\nnameserver\t10.0.0.54\nnameserver 223.5.5.5\n' >"$R/etc/resolv.conf"
}

# The stub is this host; the servers behind it are inside, and the public one is a comment.
f_stubresolver() {
  printf 'nameserver 127.0.0.53\n#nameserver 8.8.8.8\n' >"$R/etc/resolv.conf"
  lab_daemon 'mkdir -p /run/systemd/resolve; echo "nameserver 10.0.0.53" >/run/systemd/resolve/resolv.conf'
}

# The register names a port where nothing listens any more (tests/lab/workspace.py).
f_declaredclosed() { :; }

# It listens, and the program that shows what listens is somebody else's.
f_hiddenlistener() {
  lab_daemon 'mkdir -p /run/lab/www; busybox httpd -p 0.0.0.0:9200 -h /run/lab/www'
  mv "$R/usr/bin/ss" "$R/usr/bin/ss.real"
  printf '#!/bin/sh\nss.real "$@" | grep -v :9200\n' >"$R/usr/bin/ss"
  chmod 755 "$R/usr/bin/ss"
}

# The only way out is a modem: so its driver calls the interface.
f_modem() {
  lab_daemon 'printf "DEVTYPE=wwan\\nINTERFACE=eth0\\n" >/run/lab/uevent; mount --bind /run/lab/uevent /sys/class/net/eth0/uevent'
}

# The module says nothing of writing, the part for all does; who may come is asked in a comment.
f_rsyncwritable() {
  lab_enable rsync
  printf '%s\n' 'read only = no' '[drop]' '  path = /srv' '# auth users = copy' >"$R/etc/rsyncd.conf"
}

f_proxypassword() {
  printf '%s\n' '#http_proxy=http://10.0.0.3:3128' 'http_proxy=http://app:Three-Lamps@10.0.0.3:3128' >>"$R/etc/environment"
}

# Root alone reads the one; the other is a comment.
f_proxyclosed() {
  echo 'Acquire::http::Proxy "http://app:Three-Lamps@10.0.0.3:3128";' >"$R/etc/apt/apt.conf.d/80proxy"
  chmod 600 "$R/etc/apt/apt.conf.d/80proxy"
  printf '#http_proxy=http://app:Three-Lamps@10.0.0.3:3128\n' >>"$R/etc/environment"
}

# Refuses by default, and lets in whatever is new: everything, that is. Loaded by hand.
f_firewallopens() {
  f_firewallunsaved
  sed -i 's/ct state established,related accept/ct state established,related,new accept/' "$R/etc/nftables.conf"
}
