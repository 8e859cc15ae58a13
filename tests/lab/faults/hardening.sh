# shellcheck shell=bash
# The opposite of a fault: what a careful administrator sets, for level 3.

f_hardened() {
  lab_harden_passwords 90 'enforce_for_root' 'even_deny_root'
  lab_harden_accounts
  lab_harden_sshd
  lab_harden_sessions
  lab_harden_audit
  lab_harden_logs
  lab_automatic_updates
  lab_narrow_sudo
  lab_harden_network
}

# login.defs is right, the accounts that exist are not; root is exempt from complexity and lock-out.
f_partlyhardened() {
  lab_harden_passwords 90 '' ''
  lab_harden_sshd
  lab_harden_audit
}

lab_harden_passwords() { # DAYS, then options of pwquality and faillock that include root
  lab_login_defs "PASS_MAX_DAYS=$1" PASS_MIN_DAYS=1 UMASK=027
  printf '%s\n' 'minlen = 12' 'minclass = 3' 'maxrepeat = 3' 'usercheck = 1' ${2:+"$2"} >"$R/etc/security/pwquality.conf"
  printf '%s\n' 'deny = 5' 'unlock_time = 900' 'fail_interval = 900' ${3:+"$3"} >"$R/etc/security/faillock.conf"
  printf '%s\n' 'Name: Lock an account after failed logins' 'Default: yes' 'Priority: 0' 'Auth-Type: Primary' 'Auth:' \
    '	[default=die] pam_faillock.so authfail' >"$R/usr/share/pam-configs/faillock"
  printf '%s\n' 'Name: Refuse a locked account, forget failures after a success' 'Default: yes' 'Priority: 1024' \
    'Auth-Type: Primary' 'Auth:' '	requisite pam_faillock.so preauth' 'Account-Type: Primary' 'Account:' \
    '	required pam_faillock.so' >"$R/usr/share/pam-configs/faillock_notify"
  printf '%s\n' 'Name: Remember old passwords' 'Default: yes' 'Priority: 512' 'Password-Type: Primary' 'Password:' \
    '	requisite pam_pwhistory.so remember=5 use_authtok' >"$R/usr/share/pam-configs/pwhistory"
  DEBIAN_FRONTEND=noninteractive chroot "$R" pam-auth-update --package
}

lab_harden_accounts() {
  local account
  # shellcheck disable=SC2016 # a hash of a password that nobody knows
  chroot "$R" useradd -m -s /bin/bash -p '$6$secauditlab$Cy9SgV0MCyqGZ0pMTQnEQZT8pJqzO1fZ8o5b0oJv4nKxkTqVt6yXlq8rVwz0oWQ2mG7nJt5sXHdLkq3uYpZ1e/' wang
  for account in audit wang; do
    chroot "$R" chage -M 90 -m 1 -W 7 -d "$(date +%F)" "$account"
    chmod 750 "$R/home/$account"
  done
}

lab_harden_sshd() {
  printf '%s\n' 'PermitRootLogin no' 'PermitEmptyPasswords no' 'HostbasedAuthentication no' 'IgnoreRhosts yes' 'MaxAuthTries 3' \
    'LoginGraceTime 60' 'X11Forwarding no' 'AllowTcpForwarding no' 'LogLevel VERBOSE' 'ClientAliveInterval 300' 'ClientAliveCountMax 2' \
    "AllowUsers audit@10.$(lab_net).0.0/16 wang@10.$(lab_net).0.0/16" \
    'Ciphers chacha20-poly1305@openssh.com,aes256-gcm@openssh.com,aes128-gcm@openssh.com,aes256-ctr' \
    'MACs hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com' \
    'KexAlgorithms curve25519-sha256,curve25519-sha256@libssh.org,diffie-hellman-group16-sha512' \
    >"$R/etc/ssh/sshd_config.d/10-hardened.conf"
  chmod 600 "$R/etc/ssh/sshd_config"
}

lab_harden_sessions() {
  printf '%s\n' 'TMOUT=600' 'readonly TMOUT' 'export TMOUT' >"$R/etc/profile.d/tmout.sh"
  echo 'umask 027' >"$R/etc/profile.d/umask.sh"
}

# On disk and enabled; the kernel's side of auditd belongs to the machine (README.md, limits).
lab_harden_audit() {
  cat >"$R/etc/audit/rules.d/level3.rules" <<'EOF'
-w /etc/passwd -p wa -k identity
-w /etc/group -p wa -k identity
-w /etc/shadow -p wa -k identity
-w /etc/gshadow -p wa -k identity
-w /etc/sudoers -p wa -k privilege
-w /etc/sudoers.d/ -p wa -k privilege
-w /etc/ssh/sshd_config -p wa -k sshd
-w /etc/ssh/sshd_config.d/ -p wa -k sshd
-w /etc/pam.d/ -p wa -k pam
-w /var/log/lastlog -p wa -k logins
-w /var/log/wtmp -p wa -k session
-w /var/log/btmp -p wa -k session
-w /etc/localtime -p wa -k time
-w /etc/audit/ -p wa -k audit
-w /etc/rsyslog.conf -p wa -k logging
-a always,exit -F arch=b64 -S adjtimex,settimeofday,clock_settime -k time
-a always,exit -F arch=b64 -S init_module,finit_module,delete_module -k modules
-a always,exit -F arch=b64 -S chmod,fchmod,fchmodat,chown,fchown,fchownat -F auid>=1000 -F auid!=unset -k permissions
-a always,exit -F arch=b64 -S unlink,unlinkat,rename,renameat -F auid>=1000 -F auid!=unset -k deletion
-e 2
EOF
  sed -i 's/^max_log_file_action.*/max_log_file_action = keep_logs/;s/^num_logs.*/num_logs = 10/' "$R/etc/audit/auditd.conf"
  chroot "$R" systemctl -q enable auditd 2>/dev/null # it warns of /proc
}

# 26 weeks are kept.
lab_harden_logs() { sed -i 's/rotate 4/rotate 26/' "$R/etc/logrotate.conf" "$R/etc/logrotate.d/rsyslog"; }

lab_automatic_updates() {
  printf '%s\n' 'APT::Periodic::Update-Package-Lists "1";' 'APT::Periodic::Unattended-Upgrade "1";' >"$R/etc/apt/apt.conf.d/20auto-upgrades"
}

lab_narrow_sudo() {
  printf '%s\n' 'Defaults use_pty' 'Defaults logfile="/var/log/sudo.log"' 'wang ALL=(root) /usr/bin/systemctl restart app.service' \
    >"$R/etc/sudoers.d/operators"
  chmod 440 "$R/etc/sudoers.d/operators"
}

lab_harden_network() {
  local settings=() place
  for place in all default eth0; do
    settings+=("conf.$place.accept_redirects=0" "conf.$place.send_redirects=0" "conf.$place.rp_filter=1" "conf.$place.log_martians=1")
  done
  printf 'net.ipv4.%s\n' "${settings[@]}" | sed 's/=/ = /' >"$R/etc/sysctl.d/60-level3.conf"
  lab_network_settings "${settings[@]}"
  printf '%s\n' 'net.ipv6.conf.*.accept_redirects = 0' 'net.ipv6.conf.*.accept_ra = 0' >>"$R/etc/sysctl.d/60-level3.conf"
  lab_daemon 'for f in /proc/sys/net/ipv6/conf/*/accept_ra /proc/sys/net/ipv6/conf/*/accept_redirects; do [ ! -e "$f" ] || echo 0 >"$f"; done'
}
