# shellcheck shell=bash
# The SSH server's settings.

f_rootlogin() { echo 'PermitRootLogin yes' >"$R/etc/ssh/sshd_config.d/10-root.conf"; }

f_sshweak() {
  printf '%s\n' 'PermitEmptyPasswords yes' 'X11Forwarding yes' 'MaxAuthTries 10' 'MACs +hmac-sha1' 'Ciphers +aes128-cbc' \
    >"$R/etc/ssh/sshd_config.d/11-weak.conf"
}

# A key that can be reckoned, behind one that cannot.
f_weakloginkey() {
  ssh-keygen -q -t rsa -b 1024 -N '' -C old -f "$R/tmp/weak"
  cat "$R/tmp/weak.pub" >>"$R/home/audit/.ssh/authorized_keys"
  rm "$R/tmp/weak" "$R/tmp/weak.pub"
}

# A key for root from one address only.
f_rootkeylimited() {
  install -d -m 700 "$R/root/.ssh"
  { printf 'from="192.0.2.1",no-pty '; cat "$D/keys/stranger.pub"; } >"$R/root/.ssh/authorized_keys"
  chmod 600 "$R/root/.ssh/authorized_keys"
}

# A key opens root, and no home holds one.
f_keyselsewhere() {
  install -d -m 755 "$R/etc/ssh/keys"
  install -m 644 "$D/keys/stranger.pub" "$R/etc/ssh/keys/root"
  echo 'AuthorizedKeysFile /etc/ssh/keys/%u .ssh/authorized_keys' >"$R/etc/ssh/sshd_config.d/50-keys.conf"
}

f_rootkeyfree() {
  install -d -m 700 "$R/root/.ssh"
  install -m 600 "$D/keys/stranger.pub" "$R/root/.ssh/authorized_keys"
}

# Closed for everybody, weaker for those who come from one network.
f_matchweakens() {
  printf '%s\n' 'GSSAPIAuthentication no' 'IgnoreRhosts yes' 'Match Address 10.9.0.0/16' '  GSSAPIAuthentication yes' '  IgnoreRhosts no' \
    '  LogLevel QUIET' >"$R/etc/ssh/sshd_config.d/30-branch.conf"
}

# Of this setting the last value counts, not the first (OpenSSH 8.4). What the lab gives on sshd's command line is in the way.
f_startupslast() {
  sed -i 's/ -o MaxStartups=100//' "$R/etc/inittab"
  echo 'MaxStartups 10:30:60' >"$R/etc/ssh/sshd_config.d/05-limits.conf"
  echo 'MaxStartups 10:30:500' >"$R/etc/ssh/sshd_config.d/95-busy.conf"
}

# Beside the key that Debian makes one in a folder of its own.
f_hostkeyelsewhere() {
  mkdir -p "$R/etc/ssh/keys"
  ssh-keygen -q -t rsa -b 1024 -N '' -C "$NAME" -f "$R/etc/ssh/keys/old"
  printf 'HostKey /etc/ssh/%s\n' ssh_host_ed25519_key keys/old >"$R/etc/ssh/sshd_config.d/15-keys.conf"
}

# The first key may run one command, the second anything: no-pty limits nobody.
f_rootkeysecond() {
  install -d -m 700 "$R/root/.ssh"
  { printf 'command="/bin/true" '; cat "$D/keys/stranger.pub"; printf 'no-pty '; cat "$D/keys/audit.pub"; } >"$R/root/.ssh/authorized_keys"
  chmod 600 "$R/root/.ssh/authorized_keys"
}
