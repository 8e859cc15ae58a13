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

f_logindefs() { sed -i 's/^PASS_MAX_DAYS.*/PASS_MAX_DAYS\t99999/;s/^UMASK.*/UMASK\t\t000/' "$R/etc/login.defs"; }

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
