# shellcheck shell=bash
# How root is had, and what stands in the way of a visit on the host itself.

f_sudopassword() { lab_sudoers audit 'audit ALL=(root) ALL'; }

# The tests install what secaudit prints. sshd has no options of its own: with others it cannot be asked by a fixed command.
f_sudolisted() {
  rm "$R/etc/sudoers.d/audit"
  sed -i -E '/sshd -D/s/ -o [A-Za-z]+=[A-Za-z0-9]+//g' "$R/etc/inittab"
  printf 'LogLevel VERBOSE\nMaxStartups 100\n' >"$R/etc/ssh/sshd_config.d/10-lab.conf"
}

f_sudoasks() { :; } # declared as sudo: all, although it asks

f_requiretty() { lab_sudoers tty 'Defaults requiretty'; }

lab_sudoers() { # NAME LINE
  echo "$2" >"$R/etc/sudoers.d/$1"
  chmod 440 "$R/etc/sudoers.d/$1"
}

# Every file system on which somebody may write temporary files is full to the last byte.
f_fulldisk() {
  # shellcheck disable=SC2016 # expanded in the host
  lab_after 'for d in /tmp /run /var/tmp /dev/shm /home/audit/.cache; do
  mkdir -p $d
  case $d in /tmp|/run) ;; *) mount -t tmpfs -o size=64k tmpfs $d ;; esac
  cat /dev/zero >$d/full 2>/dev/null || :
done'
}

# The shell is busybox, and no timeout is there.
f_notimeout() {
  rm "$R/usr/bin/timeout"
  ln -sf /bin/busybox "$R/bin/sh"
}

# Whatever a login can bring along: programs, functions, aliases and start files that lie and leave a mark.
f_hostilepath() {
  local home="$R/home/audit" name lie='echo hostile >>/tmp/hostile; echo "root:x:0:0::/root:/bin/sh"; exit 0'
  mkdir -p "$home/bin"
  for name in sh ls cat awk grep head id date timeout sudo dd find stat sleep setsid; do
    printf '#!/bin/sh\n%s\n' "$lie" >"$home/bin/$name"
    chmod 755 "$home/bin/$name"
  done
  printf 'ls() { %s; }\nexport -f ls\nalias cat="%s"\nexport PATH=/home/audit/bin:$PATH\n' "$lie" "$lie" >"$home/lies"
  cat "$home/lies" "$home/.bashrc" >"$home/bashrc.new" && mv "$home/bashrc.new" "$home/.bashrc"
  cat "$home/lies" >>"$home/.profile"
  printf 'export PATH=/home/audit/bin:$PATH\necho hostile >>/tmp/hostile\n' >"$home/env"
  printf '%s\n' PATH=/home/audit/bin:/usr/bin ENV=/home/audit/env BASH_ENV=/home/audit/env IFS=/ n=x k=none d=1 >"$home/.ssh/environment"
  echo 'PermitUserEnvironment yes' >"$R/etc/ssh/sshd_config.d/11-environment.conf"
  chroot "$R" chown -R audit:audit /home/audit
  chroot "$R" chsh -s /bin/bash audit
}

# It believes that it is nine years earlier.
f_wrongclock() {
  mv "$R/usr/bin/date" "$R/usr/bin/date.real"
  printf '#!/bin/sh\nexec date.real -d "9 years ago" "$@"\n' >"$R/usr/bin/date"
  chmod 755 "$R/usr/bin/date"
}
