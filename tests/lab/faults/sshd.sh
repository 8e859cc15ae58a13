# shellcheck shell=bash
# The SSH server's settings.

f_rootlogin() { echo 'PermitRootLogin yes' >"$R/etc/ssh/sshd_config.d/10-root.conf"; }

f_sshweak() {
  printf '%s\n' 'PermitEmptyPasswords yes' 'X11Forwarding yes' 'MaxAuthTries 10' 'MACs +hmac-sha1' 'Ciphers +aes128-cbc' \
    >"$R/etc/ssh/sshd_config.d/11-weak.conf"
}
