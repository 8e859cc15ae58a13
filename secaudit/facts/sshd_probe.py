"""What the SSH daemon is asked: ``sshd -T`` for a stranger and for root, then once for each Match block.

The daemons that listen are asked, with their own program and the options of their command lines (``-o``, ``-f``,
``-p``); where none listens, the ``sshd`` of the PATH.
"""

from secaudit.facts.root_files import ALL_PROCESSES
from secaudit.model.evidence import Probe
from secaudit.model.text import Text

# Who gets in, and how. Only these, LIMITS and VOUCHING are printed; a Match block that sets none is not asked for.
DECIDING = (
    "port permitrootlogin passwordauthentication kbdinteractiveauthentication challengeresponseauthentication"
    " permitemptypasswords hostbasedauthentication ignorerhosts usepam pubkeyauthentication authenticationmethods"
    " maxauthtries logingracetime clientaliveinterval clientalivecountmax channeltimeout allowusers allowgroups"
    " denyusers denygroups ciphers macs kexalgorithms hostkeyalgorithms pubkeyacceptedalgorithms"
    " pubkeyacceptedkeytypes loglevel permituserenvironment gssapiauthentication kerberosauthentication"
    " authorizedkeysfile listenaddress"
).split()
# What a connection may do once it is there, and how many there may be.
LIMITS = (
    "x11forwarding allowtcpforwarding allowagentforwarding allowstreamlocalforwarding disableforwarding permittunnel"
    " gatewayports maxsessions maxstartups strictmodes banner protocol hostkey"
).split()
# What vouches for keys that lie in no file of the account.
VOUCHING = ["authorizedkeyscommand", "trustedusercakeys"]
KEYWORDS = [*DECIDING, *LIMITS, *VOUCHING]

# The user and the address of a connection that no Match block means (RFC 5737).
STRANGER = "user=secaudit-nobody,host=stranger.invalid,addr=192.0.2.254,laddr=127.0.0.1,lport=22"

# One line for each connection of a Match block: number of the block, whether a connection it means could be made up,
# whether root can be meant besides, its own criteria, its keywords (Include counts: what it takes in is asked for by
# the same connection). A criterion names users, groups (their members stand for them), addresses or hosts; each is
# asked for, up to five, as an earlier block may say something else of one of them. * and ? become a letter, or a digit
# in an address; * alone is the stranger. A Match block in a file that another block may take in depends on both: not
# resolved.
MATCHES = r"""
function witness(list, filler,  n, part, i, w) {
  n = split(list, part, ",")
  for (i = 1; i <= n; i++) if (part[i] !~ /^!/) {
    w = part[i]; sub(/\/[0-9]+$/, "", w); gsub(/[*?]/, filler, w); return w
  }
  return ""
}
function each(list, filler, alone, out,  n, part, i, w, found) {
  n = split(list, part, ","); found = 0
  for (i = 1; i <= n && found < 5; i++) if (part[i] !~ /^!/) {
    w = part[i]; sub(/\/[0-9]+$/, "", w); if (w == "*") w = alone; gsub(/[*?]/, filler, w)
    if (w != "") out[++found] = w
  }
  return found
}
function people(list, out,  n, part, i, m, j, k, found, had) {
  n = split(list, part, ","); found = 0
  for (i = 1; i <= n; i++) if (part[i] !~ /^!/ && part[i] in gid) {
    m = split(listed[part[i]] "," primary[gid[part[i]]], k, ",")
    for (j = 1; j <= m && found < 5; j++) if (k[j] != "" && !(k[j] in had)) { had[k[j]]; out[++found] = k[j] }
  }
  return found
}
function glob(pattern, text,  c, k) {
  if (pattern == "") return text == ""
  c = substr(pattern, 1, 1)
  if (c == "*") {
    for (k = 1; k <= length(text) + 1; k++) if (glob(substr(pattern, 2), substr(text, k))) return 1
    return 0
  }
  if (text == "" || (c != "?" && c != substr(text, 1, 1))) return 0
  return glob(substr(pattern, 2), substr(text, 2))
}
function fits(list, text,  n, part, i, found) {
  n = split(list, part, ",")
  for (i = 1; i <= n; i++) {
    if (part[i] ~ /^!/) { if (glob(substr(part[i], 2), text)) return 0 }
    else if (glob(part[i], text)) found = 1
  }
  return found + 0
}
function roots(list,  g, n, m, i, found) {
  for (g in gid) {
    n = split(listed[g], m, ","); found = (gid[g] == rootgid)
    for (i = 1; i <= n; i++) if (m[i] == "root") found = 1
    if (found && fits(list, g)) return 1
  }
  return 0
}
function finish(  i, j, name, value, host, laddr, lport, good, root, nu, na, u, a) {
  if (head == "") return
  good = !nested; root = 1; nu = na = 1; u[1] = "secaudit-nobody"; host = "stranger.invalid"; a[1] = "192.0.2.254"
  laddr = "127.0.0.1"; lport = "22"
  n = split(head, word, /[ \t=]+/)
  for (i = 2; i <= n; i += 2) {
    name = tolower(word[i]); value = word[i + 1]; gsub(/"/, "", value)
    if (name == "all") i--
    else if (name == "user") { nu = each(value, "x", "secaudit-nobody", u); if (!fits(value, "root")) root = 0 }
    else if (name == "group") { nu = people(value, u); if (!roots(value)) root = 0 }
    else if (name == "address") na = each(value, "1", "192.0.2.254", a)
    else if (name == "host") host = witness(value, "x")
    else if (name == "localaddress") laddr = witness(value, "1")
    else if (name == "localport") lport = witness(value, "1")
    else good = 0
  }
  if (!nu || !na || host == "" || laddr == "" || lport == "") { good = 0; nu = nu ? nu : 1; na = na ? na : 1 }
  count++
  for (j = 1; j <= na; j++) for (i = 1; i <= nu; i++) {
    print "#match " count " " good " " (i == 1 && u[1] != "root" ? root : 0) " user=" u[i] ",host=" host ",addr=" a[j] \
      ",laddr=" laddr ",lport=" lport " " set " " head
    if (set == "-" || !good) { head = ""; return }
  }
  head = ""
}
FILENAME == "/etc/group" { split($0, f, ":"); gid[f[1]] = f[3]; listed[f[1]] = f[4]; next }
FILENAME == "/etc/passwd" { split($0, f, ":") }
FILENAME == "/etc/passwd" && f[1] == "root" { rootgid = f[4] }
FILENAME == "/etc/passwd" { if (length(primary[f[4]]) < 99) primary[f[4]] = primary[f[4]] "," f[1]; next }
FNR == 1 { finish(); nested = takes }
{ sub(/^[ \t]+/, ""); sub(/[ \t\r]+$/, "") }
/^#/ || $0 == "" { next }
{ key = tolower($1); sub(/[="].*/, "", key) }
key == "match" { finish(); head = $0; sub(/[ \t]+#.*/, "", head); set = "-"; next }
head != "" && key == "include" { set = set ",include"; takes = 1 }
head != "" && index(wanted, " " key " ") { set = set "," key }
END { finish() }
"""

_INCLUDES = (
    r"""awk -v folder="$folder" 'tolower($1) == "include" { for (i = 2; i <= NF; i++)"""
    r""" { gsub(/"/, "", $i); print ($i ~ /^\// ? $i : folder "/" $i) } }' """
)

_WANTED = f"""awk -v wanted=" {" ".join(KEYWORDS)} " """

# The options of a listening daemon that change its configuration, from its arguments, one a line (or, once it has
# named itself, "sshd: ARGUMENTS [listener] …"). No line: no daemon. "?": not to be told (spaces, a cut off title).
# sshd(8): options with a value are -C -E -b -c -f -g -h -k -o -p -u.
ARGUMENTS = r"""NR == 1 && /^sshd: / {
  whole = sub(/ \[listener\].*/, ""); sub(/^sshd: /, ""); if (!whole) odd = 1
  n = split($0, word, " "); title = 1; next
}
!title { word[++n] = $0 }
END {
  while (n > 1 && word[n] == "") n--
  for (i = 2; i <= n; i++) {
    if (word[i] !~ /^-./) { odd = 1; continue }
    for (j = 2; j <= length(word[i]); j++) {
      c = substr(word[i], j, 1)
      if (c ~ /[iRTtGV]/) exit
      if (c ~ /[46Ddeqr]/) continue
      if (c !~ /[CEbcfghkopu]/) { odd = 1; break }
      value = substr(word[i], j + 1); if (value == "") value = word[++i]
      if (c ~ /[fop]/) { if (value ~ /^[A-Za-z0-9_=,.\/:@+-]+$/) kept = kept " -" c " " value; else odd = 1 }
      break
    }
  }
  print (odd ? "?" : "=" kept)
}"""

# Of -o only what is judged is told with its value: any other may name what is nobody's business.
MASKED = r"""{
  for (i = 1; i < NF; i++) if ($i == "-o") {
    key = tolower($(i + 1))
    if (!sub(/=.*/, "", key)) $(i + 1) = "***"
    else if (!index(wanted, " " key " ")) sub(/=.*/, "=***", $(i + 1))
  }
  sub(/^ */, "")
  if ($0 != "") print " " $0
}"""

# Processes of this pid namespace (a container's sshd is not this host's), run by root, that are no session. Who is not
# root sees the program of a process by its arguments only.
_LISTENING = rf"""listening() {{
  own=$(readlink /proc/self/ns/pid)
  set -- $(grep -slx sshd /proc/[0-9]*/comm | sed 's/comm$/cmdline/')
  [ $# -eq 0 ] || for p in $(grep -sL '^sshd: [^/]' "$@"); do
    p=${{p%/cmdline}}
    if [ -r /etc/shadow ]; then
      exe=$(readlink "$p/exe") && [ -O "$p" ] && [ "$(readlink "$p/ns/pid")" = "$own" ] || continue
    else
      grep -qx 'Uid:.0.0.0.0' "$p/status" && grep -qx 'NSpid:.[0-9]*' "$p/status" || continue
      exe=$(tr '\0' ' ' < "$p/cmdline" | sed 's/^sshd: //; s/ .*//')
    fi
    options=$(tr '\0' '\n' < "$p/cmdline" | awk '{ARGUMENTS}')
    [ -z "$options" ] || echo "${{exe% (deleted)}} $options"
  done | sort -u
}}
"""
# Of a command only its program.
_PRINTED = 'index(wanted, " " $1 " ") { print ($1 == "authorizedkeyscommand" ? $1 " " $2 : $0) }'
_ROOT = STRANGER.replace("secaudit-nobody", "root")

SSHD = Probe(
    "sshd.effective",
    rf"""{ALL_PROCESSES}{_LISTENING}test_mode() {{
  PATH=$program:$PATH
  case "$program|$options|$1" in
    '/usr/sbin||{STRANGER}') root sshd -T -C {STRANGER} ;;
    '/usr/sbin||{_ROOT}') root sshd -T -C {_ROOT} ;;
    *) sshd -T $options -C "$1" ;;
  esac
}}
ask() {{
  echo "#branch $1"
  if effective=$(test_mode "$2") ||
    effective=$(PATH="$program:$PATH" sshd -G $options -C "$2" 2>/dev/null)
  then printf '%s\n' "$effective" | {_WANTED} '{_PRINTED}'; else echo "#failed"; fi
}}
daemon() {{
  ask 'default stranger' '{STRANGER}'
  ask 'default root' '{_ROOT}'
  folder=${{c%/*}}
  case " $options" in *' -f '*) c=${{options##*-f }}; c=${{c%% *}} ;; esac
  closed=
  set -- "$c"
  for pass in 1 2; do
    for f in $({_INCLUDES}"$@"); do
      [ ! -d "${{f%/*}}" ] || [ -r "${{f%/*}}" ] || closed=yes
      case " $* " in *" $f "*) ;; *) [ ! -f "$f" ] || set -- "$@" "$f" ;; esac
    done
  done
  for f in "$@"; do [ -r "$f" ] || closed=yes; done
  if [ -n "$closed" ]; then echo '#unclear'; else {_WANTED} '{MATCHES}' /etc/group /etc/passwd "$@" | head -n 60 |
    while read -r mark number good root spec set head; do
      echo "$mark $number $good $root $spec $set $head"
      if [ "$good" = 1 ] && [ "$set" != - ]; then
        case $spec in user=root,*) ask "$number root" "$spec" ;; *) ask "$number named" "$spec" ;; esac
        [ "$root" = 0 ] || ask "$number root" "user=root,${{spec#*,}}"
      fi
    done
  fi
}}
known=$(command -v sshd); [ -z "$known" ] || known=$(readlink -f "$known")
running=$(listening)
[ -n "$running" ] || [ -z "$known" ] || running="$known ="
[ -n "$running" ] || echo '#absent'
[ -z "$running" ] || printf '%s\n' "$running" | while read -r exe options; do
  c=/etc/ssh/sshd_config; [ -e "$c" ] || c=/usr/etc/ssh/sshd_config
  [ "$exe" = "$known" ] || c=$(tr -c '\040-\176' '\n' < "$exe" | grep -x '/[^ %]*/sshd_config' | head -n 1)
  [ "$exe $options" = "$known =" ] ||
    echo "#daemon $exe$(printf '%s\n' "${{options#=}}" | {_WANTED} '{MASKED}')"
  case "$options|$exe|$c" in
    '?'*|*'|') echo '#unclear' ;;
    *'/sshd|'*) program=${{exe%/*}}; options=${{options#=}}; daemon ;;
    *) echo '#unclear' ;;
  esac
done""",
    root=True,
    as_root=(f"/usr/sbin/sshd -T -C {STRANGER}", f"/usr/sbin/sshd -T -C {_ROOT}"),
    timeout_s=20,
    reduces=Text(
        "只输出参与判定的关键字、AuthorizedKeysCommand 的程序和 Match 块的条件，不含注释；"
        "守护进程命令行只取 -f、-p 与参与判定的 -o，其他 -o 的值遮蔽",
        "only the keywords that are judged are printed, of AuthorizedKeysCommand its program,"
        " of the Match blocks their criteria; no comments;"
        " of the daemon's command line -f, -p and the judged -o; the values of other -o are masked",
    ),
)
