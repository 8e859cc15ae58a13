"""What is asked of passwd(5), shadow(5), login.defs(5) and nsswitch.conf(5). No password hash leaves the target."""

from secaudit.model.evidence import Probe
from secaudit.model.text import Text

# Prints what a password field is, never the field: empty | shadow | nologin | hash:NAME | locked:NAME (crypt(5)).
KIND = r"""
function algorithm(f,  part) {
  if (substr(f, 1, 1) == "$") { split(f, part, "[$]"); return (part[2] in name) ? name[part[2]] : "other" }
  if (substr(f, 1, 1) == "_") return "bsdi-des"
  if (length(f) == 13 && f ~ /^[.\/0-9A-Za-z]+$/) return "des"
  return ""
}
function kind(f,  locked, a) {
  if (f == "") return "empty"
  if (f == "x" || substr(f, 1, 2) == "##") return "shadow"
  locked = (f ~ /^!/); sub(/^!+/, "", f); a = algorithm(f)
  if (a == "") return "nologin"
  return (locked ? "locked:" : "hash:") a
}
BEGIN {
  name["1"] = "md5"; name["2a"] = name["2b"] = name["2x"] = name["2y"] = "bcrypt"; name["5"] = "sha256"
  name["6"] = "sha512"; name["y"] = "yescrypt"; name["gy"] = "gost-yescrypt"; name["7"] = "scrypt"
  name["sm3"] = "sm3"; name["3"] = "nthash"; name["sha1"] = "sha1"; name["md5"] = "sunmd5"
}
"""

# Where nsswitch.conf(5) finds accounts of this host that are not in /etc/passwd; their passwords are not read here.
# nss-systemd makes up root, nobody and accounts of services; people it knows only by such files.
ELSEWHERE = {
    "extrausers": ("/var/lib/extrausers/passwd",),
    "altfiles": ("/usr/lib/passwd",),
    "usrfiles": ("/usr/etc/passwd",),
    "db": ("/var/db/passwd.db", "/var/lib/misc/passwd.db"),
    "systemd": (
        "/var/lib/systemd/home/*.identity",
        "/etc/userdb/*.user",
        "/run/userdb/*.user",
        "/usr/lib/userdb/*.user",
    ),
}

PASSWD = Probe(
    "accounts.passwd",
    f"""set -- /etc/passwd
for f in /usr/etc/login.defs /etc/login.defs /etc/login.defs.d/*.defs /usr/etc/nsswitch.conf /etc/nsswitch.conf; do
  [ -f "$f" ] && set -- "$@" "$f"
done
awk -F: '{KIND}
FILENAME == "/etc/passwd" {{ print "p:" $1 ":" kind($2) ":" $3 ":" $4 ":" $6 ":" $7; next }}
{{ sub(/#.*/, ""); n = split($0, word, /[ \\t]+/); i = (word[1] == "") ? 2 : 1 }}
FILENAME ~ /login.defs/ {{ if (word[i] == "UID_MIN") print "m:" word[i + 1]; next }}
{{ if (word[i] ~ /^(passwd|group|sudoers):$/)
    {{ printf "n:%s", word[i]; while (++i <= n) printf " %s", word[i]; print "" }} }}' "$@" || exit 1
for f in {" ".join(path for paths in ELSEWHERE.values() for path in paths)}; do
  if [ -s "$f" ] || {{ [ -d "${{f%/*}}" ] && [ ! -r "${{f%/*}}" ]; }}; then echo "u:$f"; fi
done""",
    reduces=Text(
        "口令字段只输出种类与算法，备注字段（姓名、电话）不输出",
        "the password field is printed as its kind and algorithm, the comment field (names, telephones) not at all",
    ),
)

SHADOW = Probe(
    "accounts.shadow",
    f"""{{ root cat /etc/shadow && echo '@end'; }} | awk -F: '{KIND}
$0 == "@end" {{ whole = 1; next }}
{{ print $1 ":" kind($2) ":" $3 ":" $4 ":" $5 ":" $6 ":" $7 ":" $8 }}
END {{ exit !whole }}'""",
    root=True,
    as_root=("/usr/bin/cat /etc/shadow",),
    reduces=Text(
        "口令字段只输出种类与算法：empty、nologin、hash:名称、locked:名称",
        "the password field is printed as its kind and algorithm: empty, nologin, hash:NAME, locked:NAME",
    ),
)
