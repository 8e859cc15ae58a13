# shellcheck shell=bash
# Age of apt's lists. A host without the layer "lists" has none at all, as debootstrap leaves it.

# As if apt-get update had run just now, however old the layer and the archive are.
f_lists_fresh() { lab_lists_of 'now'; }

f_lists_stale() { lab_lists_of '60 days ago'; }

# The date that the archive wrote into its release files, and the times of files and folders.
lab_lists_of() {
  local lists="$R/var/lib/apt/lists"
  sed -i "s/^Date: .*/Date: $(LC_ALL=C date -u -d "$1" '+%a, %d %b %Y %H:%M:%S UTC')/" "$lists"/*InRelease
  touch -d "$1" "$lists"/*InRelease "$lists/partial" "$lists"
}

# A security update that is not installed, whatever the archive holds when the lab is built.
f_pendingsecurity() {
  local list
  for list in "$R"/var/lib/apt/lists/*-security_main_binary-*_Packages; do
    printf '%s\n' '' 'Package: busybox-static' 'Version: 9:99.1-1+lab1' "Architecture: $(dpkg --print-architecture)" 'Section: shells' \
      'Priority: optional' 'Filename: pool/lab.deb' 'Size: 1' "SHA256: $(printf '%064d' 0)" 'Description: planted' '' >>"$list"
  done
}

# A source of one's own in the newer format, believed without a signature.
f_trustedsource() {
  printf '%s\n' 'Types: deb' 'URIs: http://packages.internal.example/debian' 'Suites: ./' 'Trusted: yes' >"$R/etc/apt/sources.list.d/own.sources"
}

# One package is held; the pin concerns what is not installed.
f_heldpackage() {
  echo 'bash hold' | chroot "$R" dpkg --set-selections
  printf '%s\n' 'Package: nginx' 'Pin: version 1.18*' 'Pin-Priority: 1001' >"$R/etc/apt/preferences.d/nginx"
}

# A release before the mended one, as dpkg knows it.
f_oldopenssh() {
  sed -i '/^Package: openssh-server$/,/^$/s/^Version: .*/Version: 1:9.2p1-2+deb12u2/' "$R/var/lib/dpkg/status"
}

# A release line that its maker no longer mends, and one of the distribution that is as old and mended by it.
f_makersend() {
  lab_installed mongodb-org-server 4.4.29
  lab_installed nodejs '12.22.12~dfsg-1~deb11u5'
}

# Looks as old: the distribution mends it.
f_oldlooking() { lab_installed nginx 1.18.0-6.1+deb11u3; }
