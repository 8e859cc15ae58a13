# shellcheck shell=bash
# Faults of auditing, logs, clocks and backups for remedies to heal.

f_shorttimes() { sed -i '1i $ActionFileDefaultTemplate RSYSLOG_TraditionalFileFormat' "$R/etc/rsyslog.conf"; }

f_auditdoff() { chroot "$R" systemctl -q disable auditd 2>/dev/null; } # it warns of /proc

# What runs under the name is the lab's.
f_seconddaemon() { lab_named_daemon ntpd; }

# The only artefact of backup.sh is overwritten each time, and three days old.
f_onecopy() {
  rm "$R$ARTEFACTS"/*
  echo data >"$R$ARTEFACTS/app-latest.tar.gz"
  touch -d '3 days ago' "$R$ARTEFACTS/app-latest.tar.gz"
  sed -i 's/app-.*\.tar/app-latest.tar/' "$R/etc/cron.d/app-backup"
}
