# shellcheck shell=bash
# Kernel parameters, drivers and mounts that only look right, or only look wrong.

# What sysctl shows is right; a file of the vendor that sorts later undoes it at the next boot.
f_sysctlshadow() {
  echo 'kernel.kptr_restrict = 1' >"$R/etc/sysctl.d/60-site.conf"
  mkdir -p "$R/usr/lib/sysctl.d"
  echo 'kernel.kptr_restrict = 0' >"$R/usr/lib/sysctl.d/99-vendor.conf"
  echo 1 >"$R/etc/lab/sysctl/kernel.kptr_restrict"
}

# Only "all" says no: an interface that says yes is enough for a host that does not forward.
f_redirectsall() {
  printf 'net.ipv%s.conf.all.accept_redirects = 0\n' 4 6 >"$R/etc/sysctl.d/70-redirects.conf"
  lab_network_settings conf.all.accept_redirects=0
}

# Only the interface says yes, by a pattern: enough for the reverse path.
f_rpfilterpattern() {
  echo 'net.ipv4.conf.*.rp_filter = 1' >"$R/etc/sysctl.d/70-reverse-path.conf"
  lab_network_settings conf.eth0.rp_filter=1
}

# Drivers for the machine's kernel: some blocked, one only blacklisted, one blocked in a file that another hides.
f_moduleblocks() {
  local modules driver
  modules="$R/lib/modules/$(uname -r)"
  mkdir -p "$modules" "$R/usr/lib/modprobe.d" "$R/etc/modprobe.d"
  for driver in cramfs udf dccp sctp usb-storage; do echo "kernel/lab/$driver.ko.xz:"; done >"$modules/modules.dep"
  printf 'install %s /bin/false\n' cramfs udf dccp >"$R/etc/modprobe.d/unused.conf"
  echo 'blacklist sctp' >>"$R/etc/modprobe.d/unused.conf"
  echo 'install usb-storage /bin/false' >"$R/usr/lib/modprobe.d/usb.conf"
  : >"$R/etc/modprobe.d/usb.conf"
}

f_promiscuous() { lab_daemon 'busybox ip link set eth0 promisc on'; }

f_mountoptions() { lab_mount_options; }

# As they should be now; fstab forgets one option.
f_mountunsaved() {
  lab_mount_options
  echo 'tmpfs /tmp tmpfs nosuid,nodev 0 0' >>"$R/etc/fstab"
}

lab_mount_options() {
  printf '%s\n' 'cd ../../..' 'mount -o remount,nosuid,nodev,noexec tmp' 'for f in dev/shm var/tmp; do' \
    '  mount -t tmpfs -o nosuid,nodev,noexec,mode=1777 tmpfs $f' 'done' >>"$R/etc/lab/mounts"
}

f_mediaexec() { echo '/dev/sr0 /media/cdrom0 udf,iso9660 user,noauto,exec 0 0' >>"$R/etc/fstab"; }
