# shellcheck shell=bash
# What a login session of the audit account is like: shell, noise, locale.

f_loginshell_fish() { chroot "$R" chsh -s /usr/bin/fish audit; }

f_loginshell_csh() { chroot "$R" chsh -s /bin/csh audit; }

# busybox chooses the applet by the name it is called with.
f_loginshell_busybox() {
  ln -s /bin/busybox "$R/usr/local/bin/ash"
  echo /usr/local/bin/ash >>"$R/etc/shells"
  chroot "$R" chsh -s /usr/local/bin/ash audit
}

f_noise() {
  local i
  for i in $(seq 200); do echo "*** $i: authorised use only ***"; done >"$R/etc/motd"
  cp "$R/etc/motd" "$R/etc/issue.net"
  echo 'Banner /etc/issue.net' >"$R/etc/ssh/sshd_config.d/12-banner.conf"
  printf '%s\n' 'echo "noise on stdout"' 'echo "noise on stderr" >&2' 'printf "\033[31mred\033[0m\n"' >"$R/etc/profile.d/noise.sh"
  # Debian's bash reads .bashrc for a command that comes over SSH.
  sed -i '1i . /etc/profile.d/noise.sh' "$R/home/audit/.bashrc"
}

# Set by sshd, by PAM and by the profile: whatever reads its environment sees a Chinese locale that is not UTF-8.
f_chinese() {
  echo 'SetEnv LANG=zh_CN.GB18030 LC_ALL=zh_CN.GB18030' >"$R/etc/ssh/sshd_config.d/13-locale.conf"
  printf '%s\n' LANG=zh_CN.GB18030 LC_ALL=zh_CN.GB18030 >"$R/etc/default/locale"
  cat "$R/etc/default/locale" >>"$R/etc/environment"
  printf '%s\n' 'export LANG=zh_CN.GB18030 LC_ALL=zh_CN.GB18030' >>"$R/home/audit/.profile"
  # A comment in GB18030: 张三 is 0xD5C5 0xC8FD, no valid UTF-8.
  printf 'zhang3:x:1600:1600:\325\305\310\375:/home/zhang3:/usr/sbin/nologin\n' >>"$R/etc/passwd"
  printf 'zhang3:x:1600:\n' >>"$R/etc/group"
  printf 'zhang3:!:19700:0:99999:7:::\n' >>"$R/etc/shadow"
}
