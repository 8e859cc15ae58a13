# shellcheck shell=bash
# Hosts that are slow, stuck, loud, out of time or out of space.

# Answers, but takes its time over it.
f_slowlogin() { lab_login_shell slowsh 'sleep 3' 'exec /bin/sh "$@"'; }

# Lets in and then does nothing: the script never begins.
f_stucklogin() { lab_login_shell stucksh 'exec sleep 1000'; }

# Says more before the script begins than any greeting may.
f_flood() { lab_login_shell floodsh 'exec yes "nothing of what was asked"'; }

# Its clock is nine years behind: the kernel's clock is the machine's, so its date(1) says so.
f_lateclock() {
  mv "$R/usr/bin/date" "$R/usr/bin/date.real"
  # shellcheck disable=SC2016 # expanded in the host
  printf '%s\n' '#!/bin/sh' 'for word; do case $word in -d* | -r* | --date* | --ref*) exec date.real "$@" ;; esac; done' \
    'exec date.real -d "9 years ago" "$@"' >"$R/usr/bin/date"
  chmod 755 "$R/usr/bin/date"
}

# No byte is left where anything could be written.
f_nospace() {
  printf '%s\n' '#!/bin/sh' 'mount -t tmpfs -o mode=1777,size=1m tmpfs var/tmp' 'mount -o remount,size=1m tmp' >"$R/etc/lab/mounts"
  chmod 755 "$R/etc/lab/mounts"
  lab_after 'for folder in /tmp /var/tmp /dev/shm /run; do cat /dev/zero >$folder/full 2>/dev/null; done; exit 0'
}

# Takes connections and says nothing.
f_silent() { lab_instead_of_sshd '--accept sleep 1000'; }

# Takes connections and never stops to greet.
f_babble() { lab_instead_of_sshd '--accept --inetd yes 220-welcome'; }

lab_login_shell() { # lab_login_shell NAME LINE...
  local file="usr/local/bin/$1"
  shift
  printf '%s\n' '#!/bin/sh' "$@" >"$R/$file"
  chmod 755 "$R/$file"
  chroot "$R" usermod -s "/$file" audit
}

lab_instead_of_sshd() {
  sed -i "s,/usr/sbin/sshd -D.*,/usr/bin/systemd-socket-activate -l 22 $1," "$R/etc/inittab"
}
