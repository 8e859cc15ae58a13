#!/bin/sh
# Installs secaudit from the folder of this file. Needs Linux with glibc and Python 3.11, 3.12 or 3.13; no network, no compiler.
# Usage: install.sh [--prefix DIR] [--bin DIR] [--python PROGRAM]
#   --prefix  where it goes (root: /opt/secaudit, with the command in /usr/local/bin; others: ~/.local/share/secaudit, ~/.local/bin)
#   --bin     where the command secaudit is linked (with --prefix: DIR/bin)
#   --python  the Python to use, when the one on PATH is too old
# Exit 0: it is installed and answers. Exit 2: refused, nothing was changed. Exit 1: it failed; what was installed before still works.
set -eu
umask 022
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)

told() { # ENGLISH CHINESE: in the language of the terminal
    case ${LC_ALL:-${LC_MESSAGES:-${LANG:-}}} in
        zh*) printf '%s\n' "$2" ;;
        *) printf '%s\n' "$1" ;;
    esac
}

refuse() { # ENGLISH CHINESE
    echo "install.sh: $(told "$1" "$2")" >&2
    exit 2
}

value() { # OPTION VALUE…: the value of an option
    [ $# -ge 2 ] && [ -n "$2" ] || refuse "$1 needs a value." "$1 需要一个值。"
    printf '%s\n' "$2"
}

prefix='' bin='' python=''
while [ $# -gt 0 ]; do
    case $1 in
        --prefix) prefix=$(value "$@"); shift 2 ;;
        --bin) bin=$(value "$@"); shift 2 ;;
        --python) python=$(value "$@"); shift 2 ;;
        -h | --help) sed -n '2,7s/^# *//p' "$0"; exit 0 ;;
        *) refuse "Unknown option $1; see: install.sh --help" "未知选项 $1；见：install.sh --help" ;;
    esac
done

places() { # where it goes, when nobody says
    if [ -n "$prefix" ]; then
        bin=${bin:-$prefix/bin}
    elif [ "$(id -u)" -eq 0 ]; then
        prefix=/opt/secaudit bin=${bin:-/usr/local/bin}
    elif [ -n "${HOME:-}" ]; then
        prefix=$HOME/.local/share/secaudit bin=${bin:-$HOME/.local/bin}
    else
        refuse "HOME is not set: say where it goes with --prefix DIR." "没有设置 HOME：请用 --prefix DIR 指定安装位置。"
    fi
    for place in "$prefix" "$bin"; do
        case $place in
            *[[:cntrl:]\']*) refuse "No path may hold quotes or control characters." "路径不能含有引号或控制字符。" ;;
            /*) ;;
            *) refuse "$place: an absolute path is needed." "$place：需要绝对路径。" ;;
        esac
    done
}

# VERSION when PROGRAM is a CPython of 64 bits whose version the wheels are for
about_python='
import sys
try:
    import hashlib, json, venv
    sound = sys.implementation.name == "cpython" and sys.maxsize > 2**32 and "t" not in sys.abiflags
    why = "" if sound else "unusual-"
except ImportError as missing:
    why = "without-%s-" % missing.name
print(why + "%d.%d" % sys.version_info[:2])
'

find_python() {
    wanted=$(cat "$here/pythons") || refuse "The bundle is not complete: unpack it again." "离线包不完整：请重新解开。"
    if [ -n "$python" ]; then set -- "$python"; else set -- python3.13 python3.12 python3.11 python3; fi
    seen=''
    for program in "$@"; do
        version=$("$program" -I -c "$about_python" 2>/dev/null) || continue
        case " $wanted " in
            *" $version "*) python=$program; return ;;
        esac
        seen="$seen $program=$version"
    done
    refuse "No suitable Python: one of $wanted is needed (found:${seen:- none}). README.md says how to get one; then: --python PROGRAM" \
        "没有合适的 Python：需要 $wanted 之一（找到：${seen:- 无}）。获取方法见 README.zh-CN.md；然后使用 --python PROGRAM"
}

pip_of_the_bundle() { # RELEASE WORD…: nothing of the caller's environment or of pip's own settings has a say
    at=$1
    shift
    set -- "$here"/wheels/any/pip-*.whl "$@"
    wheel=$1
    shift
    env -i PATH="$PATH" HOME="$at" "$at/bin/python" -I "$wheel/pip" --isolated --disable-pip-version-check --quiet "$@"
}

install_into() { # RELEASE: what an installation that was broken off has left goes first
    rm -rf "$1" && "$python" -I -m venv --without-pip "$1" &&
        pip_of_the_bundle "$1" install --no-index --no-cache-dir --require-hashes --only-binary :all: \
            --find-links "$here/wheels/any" --find-links "$here/wheels/$(uname -m)" --requirement "$here/requirements.txt" &&
        env -i PATH="$PATH" HOME="$1" "$1/bin/secaudit" --version && : >"$1/.complete"
}

switch_to() { # RELEASE: one step, so that there is always a whole secaudit
    former=$(readlink "$prefix/current" || true)
    mkdir -p "$bin"
    ln -sf "$prefix/current/bin/secaudit" "$bin/secaudit"
    [ "$former" != "releases/$1" ] || return 0
    ln -s "releases/$1" "$prefix/.current.$$"
    "$python" -I -c 'import os, sys; os.replace(*sys.argv[1:])' "$prefix/.current.$$" "$prefix/current"
    for old in "$prefix"/releases/*; do
        case releases/${old##*/} in
            "releases/$1" | "$former") ;;
            *) rm -rf "$old" ;;
        esac
    done
}

alone() { # nobody else installs there until this shell ends
    mkdir -p "$prefix/releases"
    : >"$prefix/releases/.secaudit"
    exec 9>"$prefix/.lock"
    "$python" -I -c 'import fcntl; fcntl.flock(9, fcntl.LOCK_EX | fcntl.LOCK_NB)' 2>/dev/null ||
        refuse "Another installation is under way in $prefix." "另一个安装正在 $prefix 中进行。"
}

places
find_python
if { [ -e "$bin/secaudit" ] || [ -L "$bin/secaudit" ]; } && [ "$(readlink "$bin/secaudit" || true)" != "$prefix/current/bin/secaudit" ]; then
    refuse "$bin/secaudit is there already and belongs to something else: remove it, or choose another place with --bin DIR." \
        "$bin/secaudit 已经存在且不属于本安装：请删除它，或用 --bin DIR 另选位置。"
fi
"$python" -I "$here/check_bundle.py" "$here" "$prefix" "$(told en zh)" >&2 || exit 2

name=$("$python" -I "$here/check_bundle.py" --name "$here")
release=$prefix/releases/$name
alone
if [ -e "$release/.complete" ]; then
    told "This bundle is installed already." "该离线包已经安装。"
else
    trap 'exit 1' HUP INT TERM
    trap 'rm -rf "$release"; told "The installation failed; what was there before still works." "安装失败；原有安装不受影响。" >&2' EXIT
    install_into "$release" || exit 1
    trap - EXIT HUP INT TERM
fi
switch_to "$name"
told "secaudit is in $prefix; the command is $bin/secaudit" "secaudit 已安装到 $prefix；命令为 $bin/secaudit"
ours="'$bin/secaudit' '$prefix/current' '$prefix/releases' '$prefix/.lock'"
told "To remove it: rm -rf $ours" "卸载：rm -rf $ours"
