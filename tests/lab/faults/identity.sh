# shellcheck shell=bash
# What overrides, comes later, or only looks right: passwords, accounts, su, the SSH server, the console.

# Closed for everybody, and opened for one.
f_matchopens() {
  printf '%s\n' 'X11Forwarding no' 'DisableForwarding yes' 'MaxAuthTries 3' 'LoginGraceTime 30' 'Banner /etc/issue.net' \
    'ClientAliveInterval 300' 'Match User zhou' '  X11Forwarding yes' '  DisableForwarding no' '  MaxAuthTries 20' \
    '  Banner none' '  MaxSessions 50' '  GatewayPorts yes' >"$R/etc/ssh/sshd_config.d/20-limits.conf"
}

# The first value counts, not the last.
f_sshfirst() {
  printf '%s\n' 'MaxAuthTries 8' 'StrictModes no' 'PermitUserEnvironment yes' >"$R/etc/ssh/sshd_config.d/10-first.conf"
  printf '%s\n' 'MaxAuthTries 3' 'StrictModes yes' 'PermitUserEnvironment no' 'LoginGraceTime 30' \
    >"$R/etc/ssh/sshd_config.d/99-last.conf"
}

# pwquality.conf is read after its folder.
f_pwqualityhidden() {
  mkdir -p "$R/etc/security/pwquality.conf.d"
  printf '%s\n' 'minlen = 14' 'minclass = 4' 'maxrepeat = 3' 'maxsequence = 3' 'usercheck = 1' 'enforce_for_root' \
    >"$R/etc/security/pwquality.conf.d/10-strong.conf"
  printf '%s\n' 'minlen = 6' 'minclass = 1' 'usercheck = 0' 'dictcheck=0' '# maxrepeat = 0' >"$R/etc/security/pwquality.conf"
}

f_historyright() { sed -i '/pam_unix/i password requisite pam_pwhistory.so remember=5 use_authtok' "$R/etc/pam.d/common-password"; }

# Behind pam_unix, and optional.
f_historylate() { echo 'password optional pam_pwhistory.so remember=24 use_authtok' >>"$R/etc/pam.d/common-password"; }

f_suwheel() { sed -i '/pam_rootok/a auth required pam_wheel.so use_uid group=sudo' "$R/etc/pam.d/su"; }

# Members of a group become root unasked.
f_sutrust() { sed -i '/pam_rootok/a auth sufficient pam_wheel.so trust use_uid group=users' "$R/etc/pam.d/su"; }

f_rescueopen() {
  mkdir -p "$R/etc/systemd/system/rescue.service.d"
  printf '%s\n' '[Service]' 'ExecStart=' 'ExecStart=-/bin/bash' >"$R/etc/systemd/system/rescue.service.d/shell.conf"
}

f_nogroup() {
  echo 'stray:x:4100:4999::/nonexistent:/usr/sbin/nologin' >>"$R/etc/passwd"
  echo 'stray:!:19000:0:99999:7:::' >>"$R/etc/shadow"
}

# shellcheck disable=SC2016 # a hash of a password that nobody knows
f_grouppassword() { sed -i 's|^users:[^:]*:|users:$6$secauditlab$0123456789abcdef:|' "$R/etc/gshadow"; }

f_expired() {
  # shellcheck disable=SC2016 # a hash of a password that nobody knows
  chroot "$R" useradd -m -s /bin/bash -p '$6$secauditlab$0123456789abcdef' leaver
  chroot "$R" chage -E 2020-01-01 leaver
}

f_firstlogin() {
  # shellcheck disable=SC2016 # a hash of a password that nobody knows
  chroot "$R" useradd -m -s /bin/bash -p '$6$secauditlab$0123456789abcdef' newcomer
  chroot "$R" chage -d 0 newcomer
}

# A later file of profile.d takes it back.
f_tmoutlate() {
  echo 'TMOUT=600; export TMOUT' >"$R/etc/profile.d/10-tmout.sh"
  echo 'export TMOUT=0' >"$R/etc/profile.d/99-comfort.sh"
}

# A later file of profile.d cannot take it back.
f_tmoutfixed() {
  echo 'readonly TMOUT=300; export TMOUT' >"$R/etc/profile.d/10-tmout.sh"
  echo 'export TMOUT=0' >"$R/etc/profile.d/99-comfort.sh"
}

f_dupgid() { chroot "$R" groupadd -o -g 100 people; }

# A hash that everybody can read, and a weak one.
f_hashinpasswd() {
  # shellcheck disable=SC2016 # a hash of a password that nobody knows
  echo 'oldapp:$1$labsalt$0123456789abcdefghijk1:4200:100::/nonexistent:/usr/sbin/nologin' >>"$R/etc/passwd"
}

f_useraddinactive() { chroot "$R" useradd -D -f 30; }

# The last of two lines counts.
f_warntwice() {
  sed -i '/^PASS_WARN_AGE/d' "$R/etc/login.defs"
  printf 'PASS_WARN_AGE\t14\nPASS_WARN_AGE\t3\n' >>"$R/etc/login.defs"
}

# The password is older than everything that the host made when it first started.
f_imagepassword() { chroot "$R" chage -d 2024-01-05 audit; }

# Looks like it: the SSH keys were made anew, and machine-id is older than the password.
f_rekeyed() {
  touch -d 2023-05-01 "$R/etc/machine-id"
  chroot "$R" chage -d 2024-01-05 audit
}

# The line that hides accounts is a comment.
f_screenshows() {
  lab_login_screen lightdm
  mkdir -p "$R/etc/lightdm"
  printf '[Seat:*]\n#greeter-hide-users=true\n' >"$R/etc/lightdm/lightdm.conf"
}

# GDM of Debian takes its defaults without a database.
f_screenhides() {
  lab_login_screen gdm3
  mkdir -p "$R/etc/gdm3"
  printf '[org/gnome/login-screen]\ndisable-user-list = true\n' >"$R/etc/gdm3/greeter.dconf-defaults"
}

f_desktopnever() {
  mkdir -p "$R/usr/share/xsessions" "$R/etc/xdg"
  printf '[Desktop Entry]\nName=Plasma\n' >"$R/usr/share/xsessions/plasma.desktop"
  printf '[Daemon]\n#Autolock=true\nAutolock=false\nTimeout=5\n' >"$R/etc/xdg/kscreenlockerrc"
}

# Another folder says never, and no profile names it.
f_desktoplocks() {
  local d=$R/etc/dconf/db
  mkdir -p "$R/usr/share/wayland-sessions" "$R/etc/dconf/profile" "$d/local.d/locks" "$d/site.d"
  printf '[Desktop Entry]\nName=GNOME\n' >"$R/usr/share/wayland-sessions/gnome.desktop"
  printf 'user-db:user\nsystem-db:local\n' >"$R/etc/dconf/profile/user"
  printf '[org/gnome/desktop/session]\nidle-delay=uint32 300\n' >"$d/local.d/00-lock"
  printf '/org/gnome/desktop/session/idle-delay\n' >"$d/local.d/locks/lock"
  printf '[org/gnome/desktop/session]\nidle-delay=uint32 0\n' >"$d/site.d/00-lock"
  touch -d 2026-01-01 "$d"/*.d/* "$d"/*.d/locks/* "$d"/*.d
  printf GVariant >"$d/local"
  printf GVariant >"$d/site"
}

lab_login_screen() { # NAME
  printf '[Service]\nExecStart=/usr/sbin/%s\n' "$1" >"$R/lib/systemd/system/$1.service"
  ln -s "/lib/systemd/system/$1.service" "$R/etc/systemd/system/display-manager.service"
}

# The argument of the module says otherwise than login.defs.
f_weakargument() { sed -i '/pam_unix/s/yescrypt/md5/' "$R/etc/pam.d/common-password"; }

# New accounts are warned a week ahead, this one is not.
f_warnshort() { chroot "$R" chage -W 3 audit; }

# A netgroup of NIS, where somebody looks for accounts.
f_nisgroup() { echo '+@operators::::::' >>"$R/etc/passwd"; }

# The file that comes later asks in clear, does not look at the certificate and keeps what it heard for ever.
f_ldaplater() {
  sed -i 's/^passwd:.*/& sss/' "$R/etc/nsswitch.conf"
  install -d -m 700 "$R/etc/sssd" "$R/etc/sssd/conf.d"
  printf '%s\n' '[sssd]' 'domains = city' '[domain/city]' 'id_provider = ldap' 'ldap_uri = ldaps://ldap.city.example' \
    'ldap_tls_reqcert = demand' 'cache_credentials = true' '[pam]' 'offline_credentials_expiration = 7' >"$R/etc/sssd/sssd.conf"
  printf '%s\n' '[domain/city]' 'ldap_uri = ldap://ldap.city.example' '[pam]' 'offline_credentials_expiration = 0' \
    >"$R/etc/sssd/conf.d/20-branch.conf"
  chmod 600 "$R/etc/sssd/sssd.conf" "$R/etc/sssd/conf.d/20-branch.conf"
}

# Nothing reads it: it waits for who switches such logins on.
f_trustleft() { echo 'old-server' >"$R/etc/ssh/shosts.equiv"; }

# A password stands there, and nobody is named who must know it.
f_grubopen() {
  mkdir -p "$R/boot/grub"
  printf '%s\n' '# set superusers="root"' 'password_pbkdf2 root grub.pbkdf2.sha512.10000.00.00' 'menuentry Debian { }' >"$R/boot/grub/grub.cfg"
  chmod 600 "$R/boot/grub/grub.cfg"
}
