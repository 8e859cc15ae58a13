# shellcheck shell=bash
# Where things lie, and what the plan says.

D=${LAB_DIR:-/var/tmp/secaudit-lab}
PLAN=${LAB_PLAN:-$HERE/plan.tsv}
# shellcheck disable=SC2034 # used in bases.sh; tests/lab/hosts.py knows it too
PASSWORD='Audit-Lab-2024!'

# "hN release layers faults" of every host; layers are joined with commas, "-" is none. Fails at what is no such line.
lab_plan() {
  awk '/^#/ || !NF { next }
    NF < 4 || $1 !~ /^h[0-9]+$/ || $2 !~ /^[a-z]+$/ { print "lab.sh: no host of a plan: " $0 >"/dev/stderr"; exit 1 }
    { print }' "$PLAN"
}

lab_planned() { lab_plan | awk '{ print $1 }'; }

lab_plan_of() { lab_plan | awk -v host="$1" '$1 == host { $1 = ""; sub(/^ /, ""); print }'; }

lab_locked() {
  local action=$1
  shift
  mkdir -p "$D"/base "$D"/layers "$D"/hosts "$D"/keys
  exec 9>"$D/lock"
  flock --timeout 1200 9 || { echo "lab.sh: another lab.sh holds $D/lock" >&2; return 1; }
  lab_plan >/dev/null || return 1 # a base of no name would be everything
  "lab_$action" "$@"
}

# The archive that serves a release: the URI which this machine's apt uses for any Debian release.
lab_mirror() { # lab_mirror REGEX-OF-RELEASES
  # shellcheck disable=SC2016 # apt expands them
  apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' |
    awk -v suite="^($1)\$" '$2 ~ suite && $3 == "main" && $1 ~ /^https?:/ { print $1; exit }'
}

RELEASES='bullseye|bookworm|trixie|forky|sid|oldoldstable|oldstable|stable|testing|unstable'

lab_main_mirror() { echo "${LAB_MIRROR:-$(lab_mirror "$RELEASES")}"; }

# Beside the main archive when this machine's apt names no security archive.
lab_security_mirror() {
  local found=${LAB_SECURITY_MIRROR:-$(lab_mirror "($RELEASES)-security")} main
  main=$(lab_main_mirror)
  echo "${found:-${main%/}-security}"
}
