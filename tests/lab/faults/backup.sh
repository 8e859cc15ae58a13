# shellcheck shell=bash
# The data set "app" lies in /srv/app; its job and its artefacts are what these functions leave behind.

ARTEFACTS=/var/backups/app

f_backup() {
  lab_backup_job
  lab_backup_files 1 300 300 300 300 300
}

f_backup_remote() {
  f_backup
  echo "30 $(lab_quiet_hour) * * * root rsync -a $ARTEFACTS/ backup@$(lab_address h2):/srv/copies/$NAME/" >>"$R/etc/cron.d/app-backup"
}

f_backup_stale() {
  lab_backup_job
  lab_backup_files 30 300 300 300
}

f_backup_empty() {
  lab_backup_job
  lab_backup_files 1 0 300 300 300
}

f_backup_shrinking() {
  lab_backup_job
  lab_backup_files 1 20 120 220 300 300
}

f_backup_nojob() { lab_backup_files 1 300 300 300; }

f_backup_commented() {
  f_backup
  sed -i 's/^[0-9]/# &/' "$R/etc/cron.d/app-backup"
}

# The job writes into a folder where nothing ever arrived.
f_backup_none() {
  lab_backup_job
  mkdir -p "$R$ARTEFACTS"
}

lab_backup_job() {
  mkdir -p "$R/srv/app"
  echo "0 $(lab_quiet_hour) * * * root tar czf $ARTEFACTS/app-\$(date +\\%Y\\%m\\%d).tar.gz /srv/app" >"$R/etc/cron.d/app-backup"
  chmod 644 "$R/etc/cron.d/app-backup"
}

# lab_backup_files DAYS-AGO KILOBYTES...: one artefact a day, the newest first; "1 day ago" is 20 hours.
lab_backup_files() {
  local days=$1 size file
  shift
  install -d -m 750 "$R$ARTEFACTS"
  for size in "$@"; do
    file="$R$ARTEFACTS/app-$(date -d "$days days ago" +%Y%m%d).tar.gz"
    head -c "${size}000" /dev/urandom >"$file"
    chmod 640 "$file"
    touch -d "$((days * 24 - 4)) hours ago" "$file"
    days=$((days + 1))
  done
}
