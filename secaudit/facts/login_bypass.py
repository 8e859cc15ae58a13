"""Ways in without authentication: trusted hosts, automatic logins; and keys by which accounts are entered."""

from dataclasses import dataclass

from secaudit.facts.config_files import config_files, number, print_files
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.ssh_keys import key_bits
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

# A line that ends in a backslash goes on in the next (systemd.syntax(7)). Field 4 of inittab(5) is the program: a
# shell there, started again and again, asks nobody; so does login -f.
_LOGINS = r"""FNR == 1 { held = ""; section = "" }
/^[ \t]*[#;]/ { next }
{ sub(/[ \t\r]+$/, "") }
/\\$/ { sub(/\\$/, ""); held = held $0 " "; next }
{ $0 = held $0; held = "" }
/^[ \t]*\[/ { section = $0 }
/getty/ && /(--autologin|[ \t]-a)[ \t=]/ {
  sub(/.*(--autologin|[ \t]-a)[ \t=]+/, ""); sub(/[ \t].*/, ""); print " getty " $0; next }
/getty/ && /(--skip-login|[ \t]-n)([ \t]|$)/ { print " getty --skip-login"; next }
/getty/ && /[ \t](-l|--login-program)[ \t=]+[^ \t]*sh([ \t]|$)/ { print " getty --login-program sh"; next }
/(login|getty)[^:]*[ \t"']-f[ \t]+(--[ \t]+)?[A-Za-z_\\]/ { print " login -f"; next }
FILENAME ~ /inittab$/ {
  split($0, field, ":"); program = field[4]; sub(/^[-+]+/, "", program); sub(/[ \t]*[<>].*/, "", program)
  if (field[3] ~ /^(respawn|askfirst|ondemand)$/ && program ~ /^([^ \t]*\/)?(ba|da|a|k|z)?sh([ \t]+(-l|-i|--login))*$/)
    print " inittab sh"
}
/^[ \t]*AutomaticLoginEnable[ \t]*=[ \t]*([Tt]rue|1)/ { print " gdm AutomaticLoginEnable" }
/^[ \t]*TimedLoginEnable[ \t]*=[ \t]*([Tt]rue|1)/ { print " gdm TimedLoginEnable" }
/^[ \t]*autologin-user[ \t]*=[ \t]*[^ \t]/ { sub(/.*=[ \t]*/, ""); print " lightdm " $0 }
/^[ \t]*User[ \t]*=[ \t]*[^ \t]/ && section ~ /Autologin/ { sub(/.*=[ \t]*/, ""); print " sddm " $0 }"""

# inittab(5) is a left-over where systemd is process 1.
AUTO_LOGIN = Probe(
    "login.automatic",
    r"""inittab=/etc/inittab
if [ "$(cat /proc/1/comm 2>/dev/null)" = systemd ]; then inittab=; fi
for f in /etc/systemd/system/*.wants/debug-shell.service; do
  if [ -L "$f" ]; then echo "#= $f"; echo ' debug-shell.service'; fi
done
if grep -Eqs '(^| )systemd\.debug[-_]shell(=(1|y|yes|t|true|on|/[^ ]*|tty[^ ]*))?( |$)' /proc/cmdline; then
  echo '#= /proc/cmdline'; echo ' systemd.debug-shell'
fi
"""
    + print_files(
        "$inittab /etc/ttys /etc/systemd/system/*getty@*.service.d/*.conf /etc/systemd/system/*getty@*.service"
        " /etc/systemd/system/*getty.service /etc/systemd/system/*getty.service.d/*.conf"
        " /run/systemd/system/*getty@*.service.d/*.conf"
        " /etc/gdm3/daemon.conf /etc/gdm3/custom.conf /etc/gdm/custom.conf /etc/sddm.conf /etc/sddm.conf.d/*.conf"
        " /etc/lightdm/lightdm.conf /etc/lightdm/lightdm.conf.d/*.conf /usr/share/lightdm/lightdm.conf.d/*.conf",
        _LOGINS.replace("'", r"'\''"),
    ),
    reduces=Text(
        "只取免鉴别登录的行，并缩减为程序与账户",
        "only the lines that log somebody in without asking, reduced to the program and the account",
    ),
)

# Daemons that ask hosts.equiv and .rhosts; sshd does with HostbasedAuthentication only.
_READERS = """for f in in.rshd in.rlogind in.rexecd rshd rlogind; do
  for d in /usr/sbin /usr/libexec /usr/local/sbin; do [ ! -e "$d/$f" ] || echo "reader|$d/$f"; done
done
grep -ls '^[^#]*pam_rhosts' /etc/pam.d/* /usr/lib/pam.d/* | grep -Ev '/(rsh|rlogin|rexec)$' | sed 's/^/reader|/'
"""

USUAL = (".ssh/authorized_keys", ".ssh/authorized_keys2")
# Where sshd looks for keys besides its own two places; %h, %u and %U stand for the account (sshd_config(5)).
_PLACES = r"""
for f in /usr/etc/ssh/sshd_config /etc/ssh/sshd_config /etc/ssh/sshd_config.d/*; do
  [ ! -f "$f" ] || set -- "$@" "$f"
done
places="USUAL $(awk '{ sub(/^[ \t]+/, ""); sub(/[ \t]*=[ \t]*/, " ") }
tolower($1) == "authorizedkeysfile" { for (i = 2; i <= NF; i++) { gsub(/"/, "", $i)
  if ($i != "none" && $i !~ /^[.]ssh\/authorized_keys2?$/) print $i } }' "$@" /dev/null | sort -u)"
expand() {
  rest=$1 path=
  while [ 1 ]; do
    case $rest in *%*) path=$path${rest%%\%*} rest=${rest#*\%} ;; *) path=$path$rest; break ;; esac
    case $rest in h*) path=$path$home ;; u*) path=$path$name ;; U*) path=$path$uid ;; *) path=$path% ;; esac
    rest=${rest#?}
  done
}
"""
# A key from anywhere (from="*") is not tied to addresses.
_KEY_LINES = r"""function is_key(kind, text) {
  return kind ~ /^(ssh-(rsa|dss|ed25519)|ecdsa-sha2-nistp[0-9]+|sk-[-a-z0-9@.]+)$/ && text ~ /^AAAA/ }
function tied(options,  n, part, i, anywhere) {
  if (match(options, /(^|[ ,])from="[^"]*"/)) {
    n = split(substr(options, RSTART, RLENGTH), part, /[,"]/)
    for (i = 2; i <= n; i++) { sub(/\/.*/, "", part[i]); if (part[i] ~ /^[*?.:0]*[*?0:][*?.:0]*$/) anywhere = 1 }
    if (!anywhere) return 1
  }
  gsub(/"[^"]*"/, "=", options); return options ~ /(^|[ ,])command=/
}
/^[ \t\r]*(#|$)/ { next }
{ n++; i = 1; while (i < NF && !is_key($i, $(i + 1))) i++
  if (i >= NF) next
  options = ""; for (j = 1; j < i; j++) options = options " " tolower($j)
  gsub(/\\"/, "", options); bare = $(i + 1); sub(/=+$/, "", bare)
  print "key|" who "|" $i "|" length(bare) "|" (tied(options) ? "limited" : "free") "|" path }
END { print "keys|" who "|" n + 0 "|" path }"""

# Only counts and names: what a file of keys or of trusted hosts holds stays on the target.
TRUST = Probe(
    "login.trust",
    "[ ! -f /etc/hosts.equiv ] || echo 'trust|/etc/hosts.equiv'\n"
    "[ ! -f /etc/ssh/shosts.equiv ] || echo 'trust|/etc/ssh/shosts.equiv'\n"
    f"set --{_PLACES.replace('USUAL', ' '.join(USUAL))}set -f\n"
    """for p in $places; do echo "place|$p"; done
while IFS=: read -r name x uid gid gecos home shell; do
  case "$home" in ""|/|/nonexistent|/dev) home= ;; esac
  for f in .rhosts .shosts; do [ -z "$home" ] || [ ! -f "$home/$f" ] || echo "trust|$home/$f"; done
  for p in $places; do
    expand "$p"
    case $path in /*) ;; *) [ -n "$home" ] || continue; path=$home/$path ;; esac
    [ ! -f "$path" ] || awk -v who="$name" -v path="$path" '"""
    + _KEY_LINES
    + """' "$path"
  done
done < /etc/passwd
set +f
"""
    + _READERS
    + "echo 'end'",
    root=True,
    reduces=Text(
        "只取名称、类型和长度，不含密钥、选项和主机",
        "names, kinds and lengths only, no keys, no options and no hosts",
    ),
)


@dataclass(frozen=True, slots=True)
class AutomaticLogin:
    """Somebody is logged in without being asked: in which file, and what it says (``getty root``)."""

    path: str
    how: str


@dataclass(frozen=True, slots=True)
class TrustFile:
    """A file that is to let hosts or users in without authentication (hosts.equiv(5)).

    ``honoured_by`` is what reads it: ``sshd``, the path of another program or of a PAM file, or ``nothing``.
    """

    path: str
    honoured_by: str


@dataclass(frozen=True, slots=True)
class KeyHolders:
    """How many public keys open an account, by one file."""

    account: str
    keys: int
    path: str


@dataclass(frozen=True, slots=True)
class LoginKey:
    """A public key that opens an account; ``bits`` of RSA and DSA, 0 where the kind fixes them.

    ``limited``: it is tied to addresses or to one command (``from=``, ``command=``: sshd(8)).
    """

    account: str
    path: str
    kind: str
    bits: int
    limited: bool


@dataclass(frozen=True, slots=True)
class Trust:
    """What the trust probe printed: trust files, what reads them besides sshd, how many keys, each key.

    ``places`` are the patterns of files that keys were looked for in.
    """

    files: tuple[str, ...]
    readers: tuple[str, ...]
    keys: tuple[KeyHolders, ...]
    each: tuple[LoginKey, ...]
    places: tuple[str, ...]


def parse_automatic_logins(text: str) -> tuple[AutomaticLogin, ...]:
    """``getty root`` under its file → AutomaticLogin; usually there is none."""
    return tuple(AutomaticLogin(file.path, line) for file in config_files(text) for line in file.lines)


def parse_trust(text: str) -> Trust:
    """``trust|/root/.rhosts``, ``keys|ann|2|/home/ann/.ssh/authorized_keys`` → Trust; raises GapFound."""
    files: list[str] = []
    readers: list[str] = []
    keys: list[KeyHolders] = []
    each: list[LoginKey] = []
    places: list[str] = []
    lines = text.split("\n")
    if "end" not in lines:
        raise GapFound(GapReason.TRUNCATED, "the list of trust files is not complete")
    for line in lines:
        word, _, rest = line.partition("|")
        if word == "trust":
            files.append(rest)
        elif word == "reader":
            readers.append(rest)
        elif word == "keys":
            parts = rest.split("|", 2)
            if len(parts) != 3:
                raise GapFound(GapReason.UNPARSABLE, line[:80])
            keys.append(KeyHolders(parts[0], number(parts[1], "number of keys"), parts[2]))
        elif word == "place":
            places.append(rest)
        elif word == "key":
            each.append(_login_key(rest))
        elif line not in ("", "end"):
            raise GapFound(GapReason.UNPARSABLE, line[:80])
    return Trust(tuple(files), tuple(readers), tuple(keys), tuple(each), tuple(places) or USUAL)


def _login_key(text: str) -> LoginKey:
    """``ann|ssh-rsa|372|free|/home/ann/.ssh/authorized_keys``: the length is that of the base64 text."""
    parts = text.split("|", 4)
    if len(parts) != 5 or parts[3] not in ("free", "limited"):
        raise GapFound(GapReason.UNPARSABLE, text[:80])
    account, kind, length, options, path = parts
    return LoginKey(
        account, path, kind, key_bits(kind, number(length, "length of a key") * 3 // 4), options == "limited"
    )


def build_automatic_logins(evidence: Evidence) -> tuple[AutomaticLogin, ...]:
    """The automatic logins."""
    return parse_automatic_logins(evidence.text(AUTO_LOGIN.id))


def build_trust_files(evidence: Evidence) -> tuple[TrustFile, ...]:
    """The trust files, and whether anything honours them; how sshd is set matters only where there are some."""
    found = parse_trust(evidence.text(TRUST.id))
    if not found.files:
        return ()
    honoured_by = found.readers[0] if found.readers else "nothing"
    if any(branch.hostbased for branch in evidence.fact("sshd_branches")):
        honoured_by = "sshd"
    return tuple(TrustFile(path, honoured_by) for path in found.files)


AUTOMATIC_LOGINS = Fact(
    "automatic_logins",
    Text("自动登录", "Automatic logins"),
    tuple[AutomaticLogin, ...],
    build_automatic_logins,
    (AUTO_LOGIN,),
)
TRUST_FILES = Fact(
    "trust_files",
    Text("主机信任文件", "Trust files"),
    tuple[TrustFile, ...],
    build_trust_files,
    (TRUST,),
    uses=("sshd_branches",),
)
