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

# Files are right, and somebody has set the running kernel otherwise.
f_kerneltaken() {
  local setting
  printf '%s\n' 'kernel.randomize_va_space = 2' 'kernel.dmesg_restrict = 1' 'fs.suid_dumpable = 0' 'fs.protected_regular = 2' \
    'kernel.unprivileged_bpf_disabled = 1' 'kernel.perf_event_paranoid = 3' >"$R/etc/sysctl.d/60-site.conf"
  for setting in kernel.randomize_va_space=1 kernel.dmesg_restrict=0 fs.suid_dumpable=1 fs.protected_regular=0 \
    kernel.unprivileged_bpf_disabled=0 kernel.perf_event_paranoid=1; do
    echo "${setting#*=}" >"$R/etc/lab/sysctl/${setting%=*}"
  done
}

f_networktaken() {
  printf 'net.ipv4.%s\n' 'conf.all.accept_source_route = 0' 'tcp_syncookies = 1' 'icmp_echo_ignore_broadcasts = 1' \
    >"$R/etc/sysctl.d/70-site.conf"
  lab_network_settings conf.all.accept_source_route=1 tcp_syncookies=0 icmp_echo_ignore_broadcasts=0
}

# Drivers for the machine's kernel: named in a file that is not read, blacklisted, or installed by a command of one's own.
f_driversloadable() {
  local modules driver
  modules="$R/lib/modules/$(uname -r)"
  mkdir -p "$modules" "$R/etc/modprobe.d"
  for driver in cramfs udf dccp sctp usb-storage firewire-ohci; do echo "kernel/lab/$driver.ko.xz:"; done >"$modules/modules.dep"
  printf 'install %s /bin/false\n' cramfs udf dccp sctp usb-storage firewire-ohci >"$R/etc/modprobe.d/unused.conf.off"
  printf '%s\n' 'blacklist udf' 'blacklist sctp' 'install cramfs /sbin/modprobe --ignore-install cramfs' >"$R/etc/modprobe.d/site.conf"
}

# The last word of a kernel's command line counts.
f_bootline() {
  echo 'BOOT_IMAGE=/vmlinuz root=/dev/vda1 init_on_free=1 quiet init_on_free=0' >"$R/etc/lab/cmdline"
  echo 'mount --bind ../cmdline ../../../proc/cmdline' >>"$R/etc/lab/mounts"
}

# One flaw is mended, of the other the kernel tells that it tried.
f_flawedcpu() {
  printf '%s\n' 'd=../../../sys/devices/system/cpu/vulnerabilities' "echo 'Mitigation: PTI' >\$d/meltdown" \
    "echo 'Vulnerable: Clear CPU buffers attempted, no microcode' >\$d/mds" >>"$R/etc/lab/mounts"
}

# A newer kernel of the same flavour lies there since the last start.
f_kernelwaits() {
  local running
  running=$(uname -r)
  mkdir -p "$R/boot"
  touch "$R/boot/vmlinuz-$running" "$R/boot/vmlinuz-99.${running#*.}"
}

# In fstab, and mounted by nobody.
f_tmponroot() {
  echo 'tmpfs /tmp tmpfs nosuid,nodev,noexec 0 0' >>"$R/etc/fstab"
  echo 'umount ../../../tmp' >>"$R/etc/lab/mounts"
}

f_straydisk() {
  mkdir -p "$R/srv/spool/.cache"
  mknod -m 660 "$R/srv/spool/.cache/disk" b 8 0
}
