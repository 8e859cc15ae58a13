#!/bin/sh
# Makes sure the system programs that `make` needs are there. Usage: system-programs.sh venv|audit|test
# Root on Debian: what is missing is installed. Anybody else: it is named, with the command to type.
# Exit 1 only when a program is missing that nothing works without.
set -eu

missing=''   # Debian packages to install
required=''  # those of them that nothing works without

need() { # PACKAGE: nothing works without it
    missing="$missing $1"
    required="$required $1"
}

want() { # PROGRAM PACKAGE WHAT-IS-LOST-WITHOUT-IT
    PATH="$PATH:/usr/sbin:/sbin" command -v "$1" >/dev/null 2>&1 && return
    missing="$missing $2"
    echo "$1 is not installed. Without it: $3."
}

want_pango() { # the library that lays out PDF
    PATH="$PATH:/usr/sbin:/sbin" ldconfig -p 2>/dev/null | grep -q 'libpangoft2-1\.0\.so\.0' && return
    missing="$missing libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
    echo "Pango is not installed. Without it: the PDF of a report is not tried."
}

want_chinese() { # any font with Chinese characters
    command -v fc-list >/dev/null 2>&1 && [ -n "$(fc-list :lang=zh-cn family)" ] && return
    missing="$missing fontconfig fonts-droid-fallback"
    echo "No font has Chinese characters. Without one: the PDF of a report is not tried."
}

on_debian_as_root() { [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; }

# A package must bring its program, not switch on a service on somebody's machine.
install() {
    policy=/usr/sbin/policy-rc.d
    if [ ! -e "$policy" ]; then
        trap 'rm -f "$policy"' EXIT
        trap 'exit 130' INT TERM
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod 755 "$policy"
    fi
    echo "Installing with apt-get:$missing"
    log=$(mktemp)
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086  # a list of package names
    if { apt-get -q update; apt-get -qy install --no-install-recommends $missing; } >"$log" 2>&1; then
        case $missing in *openssh-server*) leave_sshd_off ;; esac
        rm -f "$log"
        return
    fi
    cat "$log" >&2
    rm -f "$log"
    return 1
}

leave_sshd_off() {
    command -v systemctl >/dev/null 2>&1 || return 0
    systemctl disable ssh.service ssh.socket >/dev/null 2>&1 || true # one of the two exists, by release
    echo "openssh-server was installed for the tests only: its service is neither started nor enabled."
}

name_what_to_type() {
    if command -v apt-get >/dev/null 2>&1; then
        echo "To install what is missing, type:  sudo apt-get install --no-install-recommends$missing"
    else
        echo "Install with your system's package manager (names of Debian):$missing"
    fi
}

case ${1-} in
venv)
    "${PYTHON:-python3}" -c 'import ensurepip, venv' 2>/dev/null || need python3-venv
    ;;
audit)
    want nmap nmap "the outside view of open ports stays a gap in the report"
    ;;
test)
    want sshd openssh-server "the SSH tests against a real server fail"
    for shell in busybox csh fish; do
        want "$shell" "$shell" "the visit is not tried in this shell"
    done
    want pdftotext poppler-utils "what stands in a PDF is not read back"
    want_pango
    want_chinese
    want gawk gawk "what hosts are asked is not tried with the awk of CentOS, openEuler, Kylin and SLES"
    for program in ip:iproute2 debootstrap:debootstrap nmap:nmap pgrep:procps ssh-keygen:openssh-client; do
        want "${program%:*}" "${program#*:}" "the lab of Debian hosts is left out"
    done
    ;;
*)
    echo "usage: $0 venv|audit|test" >&2
    exit 2
    ;;
esac

[ -n "$missing" ] || exit 0
if on_debian_as_root && install; then
    exit 0
fi
name_what_to_type
if [ -n "$required" ]; then
    echo "This is needed first:$required" >&2
    exit 1
fi
