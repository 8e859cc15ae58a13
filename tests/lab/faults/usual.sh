# shellcheck shell=bash
# What every host has before its faults. In all faults R is the host's root directory and NAME its name.

lab_usual() {
  install -d -m 700 -o 1000 -g 1000 "$R/home/audit/.ssh"
  install -m 600 -o 1000 -g 1000 "$D/keys/audit.pub" "$R/home/audit/.ssh/authorized_keys"
  echo '# No name server: nothing leaves the lab.' >"$R/etc/resolv.conf"
  # The kernel is the machine's: its messages do not belong into a host's log.
  sed -i '/imklog/d' "$R/etc/rsyslog.conf"
  # Nightly jobs would write on the hosts during a test: they run half a day from now.
  sed -i -E "s/^([0-9]+) 6/\\1 $(lab_quiet_hour)/" "$R/etc/crontab"
  lab_daemon rsyslogd
  lab_history
  # A new network namespace takes its settings from the machine: these are the kernel's own defaults.
  lab_network_settings ip_forward=0 tcp_syncookies=1 icmp_echo_ignore_broadcasts=1 icmp_ignore_bogus_error_responses=1 \
    conf.all.accept_source_route=0 conf.eth0.accept_source_route=1
  local place
  for place in all default eth0; do
    lab_network_settings "conf.$place.accept_redirects=1" "conf.$place.send_redirects=1" "conf.$place.rp_filter=0" \
      "conf.$place.log_martians=0"
  done
  lab_kernel_settings
}

# A host that has been in use: enough records of logins to look at.
lab_history() {
  local minute
  for minute in {10..39}; do
    echo "2026-11-22T06:$minute:01.000000+00:00 $NAME su[71]: pam_unix(su:session): session opened for user root(uid=0) by audit(uid=1000)"
  done >"$R/var/log/auth.log"
  chown 0:4 "$R/var/log/auth.log" # adm
  chmod 640 "$R/var/log/auth.log"
}

# Without a syslog daemon sshd says what it does in a file: the tests count logins.
lab_no_syslog() {
  sed -i '/^rsyslogd$/d' "$R/etc/lab/daemons"
  rm -f "$R/var/log/auth.log"
  sed -i 's|sshd -D|& -E /run/lab/sshd.log|' "$R/etc/inittab"
}

lab_quiet_hour() { echo $((($(date +%-H) + 12) % 24)); }

lab_daemon() { echo "$*" >>"$R/etc/lab/daemons"; }

lab_network_settings() { # NAME=VALUE...
  local setting
  for setting in "$@"; do
    lab_daemon "echo ${setting#*=} >/proc/sys/net/ipv4/$(tr . / <<<"${setting%=*}")"
  done
}

# Settings of the shared kernel that checks read, shown to every host with Debian's defaults, whatever this machine has; of its
# security modules nothing is seen.
lab_kernel_settings() {
  local d="$R/etc/lab/sysctl" setting
  mkdir -p "$d"
  # What not every kernel has is hidden everywhere.
  for setting in kernel/randomize_va_space=2 kernel/kptr_restrict=0 kernel/dmesg_restrict=1 kernel/sysrq= \
    kernel/kexec_load_disabled= kernel/unprivileged_bpf_disabled=2 kernel/perf_event_paranoid=3 \
    kernel/yama/ptrace_scope= fs/suid_dumpable=0 fs/protected_hardlinks=1 fs/protected_symlinks=1 fs/protected_fifos=1 \
    fs/protected_regular=2 kernel/core_pattern=core; do
    echo "${setting#*=}" >"$d/$(tr / . <<<"${setting%=*}")"
  done
  # shellcheck disable=SC2016 # expanded in the host
  printf '%s\n' '#!/bin/sh' 'cd "$(dirname "$0")/sysctl"' \
    'for f in *; do t=../../../proc/sys/$(echo "$f" | tr . /); if [ -e "$t" ]; then mount --bind "$f" "$t"; fi; done' \
    'for d in fs/selinux module/apparmor module/module/parameters class/tpm firmware/efi kernel/security devices/system/cpu/vulnerabilities; do' \
    '  [ ! -d ../../../sys/$d ] || mount -t tmpfs none ../../../sys/$d' 'done' >"$R/etc/lab/mounts"
  chmod 755 "$R/etc/lab/mounts"
}
