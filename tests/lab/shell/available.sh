# shellcheck shell=bash
# What a machine needs to hold the lab.

declare -A program_package=([ip]=iproute2 [unshare]=util-linux [nsenter]=util-linux [flock]=util-linux
  [ssh-keygen]=openssh-client)

lab_check() {
  [ "$(id -u)" = 0 ] || { echo "the lab needs root"; return; }
  local program
  for program in ip debootstrap apt-get unshare nsenter flock ssh-keygen mount mknod nmap; do
    command -v "$program" >/dev/null || { echo "the lab needs the program $program (apt-get install ${program_package[$program]:-$program})"; return; }
  done
  [ -n "$(lab_main_mirror)" ] || { echo "this machine's apt names no Debian archive: set LAB_MIRROR"; return; }
  lab_locked trial
}

# One overlay, one device, one set of namespaces and one veth pair, tried and taken away again.
lab_trial() {
  local t="$D/trial" reason=''
  umount "$t/root" 2>/dev/null || true
  rm -rf "$t"
  mkdir -p "$t/lower" "$t/upper" "$t/work" "$t/root"
  if ! mount -t overlay overlay -o "lowerdir=$t/lower,upperdir=$t/upper,workdir=$t/work" "$t/root" 2>/dev/null; then
    reason="an overlay cannot be mounted on $D (no permission, or it lies on an overlay itself: set LAB_DIR)"
  elif ! mknod "$t/root/null" c 1 3 2>/dev/null || ! : 2>/dev/null >"$t/root/null"; then
    reason="device files cannot be made in $D"
  elif ! unshare --mount --pid --uts --ipc --net --fork --propagation unchanged mount -t proc proc "$t/lower" 2>/dev/null; then
    reason="namespaces cannot be made (unshare is refused)"
  elif ! ip link add labtrial0 type veth peer name labtrial1 2>/dev/null; then
    reason="network interfaces cannot be made (no CAP_NET_ADMIN, or no veth)"
  fi
  ip link del labtrial0 2>/dev/null || true
  umount "$t/lower" 2>/dev/null || true
  umount "$t/root" 2>/dev/null || true
  rm -rf "$t"
  [ -z "$reason" ] || echo "$reason"
}
