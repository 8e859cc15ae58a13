# shellcheck shell=bash
# One bridge, one /16 of the lab's own; the first 10.N that this machine does not use is kept in LAB_DIR/net.

lab_net() {
  [ -f "$D/net" ] || lab_free_net >"$D/net"
  cat "$D/net"
}

lab_free_net() {
  local n
  for n in $(seq 77 126); do
    [ -n "$(ip -o route show root "10.$n.0.0/16")" ] || [ -e "/sys/class/net/lab$n" ] || { echo "$n"; return; }
  done
  echo "lab.sh: no free network between 10.77 and 10.126" >&2
  return 1
}

lab_address() { echo "10.$(lab_net).0.$((${1#h} + 10))"; }

lab_port() { echo "v$(lab_net)-$1"; }

lab_bridge() {
  local bridge
  bridge="lab$(lab_net)"
  [ ! -e "/sys/class/net/$bridge" ] || return 0
  ip link add "$bridge" type bridge
  ip addr add "10.$(lab_net).0.1/16" dev "$bridge"
  ip link set "$bridge" up
}

# The number is given back too: the next lab may find another network in its place.
lab_unbridge() {
  lab_delay off
  ip link del "lab$(lab_net)" 2>/dev/null || true
  rm -f "$D/net"
}

# A host's only interface is born in its own namespace; there is no way out but the bridge.
lab_plug() { # lab_plug NAME PID
  local port
  port=$(lab_port "$1")
  ip link add "$port" type veth peer name eth0 netns "$2"
  ip link set "$port" master "lab$(lab_net)" up
  nsenter -t "$2" -n sh -c "
    ip addr add $(lab_address "$1")/16 dev eth0
    ip link set lo up
    ip link set eth0 up
    ip route add default via 10.$(lab_net).0.1"
}

# A client far away: what runs in the network namespace lab_far reaches every host MS milliseconds later, there and back.
lab_far() { echo "lab$(lab_net)-far"; }

lab_delay() { # lab_delay MS | off
  local far near pid left=100
  far=$(lab_far) near="d$(lab_net)-near"
  if pid=$(cat "$D/delay.pid" 2>/dev/null); then
    ! grep -qz "^$HERE/shell/delay.py\$" "/proc/$pid/cmdline" 2>/dev/null || kill "$pid"
    rm -f "$D/delay.pid"
  fi
  ip netns del "$far" 2>/dev/null || true
  [ "$1" != off ] || return 0
  while [ -e "/sys/class/net/$near" ]; do sleep 0.02; done
  python3 "$HERE/shell/delay.py" "$1" "$near" "d$(lab_net)-far" </dev/null >"$D/delay.log" 2>&1 9>&- &
  echo $! >"$D/delay.pid"
  until [ -e "/sys/class/net/d$(lab_net)-far" ]; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || { cat "$D/delay.log" >&2; return 1; }
    sleep 0.02
  done
  ip netns add "$far"
  ip link set "d$(lab_net)-far" netns "$far"
  ip -n "$far" addr add "10.$(lab_net).255.2/16" dev "d$(lab_net)-far"
  ip -n "$far" link set lo up
  ip -n "$far" link set "d$(lab_net)-far" up
  ip link set "$near" master "lab$(lab_net)" up
}
