# shellcheck shell=bash
# Drivers of a kernel, listed for remedies to block; nothing is loaded.

# Files of modules, as far as a host needs them to know their names.
f_drivers() {
  local modules driver
  modules="$R/lib/modules/$(uname -r)"
  mkdir -p "$modules"
  for driver in cramfs udf dccp sctp usb-storage firewire-ohci cfg80211 bluetooth cdc_ether; do
    echo "kernel/lab/$driver.ko.xz:"
  done >"$modules/modules.dep"
}
