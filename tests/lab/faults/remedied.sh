# shellcheck shell=bash
# Faults for remedies to heal, beside those that other hosts have.

f_remedied() {
  lab_remedied_sudo
  lab_remedied_files
  lab_remedied_sshd
  lab_remedied_packages
  lab_network_settings conf.all.accept_source_route=1 tcp_syncookies=0 icmp_echo_ignore_broadcasts=0
  lab_daemon 'ip link set eth0 promisc on'
}

lab_remedied_sudo() {
  sed -i '/use_pty/d; /secure_path/d' "$R/etc/sudoers"
  lab_sudoers weak 'Defaults !env_reset, timestamp_timeout=-1'
}

# zhang is an account of dupuid; what is open is not what the scan logs in with.
lab_remedied_files() {
  local home="$R/home/zhang"
  chroot "$R" usermod -aG disk zhang
  install -d -m 777 -o 1500 "$home/.ssh"
  install -m 666 -o 1500 "$D/keys/stranger.pub" "$home/.ssh/authorized_keys"
  echo 'alias ll="ls -l"' >"$home/.profile"
  chmod 666 "$home/.profile"
  echo 'machine example login zhang password none' >"$home/.netrc"
  chown 1500 "$home/.profile" "$home/.netrc"
  echo '+ +' >"$R/etc/hosts.equiv"
  printf '#!/bin/sh\ntrue\n' | tee "$R/usr/local/bin/nightly" >"$R/usr/local/bin/weekly"
  chmod 777 "$R/usr/local/bin/nightly"
  chmod 755 "$R/usr/local/bin/weekly"
  chown 1500 "$R/usr/local/bin/weekly"
  printf '0 3 * * * root /usr/local/bin/%s\n' nightly weekly >"$R/etc/cron.d/upkeep"
}

lab_remedied_packages() {
  chroot "$R" apt-mark -qq hold tzdata
  echo 'APT::Get::AllowUnauthenticated "true";' >"$R/etc/apt/apt.conf.d/90unsafe"
}

lab_remedied_sshd() {
  printf '%s\n' 'ClientAliveInterval 0' 'GatewayPorts yes' 'GSSAPIAuthentication yes' 'IgnoreRhosts no' 'LoginGraceTime 0' \
    'MaxSessions 100' 'StrictModes no' 'PermitUserEnvironment yes' >"$R/etc/ssh/sshd_config.d/14-remedied.conf"
  mkdir -p "$R/srv/old" "$R/srv/share"
  cp "$R/bin/true" "$R/srv/old/tool"
  chmod 4755 "$R/srv/old/tool"
  mknod "$R/srv/old/disk" b 8 0
  echo old >"$R/srv/old/left"
  chown 4321 "$R/srv/old/left"
  echo open >"$R/srv/old/open"
  chmod 666 "$R/srv/old/open"
  chmod 777 "$R/srv/share"
}

# The lab waits for what sshd says when it starts, so it is told to keep quiet later.
f_quietsshd() {
  sed -i 's/ -o LogLevel=VERBOSE -o MaxStartups=100//' "$R/etc/inittab"
  lab_after "printf '%s\\n' 'LogLevel QUIET' 'MaxStartups 500' >/etc/ssh/sshd_config.d/16-quiet.conf"
}
