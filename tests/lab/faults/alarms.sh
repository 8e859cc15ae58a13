# shellcheck shell=bash
# Whom the tools tell that find intrusions.

# As the package leaves it where nobody named a manager.
f_wazuhlost() {
  lab_ossec '<!-- <client><server><address>10.255.0.9</address></server></client> -->' \
    '<client><server><address>MANAGER_IP</address></server></client>'
  lab_named_daemon wazuh-agentd
}

# Looks silent: the line that says so is a comment. It mails through a server elsewhere, and needs none here.
f_ossecmails() {
  lab_ossec '<!-- <global><email_notification>no</email_notification></global> -->' \
    '<global><email_notification>yes</email_notification>' \
    '<email_to>duty@office.example</email_to><smtp_server>10.255.0.25</smtp_server></global>'
  lab_named_daemon ossec-analysisd
}

lab_ossec() { # LINE…
  mkdir -p "$R/var/ossec/etc"
  printf '%s\n' '<ossec_config>' "$@" '</ossec_config>' >"$R/var/ossec/etc/ossec.conf"
  chmod 750 "$R/var/ossec" "$R/var/ossec/etc"
  chmod 640 "$R/var/ossec/etc/ossec.conf"
}

# An alias leads to people on duty, and Exim knows no other host.
f_noticesstay() {
  lab_logcheck
  lab_exim local
  printf 'logcheck: root\nroot: duty@office.example\n' >"$R/etc/aliases"
}

# Looks as if it stayed: the line with the address is a continuation.
f_noticesout() {
  lab_logcheck
  lab_exim smarthost
  printf 'logcheck: root\nroot: audit,\n\tduty@office.example\n' >"$R/etc/aliases"
}

lab_logcheck() {
  mkdir -p "$R/etc/logcheck"
  cp "$R/bin/true" "$R/usr/sbin/logcheck"
  echo 'SENDMAILTO="logcheck"' >"$R/etc/logcheck/logcheck.conf"
  printf 'MAILTO=root\n2 * * * * root nice -n10 /usr/sbin/logcheck\n' >"$R/etc/cron.d/logcheck"
}

lab_exim() { # KIND
  mkdir -p "$R/etc/exim4"
  cp "$R/bin/true" "$R/usr/sbin/exim4"
  ln -sf exim4 "$R/usr/sbin/sendmail"
  printf "dc_eximconfig_configtype='%s'\ndc_smarthost='10.255.0.25'\n" "$1" >"$R/etc/exim4/update-exim4.conf.conf"
}
