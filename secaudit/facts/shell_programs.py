"""Which commands give a shell, or any file, to whoever may run them."""

import re

# Programs that give a shell whatever their arguments are: shells, interpreters, editors and pagers (GTFOBins).
_INTERACTIVE = """
sh bash dash ash ksh zsh csh tcsh fish rbash su sudo runuser pkexec doas busybox toybox nsenter unshare chroot
script screen tmux expect python perl ruby lua php node tclsh irb guile gdb vi vim view vimdiff rvim nvim ex ed
nano pico emacs joe jed mcedit mc less more most man pg info journalctl ftp sftp telnet mysql psql sqlite3
visudo vipw vigr crontab
""".split()
# Programs that run others, or write any file, when their arguments are free.
_FREE_ARGUMENTS = """
env sudoedit setpriv capsh java jjs make cmake gcc cc g++ strace ltrace find xargs awk gawk mawk nawk sed tee cp mv
install ln dd rsync tar cpio zip unzip 7z ar split sort systemctl service systemd-run machinectl init telinit
docker podman ctr crictl kubectl lxc lxd runc nerdctl virsh apt apt-get aptitude dpkg yum dnf rpm zypper apk pip
npm gem snap flatpak ssh scp nc ncat netcat socat curl wget git svn at batch watch time timeout nice ionice
nohup stdbuf taskset flock setarch start-stop-daemon parallel entr logrotate tcpdump nmap tshark redis-cli
useradd usermod userdel passwd chpasswd chown chmod chattr setfacl mount umount insmod modprobe ldconfig ip
openssl sysctl update-alternatives debugfs openvpn run-parts patch systemd-nspawn sshfs ssh-keygen perf rclone restic
borg nginx puppet ansible ansible-playbook gpasswd groupmod groupadd adduser addgroup newusers chgpasswd chgrp setcap
kexec losetup dmsetup fail2ban-client
""".split()
# Programs that read any file, /etc/shadow as well, when their arguments are free.
_READ_ANY = """
cat tac nl head tail grep egrep fgrep zgrep rg ag ack zcat bzcat xzcat zstdcat cut paste comm join diff diff3 sdiff
cmp fold fmt od xxd hd hexdump base32 base64 basenc strings uniq wc pr ul column rev expand unexpand tsort shuf look
iconv jq yq xmllint bat file date csplit uuencode gzip bzip2 xz zstd lzma gpg getent logger readelf objdump ss arp
""".split()
# Programs that move, empty or remove any file when their arguments are free.
_SPOIL_ANY = "rm unlink shred truncate rename".split()
# Programs that run what their arguments name, or write down what they are given: fixed arguments may be a shell.
_RUN_OTHERS = """
env setpriv capsh nice ionice nohup stdbuf taskset flock timeout time watch xargs strace ltrace setarch parallel
systemd-run start-stop-daemon run-parts entr docker podman nerdctl ctr kubectl lxc machinectl systemd-nspawn java make
ssh tee dd patch at batch tar find awk gawk mawk nawk sed chpasswd newusers
""".split()
# python3.11, gcc-12, php8.2: the number of a version is no other program.
_VERSION = re.compile(r"-?[0-9][0-9.]*$")


def gives_shell(command: str) -> bool:
    """``/usr/bin/python3``, ``/usr/bin/tar``; not ``/usr/bin/systemctl ...``, whose arguments are fixed.

    A folder, a wildcard or a regular expression takes in what nobody looked through.
    """
    path, _, arguments = command.partition(" ")
    if path.startswith("!") or path in ("", "ALL", "list"):
        return False
    if path.endswith("/") or path.startswith("^") or set("*?[") & set(path):
        return True
    named = _names(path)
    return bool(named & set(_INTERACTIVE) or (arguments != "..." and named & set(_FREE_ARGUMENTS)))


def gives_files(command: str) -> bool:
    """``/usr/bin/cat``, ``/usr/bin/cat *`` (a wildcard takes in spaces); not ``/usr/bin/cat ...``."""
    path, _, arguments = command.partition(" ")
    return arguments != "..." and bool(_names(path) & {*_READ_ANY, *_SPOIL_ANY})


def may_give_shell(command: str) -> bool:
    """``/usr/bin/env ...``, ``/usr/bin/tee ...``: which arguments are fixed is not known here."""
    path, _, arguments = command.partition(" ")
    return arguments == "..." and bool(_names(path) & set(_RUN_OTHERS))


def _names(path: str) -> set[str]:
    """The program, with and without the number of its version; none of a negated command."""
    name = path.rsplit("/", 1)[-1]
    return set() if path.startswith("!") else {name, _VERSION.sub("", name)}
