# shellcheck shell=bash
# Who may do what: sudo's settings, groups, homes, and what root runs. Some only look right, some only look wrong.

# The setting of sudoers stands, a later file takes it back for one account.
f_ptytakenback() { lab_sudoers zz-terminal 'Defaults:audit !use_pty'; }

f_securepathdot() { lab_sudoers 90-path 'Defaults secure_path="/usr/sbin:/usr/bin:/sbin:/bin:."'; }

# A name with a dot is not read: nothing is wrong here.
f_timestampignored() { lab_sudoers forever.conf 'Defaults timestamp_timeout=-1'; }

f_timestampforever() { lab_sudoers forever 'Defaults env_reset, timestamp_timeout = -1'; }

f_envkeep() { lab_sudoers libraries 'Defaults env_keep += "LANG LD_PRELOAD"'; }

f_dockergroup() {
  chroot "$R" groupadd -r docker
  chroot "$R" usermod -aG docker audit
}

# No line of the group names the account: it is its primary group.
f_diskprimary() { chroot "$R" useradd -m -g disk -s /bin/bash store; }

# The program of a unit is closed, the folder that it lies in is not.
f_openfolder() {
  lab_root_script /opt/app/run
  chmod 777 "$R/opt/app"
  printf '[Service]\nExecStart=-/bin/sh -c "exec /opt/app/run --all"\n' >"$R/etc/systemd/system/app.service"
}

# Everybody can write the program, yet a drop-in runs it as nobody, and the unit of the other is masked.
f_opennotroot() {
  lab_root_script /srv/tools/sync
  lab_root_script /srv/tools/old
  chmod 777 "$R/srv/tools/sync" "$R/srv/tools/old"
  mkdir -p "$R/etc/systemd/system/tools.service.d"
  printf '[Service]\nExecStart=/srv/tools/sync\n' >"$R/etc/systemd/system/tools.service"
  printf '[Service]\nUser=nobody\n' >"$R/etc/systemd/system/tools.service.d/user.conf"
  printf '[Service]\nExecStart=/srv/tools/old\n' >"$R/usr/lib/systemd/system/old-tools.service"
  ln -s /dev/null "$R/etc/systemd/system/old-tools.service"
}

# A job of root calls an interpreter with a script that an ordinary account owns.
f_foreignscript() {
  lab_root_script /srv/report/make.py
  chown 1000 "$R/srv/report/make.py"
  echo '30 2 * * * root cd / && nice -n 10 python3 -u /srv/report/make.py >/dev/null 2>&1' >"$R/etc/cron.d/report"
}

lab_root_script() { # PATH
  mkdir -p "$R$(dirname "$1")"
  printf '#!/bin/sh\ntrue\n' >"$R$1"
  chmod 755 "$R$1"
}

f_startfile() {
  : >>"$R/root/.bash_profile"
  chmod 666 "$R/root/.bash_profile"
}

f_privatekey() {
  install -m 644 -o 1000 -g 1000 /dev/null "$R/home/audit/.ssh/id_ed25519"
  chmod 750 "$R/home/audit"
}

f_netrc() { install -m 600 -o 1000 -g 1000 /dev/null "$R/home/audit/.netrc"; }

f_sharedhome() {
  chroot "$R" useradd -m -d /home/team -s /bin/bash lin
  chroot "$R" useradd -M -d /home/team -s /bin/bash hu
}

# Written down, but no kernel here runs SELinux.
f_selinuxpaper() {
  mkdir -p "$R/etc/selinux"
  printf 'SELINUX=enforcing\nSELINUXTYPE=mls\n' >"$R/etc/selinux/config"
}

# Only a search through all files finds these: an open file, an open folder and one that is sticky, files of a removed
# account, a shell with root's rights among data.
f_datafiles() {
  mkdir -p "$R/srv/data/drop" "$R/srv/data/public" "$R/srv/data/.cache"
  printf 'a\n' >"$R/srv/data/table.csv"
  chmod 666 "$R/srv/data/table.csv"
  chmod 777 "$R/srv/data/drop"
  chmod 1777 "$R/srv/data/public"
  chown 4242:4242 "$R/srv/data/.cache"
}

f_datashell() {
  mkdir -p "$R/var/lib/app/cache"
  cp "$R/bin/dash" "$R/var/lib/app/cache/.x"
  chmod 4755 "$R/var/lib/app/cache/.x"
}

# Right in login.defs, yet a start file that is read later says otherwise; and the other way round.
f_umasklater() {
  lab_login_defs UMASK=027
  echo 'umask 002' >"$R/etc/profile.d/zz-team.sh"
}

f_umasksymbolic() { echo 'umask u=rwx,g=rx,o= # closed to others' >"$R/etc/profile.d/umask.sh"; }

# A colon at the end is the current folder.
f_emptypath() { echo 'export PATH=/opt/app/bin:$PATH:' >>"$R/root/.bash_profile"; }

f_librarypath() { echo 'export LD_LIBRARY_PATH=/opt/app/lib' >"$R/etc/profile.d/app.sh"; }

# Nothing is loaded by a comment.
f_preloadcomment() { echo '#/usr/local/lib/agent.so' >"$R/etc/ld.so.preload"; }

f_capableshell() {
  cp "$R/bin/dash" "$R/usr/local/bin/maintain"
  chroot "$R" setcap cap_setuid+ep /usr/local/bin/maintain
}

f_unusedaccount() {
  # shellcheck disable=SC2016 # a hash of a password that nobody knows
  chroot "$R" useradd -m -s /bin/bash -p '$6$secauditlab$Cy9SgV0MCyqGZ0pMTQnEQZT8pJqzO1fZ8o5b0oJv4nKxkTqVt6yXlq8rVwz0oWQ2mG7nJt5sXHdLkq3uYpZ1e/' temp
  chroot "$R" chage -d 2025-01-06 temp
}

lab_polkit_rule() { # TEXT
  mkdir -p "$R/etc/polkit-1/rules.d"
  cp "$R/bin/true" "$R/usr/bin/pkexec"
  echo "$1" >"$R/etc/polkit-1/rules.d/10-operators.rules"
}

f_polkityes() { lab_polkit_rule 'polkit.addRule(function(action, subject) { if (subject.isInGroup("users")) return polkit.Result.YES; });'; }

f_polkitcomment() { lab_polkit_rule '// polkit.addRule(function(action, subject) { return polkit.Result.YES; });'; }

f_doasnopass() {
  cp "$R/bin/true" "$R/usr/bin/doas"
  printf 'permit persist :users\npermit nopass audit cmd vi\n' >"$R/etc/doas.conf"
}

f_cronallow() { echo root >"$R/etc/cron.allow"; }

f_gitcredentials() { install -m 600 /dev/null "$R/root/.git-credentials"; }

f_mailaway() {
  echo elsewhere@example.com >"$R/home/audit/.forward"
  chown 1000:1000 "$R/home/audit/.forward"
}

# The modes are Debian's, and a list lets audit read the hashes; getfacl is not here to tell.
f_acllisted() {
  python3 - "$R/etc/shadow" <<'END'
import os, struct, sys
entries = [(1, 6, -1), (2, 4, 1000), (4, 4, -1), (16, 4, -1), (32, 0, -1)]  # user::, user:1000, group::, mask, other
os.setxattr(sys.argv[1], "system.posix_acl_access", struct.pack("<I", 2) + b"".join(struct.pack("<HHi", *e) for e in entries))
END
}

# The same list where getfacl tells: the mask leaves audit the right to read.
f_acltold() {
  f_acllisted
  printf '#!/bin/sh\nprintf "# file: /etc/shadow\\nuser::rw-\\nuser:audit:rw-\\t#effective:r--\\n\\n"\n' >"$R/usr/bin/getfacl"
  chmod 755 "$R/usr/bin/getfacl"
}
