# shellcheck shell=bash
# What remedies do about the kernel: drivers that are listed and never loaded, settings that are files of the host (usual.sh), mounts.

# Files of modules, as far as a host needs them to know their names.
f_drivers() {
  local modules driver
  modules="$R/lib/modules/$(uname -r)"
  mkdir -p "$modules"
  for driver in cramfs udf dccp sctp usb-storage firewire-ohci cfg80211 bluetooth cdc_ether; do
    echo "kernel/lab/$driver.ko.xz:"
  done >"$modules/modules.dep"
}

f_weakkernel() {
  local setting
  for setting in kernel.randomize_va_space=0 kernel.dmesg_restrict=0 kernel.unprivileged_bpf_disabled=0 kernel.perf_event_paranoid=1 \
    fs.suid_dumpable=1 fs.protected_hardlinks=0 fs.protected_symlinks=0 fs.protected_fifos=0 fs.protected_regular=0; do
    echo "${setting#*=}" >"$R/etc/lab/sysctl/${setting%=*}"
  done
}
