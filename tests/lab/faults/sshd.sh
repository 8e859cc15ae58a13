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

f_rootkeyfree() {
  install -d -m 700 "$R/root/.ssh"
  install -m 600 "$D/keys/stranger.pub" "$R/root/.ssh/authorized_keys"
}
