# shellcheck shell=bash
# Bases (one a release, debootstrap'd) and layers (upper directories with more packages on top), made once and kept.

INCLUDE='openssh-server sudo cron passwd iproute2 procps libpam-pwquality busybox-static ca-certificates login adduser
kmod systemd dpkg logrotate rsyslog nftables'

lab_layer_packages() {
  case $1 in
    lists) ;; # apt's lists with the security archive, nothing installed: updates are pending
    hard) echo 'auditd chrony rsync aide unattended-upgrades' ;;
    svc) echo 'redis-server vsftpd inetutils-telnetd inetutils-inetd rsync' ;;
    shells) echo 'fish csh locales' ;;
    *) echo "lab.sh: no layer $1" >&2; return 1 ;;
  esac
}

lab_build() {
  lab_keys
  local release layers layer
  while read -r release; do lab_base "$release"; done < <(lab_plan | awk '{ print $2 }' | sort -u)
  while read -r release layers; do
    for layer in ${layers//,/ }; do
      [ "$layer" = - ] || lab_layer "$release" "$layer"
    done
  done < <(lab_plan | awk '{ print $2, $3 }' | sort -u)
}

lab_keys() {
  local name
  for name in audit stranger; do
    [ -f "$D/keys/$name" ] || ssh-keygen -q -t ed25519 -N '' -C "$name" -f "$D/keys/$name"
  done
}

# A change of this file makes everything anew.
lab_stamp() { sha256sum "$HERE/shell/bases.sh" | cut -c1-16; }

lab_base() {
  local release=$1 b="$D/base/$1"
  [ "$(cat "$b/.stamp" 2>/dev/null)" != "$(lab_stamp)" ] || return 0
  echo "lab: making the base of $release" >&2
  umount -l "$b/proc" 2>/dev/null || true
  lab_down # what runs on the old base
  rm -rf "$b" "$D/layers/$release"-*
  debootstrap --variant=minbase "$release" "$b" "$(lab_main_mirror)" >"$D/debootstrap-$release.log" 2>&1 ||
    { tail -n 5 "$D/debootstrap-$release.log" >&2; return 1; }
  lab_sources "$release" >"$b/etc/apt/sources.list"
  lab_in "$b" "apt-get -qq update && apt-get -qq -y --no-install-recommends install ${INCLUDE//$'\n'/ }"
  rm -rf "$b"/var/lib/apt/lists/* "$b"/etc/ssh/ssh_host_*
  lab_prepare "$b"
  lab_stamp >"$b/.stamp"
}

lab_sources() {
  echo "deb $(lab_main_mirror) $1 main"
  echo "deb $(lab_security_mirror) $1-security main"
}

# The audit account, and an init that starts what a host is to run.
lab_prepare() {
  local b=$1
  chroot "$b" useradd -m -s /bin/bash audit
  echo "audit:$PASSWORD" | chroot "$b" chpasswd 2>/dev/null # pwquality says what it thinks of it
  echo 'audit ALL=(ALL) NOPASSWD: ALL' >"$b/etc/sudoers.d/audit"
  chmod 440 "$b/etc/sudoers.d/audit"
  printf '%s\n' ::sysinit:/etc/lab/start \
    '::respawn:/usr/sbin/sshd -D -o LogLevel=VERBOSE -o MaxStartups=100' \
    '::respawn:/usr/sbin/cron -f' >"$b/etc/inittab"
  mkdir "$b/etc/lab"
  printf '%s\n' '#!/bin/sh' 'mkdir -p /run/sshd /run/lab' '. /etc/lab/daemons' 'exit 0' >"$b/etc/lab/start"
  chmod 755 "$b/etc/lab/start"
  : >"$b/etc/lab/daemons"
}

lab_layer() { # lab_layer RELEASE NAME
  local release=$1 name=$2 l="$D/layers/$1-$2" w="$D/layers/.work" m="$D/layers/.root" lower
  lower="$D/base/$release"
  [ "$(cat "$l.stamp" 2>/dev/null)" != "$(lab_stamp)" ] || return 0
  [ "$name" = lists ] || { lab_layer "$release" lists && lower="$D/layers/$release-lists:$lower"; }
  echo "lab: making the layer $name of $release" >&2
  umount -l "$m/proc" "$m" 2>/dev/null || true
  rm -rf "$l" "$w" "$m"
  mkdir -p "$l" "$w" "$m"
  mount -t overlay overlay -o "lowerdir=$lower,upperdir=$l,workdir=$w" "$m"
  lab_in "$m" "$(lab_layer_script "$name")"
  umount "$m"
  rm -rf "$w" "$m"
  lab_stamp >"$l.stamp"
}

lab_layer_script() {
  echo set -e
  case $1 in
    lists) echo 'apt-get -qq update' ;;
    hard) echo 'apt-get -qq -y upgrade' ;;
  esac
  [ "$1" = lists ] || echo "apt-get -qq -y --no-install-recommends install $(lab_layer_packages "$1")"
  case $1 in
    shells) echo 'localedef -i zh_CN -f UTF-8 zh_CN.UTF-8; localedef -i zh_CN -f GB18030 zh_CN.GB18030' ;;
  esac
}

# A command in a tree, with this machine's way to the archives and no daemon started.
lab_in() {
  local root=$1 conf="$1/etc/apt/apt.conf.d/99lab" policy="$1/usr/sbin/policy-rc.d" log status=0
  log="$D/apt.log"
  cp /etc/resolv.conf "$root/etc/resolv.conf"
  apt-config dump | grep -E '^Acquire::(http|https|Check|Retries|Force)' >"$conf" || true
  printf '%s\n' 'Dir::Cache::pkgcache "";' 'Dir::Cache::srcpkgcache "";' 'Acquire::Languages "none";' \
    'Dpkg::Options:: "--force-unsafe-io";' >>"$conf"
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
  mount -t proc proc "$root/proc"
  DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 chroot "$root" sh -c "$2" </dev/null >"$log" 2>&1 || status=$?
  chroot "$root" apt-get clean
  umount "$root/proc"
  rm -f "$conf" "$policy"
  [ "$status" = 0 ] || { tail -n 20 "$log" >&2; return "$status"; }
}
