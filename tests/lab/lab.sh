#!/bin/bash
# A lab of real Debian hosts on one Linux machine: a debootstrap'd base a release, an overlay and its own namespaces a host.
#   lab.sh check             prints in one line why there can be no lab here, or nothing (exit 0 either way)
#   lab.sh build             makes the bases and layers that plan.tsv needs (cached in LAB_DIR)
#   lab.sh up [hN...]        starts all hosts of plan.tsv, or the named ones; what runs is left alone
#   lab.sh down [hN...]      stops and deletes all hosts, or the named ones
#   lab.sh cut | join        takes the bridge down, so that no host answers; and up again
#   lab.sh delay MS | off    a client in the network namespace `lab.sh far` reaches every host MS milliseconds later, there and back
#   lab.sh far               prints the name of that namespace (ip netns exec NAME CMD...)
#   lab.sh list              host, address, release, faults, pid of init (- when it is not running)
#   lab.sh exec hN CMD...    runs a command inside a host as root
# LAB_DIR (default /var/tmp/secaudit-lab), LAB_MIRROR and LAB_SECURITY_MIRROR (default: this machine's apt), LAB_PLAN.
set -eu
PATH=$PATH:/usr/sbin:/sbin
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
for part in "$HERE"/shell/*.sh "$HERE"/faults/*.sh; do
  # shellcheck source=/dev/null
  . "$part"
done

command=${1:-help}
[ $# -eq 0 ] || shift
case $command in
  check) lab_check ;;
  build | up | down | delay) lab_locked "$command" "$@" ;;
  cut) ip link set "lab$(lab_net)" down ;;
  join) ip link set "lab$(lab_net)" up ;;
  far) lab_far ;;
  list) lab_list ;;
  exec) lab_exec "$@" ;;
  *) sed -n '2,13s/^# \{0,1\}//p' "$0" ;;
esac
