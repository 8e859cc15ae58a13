# shellcheck shell=bash
# Hosts that go wrong between us and them.

f_down() { :; } # nothing is started: nobody answers at the address

f_changedkey() { :; } # the known_hosts of the tests holds another key

f_secrets() { :; } # the tests plant secrets here

f_unknownkey() { :; } # the known_hosts of the tests does not name it

f_nosshd() { sed -i '/sshd -D/d' "$R/etc/inittab"; } # refused

# Packets to port 22 vanish: a connection neither opens nor is refused.
f_filtered() { echo 'nft add table inet hole && nft add chain inet hole in "{ type filter hook input priority 0; }" && nft add rule inet hole in tcp dport 22 drop' >>"$R/etc/lab/daemons"; }

f_gate() { :; } # the first jump host of the tests

f_innergate() { :; } # the second

f_onlyfromgate() { lab_only_from h31; }

f_onlyfrominner() { lab_only_from h32; }

# Packets to port 22 from anywhere but that host vanish.
lab_only_from() { echo "nft add table inet door && nft add chain inet door in '{ type filter hook input priority 0; }' && nft add rule inet door in ip saddr != $(lab_address "$1") tcp dport 22 drop" >>"$R/etc/lab/daemons"; }

# PAM asks for the password in a dialogue, and nothing else opens.
f_dialogue() {
  rm "$R/home/audit/.ssh/authorized_keys"
  printf '%s\n' 'PasswordAuthentication no' 'KbdInteractiveAuthentication yes' 'UsePAM yes' >"$R/etc/ssh/sshd_config.d/10-dialogue.conf"
}

f_wrongkey() { install -m 600 -o 1000 -g 1000 "$D/keys/stranger.pub" "$R/home/audit/.ssh/authorized_keys"; }

# The register says sudo: all; sudo says no.
f_sudorefused() { rm "$R/etc/sudoers.d/audit"; }

# Pipes that nobody writes to, where configuration is read; in sshd's folder once sshd itself has started.
f_hang() {
  mkfifo "$R/etc/cron.d/hang"
  lab_after 'mkfifo /etc/ssh/sshd_config.d/90-hang.conf'
}

# Devices without end where configuration is read, and a crontab that is far too long.
f_endless() {
  ln -s /dev/zero "$R/etc/cron.d/zero"
  ln -s /dev/zero "$R/etc/rsyslog.d/90-zero.conf"
  lab_no_syslog # rsyslogd would read it
  sed -i '/cron -f/d' "$R/etc/inittab" # so would cron
  yes '0 0 1 1 * root true' | head -c 64000000 >"$R/etc/cron.d/flood"
}

# The login shell sends 3,000 bytes and then kills the server's process of this session.
f_lost() {
  # shellcheck disable=SC2016 # expanded in the host
  printf '%s\n' '#!/bin/sh' '/bin/sh "$@" | head -c 3000' 'kill -9 "$PPID"' >"$R/usr/local/bin/lostsh"
  chmod 755 "$R/usr/local/bin/lostsh"
  chroot "$R" usermod -s /usr/local/bin/lostsh audit
}

# A script that runs inside once sshd listens.
lab_after() {
  printf '#!/bin/sh\n%s\n' "$1" >"$R/etc/lab/after"
  chmod 755 "$R/etc/lab/after"
}
