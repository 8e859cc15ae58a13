# shellcheck shell=bash
# Hosts: an overlay on base and layers, namespaces of its own, busybox init. Nothing outside LAB_DIR and the bridge is touched.

lab_up() {
  local name names=("$@")
  [ $# -gt 0 ] || mapfile -t names < <(lab_planned)
  lab_build
  lab_bridge
  for name in "${names[@]}"; do lab_running "$name" >/dev/null || lab_start "$name"; done
  for name in "${names[@]}"; do lab_ready "$name"; done
}

lab_down() {
  local name names=("$@")
  [ $# -gt 0 ] || mapfile -t names < <(ls "$D/hosts")
  for name in "${names[@]}"; do lab_stop "$name"; done
  [ $# -gt 0 ] || lab_unbridge
}

# The pid of a host's unshare, if it runs; its only child is the host's init.
lab_running() {
  local pid
  pid=$(cat "$D/hosts/$1/pid" 2>/dev/null) || return 1
  grep -qz "^$D/hosts/$1/root\$" "/proc/$pid/cmdline" 2>/dev/null && echo "$pid"
}

lab_init_pid() {
  local pid
  pid=$(lab_running "$1") || { echo "lab.sh: $1 is not running" >&2; return 1; }
  lab_child "$pid"
}

lab_child() {
  local child=
  read -r child _ <"/proc/$1/task/$1/children" || true
  [ -n "$child" ] && echo "$child"
}

lab_start() {
  local name=$1 H="$D/hosts/$1" release layers faults
  read -r release layers faults < <(lab_plan_of "$name")
  [ -n "$release" ] || { echo "lab.sh: $name is not in $PLAN" >&2; return 1; }
  lab_stop "$name"
  mkdir -p "$H"/{upper,work,root}
  lab_mount "$H" "$release" "$layers"
  lab_furnish "$name" "$H/root" "$faults"
  printf '%s\t%s\t%s\t%s\n' "$name" "$(lab_address "$name")" "$release" "$faults" >"$H/row"
  [[ " $faults " != *' down '* ]] || return 0
  lab_boot "$name" "$H"
}

# Private, so that what a host mounts in its own namespace is not seen outside.
lab_mount() {
  local H=$1 release=$2 lower="$D/base/$2" layer
  for layer in ${3//,/ }; do [ "$layer" = - ] || lower="$D/layers/$release-$layer:$lower"; done
  mount -t overlay overlay -o "lowerdir=$lower,upperdir=$H/upper,workdir=$H/work,volatile" "$H/root"
  mount --make-private "$H/root"
}

# Identity, what every host has, then its faults; R is the host's root and NAME its name in every fault.
lab_furnish() {
  local NAME=$1 R=$2 fault
  echo "$NAME" >"$R/etc/hostname"
  printf '127.0.0.1 localhost\n%s %s\n' "$(lab_address "$NAME")" "$NAME" >"$R/etc/hosts"
  ssh-keygen -q -t ed25519 -N '' -C "$NAME" -f "$R/etc/ssh/ssh_host_ed25519_key"
  chroot "$R" chage -d "$(date +%F)" audit # the base may be months old, the password must not have expired
  lab_usual "$R"
  for fault in $3; do
    [ "$fault" = - ] || { declare -F "f_$fault" >/dev/null && "f_$fault"; } ||
      { echo "lab.sh: the fault $fault of $NAME is unknown or failed" >&2; return 1; }
  done
  chmod -R go-w "$R/etc/lab"
}

lab_boot() {
  local name=$1 H=$2 pid
  mkfifo "$H/made" "$H/go"
  setsid unshare --mount --pid --uts --ipc --net --fork --kill-child --propagation unchanged \
    /bin/sh "$HERE/shell/host-init" "$H/root" "$name" "$H" </dev/null >"$H/log" 2>&1 9>&- &
  pid=$!
  echo "$pid" >"$H/pid"
  timeout 20 cat "$H/made" >/dev/null || { cat "$H/log" >&2; return 1; }
  lab_plug "$name" "$pid"
  echo >"$H/go"
  rm -f "$H/made" "$H/go"
}

# Ready: sshd has written that it listens, or the host is one that never listens.
lab_ready() {
  local name=$1 H="$D/hosts/$1" left=100
  [[ "$(cat "$H/row")" != *[[:space:]]@(down|nosshd|silent|babble)* ]] || return 0
  until cat "$H/root/var/log/auth.log" "/proc/$(lab_init_pid "$name")/root/run/lab/sshd.log" 2>/dev/null |
    grep -q 'Server listening on 0.0.0.0'; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || { echo "lab.sh: sshd of $name does not start" >&2; cat "$H/log" >&2; return 1; }
    sleep 0.1
  done
  [ ! -x "$H/root/etc/lab/after" ] || (lab_exec "$name" /etc/lab/after)
}

lab_stop() {
  local H="$D/hosts/$1" pid
  if pid=$(lab_running "$1"); then
    kill -9 "$(lab_child "$pid")" 2>/dev/null || kill -9 "$pid" # all that a host runs ends with its init; unshare reaps that and ends too
    while lab_running "$1" >/dev/null; do sleep 0.02; done
  fi
  ip link del "$(lab_port "$1")" 2>/dev/null || true
  while mountpoint -q "$H/root" 2>/dev/null; do umount "$H/root" 2>/dev/null || umount -l "$H/root"; done
  rm -rf "$H"
}

lab_list() {
  local name pid
  for name in $(lab_planned); do
    [ -f "$D/hosts/$name/row" ] || continue
    pid=$(lab_init_pid "$name" 2>/dev/null) || pid=-
    printf '%s\t%s\n' "$(cat "$D/hosts/$name/row")" "$pid"
  done
}

lab_exec() {
  local pid
  pid=$(lab_init_pid "$1")
  shift
  exec nsenter -t "$pid" -m -p -n -u -i -r -w -- "$@"
}
