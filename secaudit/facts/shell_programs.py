"""Which commands give a shell to whoever may run them."""

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
openssl sysctl update-alternatives debugfs openvpn
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
    name = path.rsplit("/", 1)[-1]
    named = {name, _VERSION.sub("", name)}
    return bool(named & set(_INTERACTIVE) or (arguments != "..." and named & set(_FREE_ARGUMENTS)))
