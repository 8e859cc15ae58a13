# shellcheck shell=bash
# Scheduled jobs.

f_wwcron() {
  echo '* * * * * root true' >"$R/etc/cron.d/job"
  chmod 666 "$R/etc/cron.d/job"
}

# tmpwatch cleans both, with the rules of systemd idle.
f_tmpwatch() { echo '10 4 * * * root /usr/sbin/tmpwatch 240 /tmp /var/tmp' >"$R/etc/cron.d/tmpwatch"; }

# Looks as if it did: cron passes over a name with a dot.
f_tmpwatchunread() { echo '10 4 * * * root /usr/sbin/tmpwatch 240 /tmp /var/tmp' >"$R/etc/cron.d/tmpwatch.cron"; }
