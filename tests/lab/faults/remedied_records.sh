# shellcheck shell=bash
# Faults of auditing, logs, clocks and backups for remedies to heal.

f_shorttimes() { sed -i '1i $ActionFileDefaultTemplate RSYSLOG_TraditionalFileFormat' "$R/etc/rsyslog.conf"; }

f_auditdoff() { chroot "$R" systemctl -q disable auditd 2>/dev/null; } # it warns of /proc

# What runs under the name is the lab's.
f_seconddaemon() { lab_named_daemon ntpd; }

# The newest artefact of backup.sh is empty.
f_emptycopy() {
  local newest
  newest=$(ls -t "$R$ARTEFACTS" | head -n 1)
  touch -r "$R$ARTEFACTS/$newest" "$R/etc/lab/when"
  : >"$R$ARTEFACTS/$newest"
  touch -r "$R/etc/lab/when" "$R$ARTEFACTS/$newest"
}
