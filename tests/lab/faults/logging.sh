# shellcheck shell=bash
# Logs and time.

f_nosyslog() { lab_no_syslog; }

# Every host's logs may be sent here; h4 is the lab's log and time server.
f_loghost() {
  printf '%s\n' 'module(load="imtcp")' 'input(type="imtcp" port="514")' >"$R/etc/rsyslog.d/10-receive.conf"
}

f_logclient() { echo "*.* @@$(lab_address h4):514" >"$R/etc/rsyslog.d/90-forward.conf"; }

# -x: the clock is the machine's and stays alone. The key is for who asks by it.
f_timehost() {
  echo '7 SHA256 ASCII:the-lab-keeps-its-time' >"$R/etc/chrony/chrony.keys"
  printf '%s\n' 'local stratum 8' 'allow' 'keyfile /etc/chrony/chrony.keys' 'driftfile /var/lib/chrony/chrony.drift' 'makestep 1 3' >"$R/etc/chrony/chrony.conf"
  lab_daemon 'mkdir -p /run/chrony; chown _chrony: /run/chrony; chronyd -x'
}

f_timeclient() {
  printf '%s\n' "server $(lab_address h4) iburst minpoll 0 maxpoll 4" 'driftfile /var/lib/chrony/chrony.drift' >"$R/etc/chrony/chrony.conf"
  lab_daemon 'mkdir -p /run/chrony; chown _chrony: /run/chrony; chronyd -x'
  lab_after 'chronyc waitsync 100 0.5 0 0.2 >/dev/null'
}

# Everything, it seems: of logins the last part takes all away (rsyslog.conf(5), !level).
f_forwardnegated() { echo '*.*;auth,authpriv.!debug @10.0.0.9:514' >"$R/etc/rsyslog.d/90-forward.conf"; }

# Says that it seals, and has no key to do so.
f_journalunsealed() {
  lab_journal
  mkdir -p "$R/etc/systemd/journald.conf.d"
  printf '[Journal]\nSeal=yes\n' >"$R/etc/systemd/journald.conf.d/seal.conf"
}

f_journalsealed() {
  lab_journal
  echo key >"$R/var/log/journal/0123456789abcdef0123456789abcdef/fss"
}

lab_journal() { mkdir -p "$R/var/log/journal/0123456789abcdef0123456789abcdef"; }

# Two senders whose records are kept for four weeks; both have been silent for longer than a week.
f_logserver() {
  printf '%s\n' 'module(load="imudp")' 'template(name="Sender" type="string" string="/var/log/remote/%FROMHOST-IP%/%PROGRAMNAME%.log")' \
    'ruleset(name="remote") { action(type="omfile" dynaFile="Sender") }' 'input(type="imudp" port="5514" ruleset="remote")' \
    >"$R/etc/rsyslog.d/11-senders.conf"
  printf '%s\n' '/var/log/remote/*.log {' weekly 'rotate 53' '}' '/var/log/remote/*/*.log {' weekly 'rotate 4' '}' \
    >"$R/etc/logrotate.d/remote"
  local file
  mkdir -p "$R/var/log/remote/10.0.0.7" "$R/var/log/remote/10.0.0.8"
  for file in 10.0.0.7/sshd.log 10.0.0.7/sshd.log.1 10.0.0.8/sshd.log; do echo record >"$R/var/log/remote/$file"; done
  touch -d '20 days ago' "$R/var/log/remote/10.0.0.7/sshd.log.1"
  touch -d '9 days ago' "$R/var/log/remote/10.0.0.7/sshd.log"
  touch -d '30 days ago' "$R/var/log/remote/10.0.0.8/sshd.log"
}
