"""What the SSH daemon is asked: ``sshd -T`` for a stranger and for root, then once for each Match block."""

from secaudit.model.evidence import Probe

# Only these are printed; a Match block that sets none of them is not asked for.
KEYWORDS = (
    "port permitrootlogin passwordauthentication kbdinteractiveauthentication challengeresponseauthentication"
    " permitemptypasswords hostbasedauthentication ignorerhosts usepam pubkeyauthentication authenticationmethods"
    " maxauthtries logingracetime clientaliveinterval clientalivecountmax channeltimeout allowusers allowgroups"
    " denyusers denygroups ciphers macs kexalgorithms hostkeyalgorithms pubkeyacceptedalgorithms"
    " pubkeyacceptedkeytypes loglevel permituserenvironment gssapiauthentication kerberosauthentication"
    " authorizedkeysfile listenaddress"
).split()

# The user and the address of a connection that no Match block means (RFC 5737).
STRANGER = "user=secaudit-nobody,host=stranger.invalid,addr=192.0.2.254,laddr=127.0.0.1,lport=22"

# One line for each Match block: number, whether a connection it means could be made up, for root too, its own
# criteria, its keywords. A criterion names a user, a group (its first member stands for it), an address or a host;
# of a list the first pattern that is not negated; * and ? become a letter, or a digit in an address.
_MATCHES = r"""
function witness(list, filler,  n, part, i, w) {
  n = split(list, part, ",")
  for (i = 1; i <= n; i++) if (part[i] !~ /^!/) {
    w = part[i]; sub(/\/[0-9]+$/, "", w); gsub(/[*?]/, filler, w); return w
  }
  return ""
}
function finish(  i, name, value, user, host, addr, laddr, lport, good, root) {
  if (head == "") return
  good = 1; root = 0; user = "secaudit-nobody"; host = "stranger.invalid"; addr = "192.0.2.254"
  laddr = "127.0.0.1"; lport = "22"
  n = split(head, word, /[ \t]+/)
  for (i = 2; i <= n; i += 2) {
    name = tolower(word[i]); value = word[i + 1]; gsub(/"/, "", value)
    if (name == "all") { i--; root = 1 }
    else if (name == "user") { user = witness(value, "x"); named = 1 }
    else if (name == "group") { user = member(witness(value, "x")); named = 1 }
    else if (name == "address") addr = witness(value, "1")
    else if (name == "host") host = witness(value, "x")
    else if (name == "localaddress") laddr = witness(value, "1")
    else if (name == "localport") lport = witness(value, "1")
    else good = 0
  }
  if (user == "" || addr == "" || host == "" || laddr == "" || lport == "") good = 0
  count++
  print "#match " count " " good " " (named ? 0 : 1) " user=" user ",host=" host ",addr=" addr ",laddr=" laddr \
    ",lport=" lport " " set " " head
  head = ""; named = 0
}
function member(group,  m, p) {
  if (!(group in gid)) return ""
  split(listed[group], m, ","); if (m[1] != "") return m[1]
  return primary[gid[group]]
}
FILENAME == "/etc/group" { split($0, f, ":"); gid[f[1]] = f[3]; listed[f[1]] = f[4]; next }
FILENAME == "/etc/passwd" { split($0, f, ":"); if (!(f[4] in primary)) primary[f[4]] = f[1]; next }
FNR == 1 { finish() }
{ sub(/^[ \t]+/, ""); sub(/[ \t\r]+$/, "") }
/^#/ || $0 == "" { next }
{ key = tolower($1); sub(/[="].*/, "", key) }
key == "match" { finish(); head = $0; sub(/[ \t]+#.*/, "", head); set = "-"; next }
head != "" && index(wanted, " " key " ") { set = set "," key }
END { finish() }
"""

_INCLUDES = (
    r"""awk 'tolower($1) == "include" { for (i = 2; i <= NF; i++)"""
    r""" { gsub(/"/, "", $i); print ($i ~ /^\// ? $i : "/etc/ssh/" $i) } }' """
)

_PRINT = f"""awk -v wanted=" {" ".join(KEYWORDS)} " 'index(wanted, " " $1 " ")'"""

SSHD = Probe(
    "sshd.effective",
    f"""if ! command -v sshd >/dev/null 2>&1; then echo '#absent'; else
ask() {{
  echo "#branch $1"
  if effective=$(sshd -T -C "$2"); then printf '%s\\n' "$effective" | {_PRINT}; else echo "#failed"; fi
}}
ask 'default stranger' '{STRANGER}'
ask 'default root' '{STRANGER.replace("secaudit-nobody", "root")}'
c=/etc/ssh/sshd_config; [ -e "$c" ] || c=/usr/etc/ssh/sshd_config
set -- "$c"
for f in $({_INCLUDES}"$c"); do [ -f "$f" ] && set -- "$@" "$f"; done
for f in $(shift; [ $# -eq 0 ] || {_INCLUDES}"$@"); do [ -f "$f" ] && set -- "$@" "$f"; done
awk -v wanted=" {" ".join(KEYWORDS)} " '{_MATCHES}' /etc/group /etc/passwd "$@" | head -n 30 |
while read -r mark number good root spec set head; do
  echo "$mark $number $good $root $spec $set $head"
  if [ "$good" = 1 ] && [ "$set" != - ]; then
    ask "$number named" "$spec"
    [ "$root" = 0 ] || ask "$number root" "user=root,${{spec#*,}}"
  fi
done
fi""",
    root=True,
    timeout_s=20,
    reduces="only the keywords that are judged are printed, of the Match blocks their criteria; no comments",
)
