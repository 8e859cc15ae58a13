# shellcheck shell=bash
# Auditing and logs: what a later line, drop-in or file takes back, and what only looks wrong.

# Each line of auditd.conf that is right stands before one that is not: the later one holds.
f_auditdlater() {
  printf '%s\n' 'space_left_action = ignore' 'write_logs = no' >>"$R/etc/audit/auditd.conf"
  sed -i 's/^space_left_action = SYSLOG/space_left_action = email/;s/^admin_space_left_action.*/admin_space_left_action = halt/' "$R/etc/audit/auditd.conf"
}

f_auditddisabled() { rm -f "$R"/etc/systemd/system/multi-user.target.wants/auditd.service "$R"/etc/rc?.d/S??auditd; }

# A drop-in refuses the stop, one behind it allows it again.
f_auditdstop() {
  mkdir -p "$R/etc/systemd/system/auditd.service.d"
  printf '%s\n' '[Unit]' 'RefuseManualStop=yes' >"$R/etc/systemd/system/auditd.service.d/10-refuse.conf"
  printf '%s\n' '[Unit]' 'RefuseManualStop=no' >"$R/etc/systemd/system/auditd.service.d/20-allow.conf"
}

# Everybody may end any process: a rule by way of two aliases.
f_everyonekills() {
  printf '%s\n' 'User_Alias CREW = ALL' 'Cmnd_Alias TOOLS = /usr/bin/env' 'CREW ALL=(root) NOPASSWD: TOOLS' >"$R/etc/sudoers.d/crew"
  chmod 440 "$R/etc/sudoers.d/crew"
}

# rsyslog.conf takes the folder in before its own rules: what is thrown away here reaches none of them.
f_crondiscarded() { echo 'cron.* stop' >"$R/etc/rsyslog.d/10-quiet.conf"; }

# The lines of the log server lie in a file whose name is not taken in.
f_forwardnotread() { echo '*.* @@10.255.0.9:514' >"$R/etc/rsyslog.d/forward.conf.off"; }

# Encrypted, with a queue, over several lines and in another case.
f_forwardsafe() {
  printf '%s\n' 'action(Type="omfwd" Target="10.255.0.9" Port="6514"' ' Protocol="tcp" StreamDriver="ossl" StreamDriverMode="1"' \
    ' queue.type="LinkedList" queue.fileName="fwd")' >"$R/etc/rsyslog.d/90-safe.conf"
}

# /etc/profile.d sets it right, a file behind that takes it back.
f_historylater() {
  echo 'export HISTSIZE=5000 HISTTIMEFORMAT="%F %T "' >"$R/etc/profile.d/history.sh"
  printf '%s\n' 'unset HISTFILE' 'HISTTIMEFORMAT=' >"$R/etc/profile.d/zz-local.sh"
}

# A size of 0 that a later file mends.
f_historymended() {
  echo 'HISTSIZE=0' >"$R/etc/profile.d/a.sh"
  echo "export HISTSIZE=5000 HISTTIMEFORMAT='%F %T '" >"$R/etc/profile.d/b.sh"
}

f_btmpnowhere() { ln -sf /dev/null "$R/var/log/btmp"; }

# Without its bit of execution run-parts passes over it; the timer needs systemd as process 1.
f_rotationoff() { chmod 644 "$R/etc/cron.daily/logrotate"; }

f_logworld() { chmod 644 "$R/var/log/auth.log"; }

# /etc/timezone says Shanghai, the clock does not.
f_zonename() { echo Asia/Shanghai >"$R/etc/timezone"; }

# A copy of the zone's file is as good as a link.
f_zonecopy() { cp --remove-destination "$R/usr/share/zoneinfo/Asia/Shanghai" "$R/etc/localtime"; }

# A daemon that asks a public pool beside its own server, which alone has a key.
f_timemixed() {
  printf '%s\n' 'SERVER 10.255.0.8 iburst key 7' 'pool 2.debian.pool.ntp.org iburst' >"$R/etc/chrony/chrony.conf"
  lab_daemon 'mkdir -p /run/chrony; chown _chrony: /run/chrony; chronyd -x'
}

# The program that runs under the name of the agent is the lab's; who it reports to is in its configuration.
f_monitored() {
  mkdir -p "$R/etc/zabbix" "$R/usr/local/sbin"
  printf '%s\n' '# Server=10.255.0.1' 'Server=127.0.0.1' 'ServerActive=10.255.0.7:10051' >"$R/etc/zabbix/zabbix_agentd.conf"
  cp "$R/usr/bin/sleep" "$R/usr/local/sbin/zabbix_agentd"
  lab_daemon '/usr/local/sbin/zabbix_agentd infinity &'
}

# The configuration of an agent that does not run.
f_monitoringleft() {
  mkdir -p "$R/etc/zabbix"
  echo 'Server=10.255.0.7' >"$R/etc/zabbix/zabbix_agentd.conf"
}

# The host's own mirror, by a file of its own; the others are switched off.
f_ownmirror() {
  : >"$R/etc/apt/sources.list"
  printf '%s\n' 'Types: deb' 'URIs: http://10.255.0.5/debian' 'Suites: trixie' 'Components: main' '' 'Enabled: no' 'Types: deb' \
    'URIs: http://deb.debian.org/debian' 'Suites: sid' 'Components: main' >"$R/etc/apt/sources.list.d/own.sources"
}

# An action that names no protocol sends by UDP.
f_forwardudp() { echo 'action(type="omfwd" target="10.255.0.9" port="514" queue.type="LinkedList" queue.filename="fwd")' >"$R/etc/rsyslog.d/90-log.conf"; }

# Closed to others, and a group of people may change it.
f_logteam() {
  chgrp 100 "$R/var/log/auth.log" # users
  chmod 660 "$R/var/log/auth.log"
}

# The old form, without year and zone, since a line before all others; and so the records that are there.
f_shortrecords() {
  f_shorttimes
  local minute
  for minute in {10..39}; do
    echo "Nov 22 06:$minute:01 $NAME su[71]: pam_unix(su:session): session opened for user root(uid=0) by audit(uid=1000)"
  done >"$R/var/log/auth.log"
}
