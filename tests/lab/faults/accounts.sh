# shellcheck shell=bash
# Accounts, passwords, privileges.

f_emptypw() {
  chroot "$R" useradd -m -s /bin/bash guest1
  chroot "$R" passwd -qd guest1
}

f_uid0() { chroot "$R" useradd -o -u 0 -g 0 -M -s /bin/bash toor 2>/dev/null; } # useradd warns

f_dupuid() {
  chroot "$R" useradd -m -u 1500 -s /bin/bash zhang
  chroot "$R" useradd -o -u 1500 -M -s /bin/bash li
}

f_logindefs() { lab_login_defs PASS_MAX_DAYS=99999 UMASK=000; }

# Debian 13 has no line for UMASK.
lab_login_defs() {
  local setting
  for setting in "$@"; do
    sed -i "/^${setting%=*}[[:space:]]/d" "$R/etc/login.defs"
    printf '%s\t%s\n' "${setting%=*}" "${setting#*=}" >>"$R/etc/login.defs"
  done
}

f_sudoall() {
  echo '%users ALL=(ALL) NOPASSWD: ALL' >"$R/etc/sudoers.d/users"
  chmod 440 "$R/etc/sudoers.d/users"
}

f_shadow666() { chmod 666 "$R/etc/shadow"; }

f_suid() {
  cp "$R/bin/dash" "$R/usr/local/bin/rootsh"
  chmod 4755 "$R/usr/local/bin/rootsh"
}

# The password opens this host, no key does.
f_pwonly() { rm "$R/home/audit/.ssh/authorized_keys"; }

# The register says sudo: none; the account has no sudo rule.
f_nosudo() { rm "$R/etc/sudoers.d/audit"; }
