{
# secaudit asks this machine the questions below. It only reads; it writes no file.
set +a +e +f +u +v +x
unset n e w v i l k u x q r c g a o m t z j h s0
n=@NONCE@
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C LANGUAGE=C PAGER=cat
export PATH LC_ALL LANGUAGE PAGER
unset IFS ENV BASH_ENV CDPATH POSIXLY_CORRECT SYSTEMD_COLORS TAR_OPTIONS
umask 077
cd / || :

# What standard input says, line by line, each marked e. At most 20 lines of 400 bytes; the rest is drained.
e='i=0; while IFS= read -r l || [ -n "$l" ]; do
[ $i -lt 20 ] || exec cat >/dev/null
i=$((i+1)); printf "e%.400s\n" "$l" >&3; done'

# One probe in a process group of its own: $1 command, $2 bytes at most. Output goes to 1; to 3 the exit status
# (s), the errors (e), and t when the time was over; to 6, which is 3, an r when sudo refuses a listed command.
# At last the group is ended: nothing of the probe lives on.
h='6>&-'
[ @SUDO@ != listed ] || h='6>&3'
w='exec 5>&1
trap "echo t >&3" TERM
{ { (eval "$1") '$h' 2>&4 3>&- 4>&- 5>&-; echo "s$?" >&3; } </dev/null | head -c "$2" >&5 3>&- 4>&-; } 4>&1 | { '$e'; } 5>&-
kill -KILL 0'

# The same where no timeout leads a group: $3 seconds.
v='(trap "" TERM; sleep "$3"; kill -TERM 0; sleep 2; kill -KILL 0) >/dev/null 2>&1 3>&- &
'

# u = seconds since boot, by the shell alone
now() { u=0; read -r u x </proc/uptime; }

# Whether the link still holds: the process that began the visit goes with it. Nobody reads what is asked after that.
linked() {
  a= g=
  [ -z "$y" ] || read -r a b c g x <"/proc/${y% *}/stat"
  [ -z "$g" ] || [ "$g" = "${y#* }" ]
}

# p ID SECONDS BYTES COMMAND
p() {
  [ "$k" = - ] && return
  linked || exit 1
  now
  if [ "${u%.*}" -ge "$d" ]; then printf "\n%s X %s %s\n" "$n" "$1" "$u"; return; fi
  printf "\n%s B %s %s\n" "$n" "$1" "$u"
  q=$((d - ${u%.*} + 1))
  [ $q -lt "$2" ] || q=$2
  case $k in
  timeout) r=$(timeout -k 2 "$q" /bin/sh -c "$w" w "$j$4" "$3" 3>&1 >&4 4>&-) ;;
  setsid) r=$(setsid /bin/sh -c "$v$w" w "$j$4" "$3" "$q" 3>&1 >&4 4>&-) ;;
  *) r=$(/bin/sh -c "${w%kill*}" w "$j$4" "$3" 3>&1 >&4 4>&-) ;;
  esac
  c=$?
  now
  printf "\n%s E %s %s %s\n%s" "$n" "$1" "$u" "$c" "$r"
}

# k = what leads a process group here: timeout, setsid or nothing; - where head cuts no bytes
find_limits() {
  g='read -r a b c d g x </proc/$$/stat; echo "$g" | head -c 20'
  for k in timeout setsid; do
    case $k in timeout) a='timeout -k 2 5' ;; *) a=setsid ;; esac
    [ $k = setsid ] || timeout --version >/dev/null || continue
    a=$($a /bin/sh -c "$g" 2>/dev/null)
    [ -n "$a" ] && [ "$a" != "$m" ] && return
  done
  k=none
  [ "$(echo ab | head -c 1)" = a ] || k=-
}

# o = this process, m = its group, t = whom the watchdog ends
begin() {
  exec 4>&1
  o=$$ m=$$
  read -r o a b c m x </proc/self/stat
  t=$o
  [ "$m" = $$ ] && t=-$m
  now
  s0=${u%.*}
  (
    trap 'kill $!; exit' TERM
    sleep $((d - s0 + 5)) &
    wait $!
    trap '' TERM
    kill -TERM "$t"
    sleep 2
    kill -KILL "$o"
    sleep 1
    kill -KILL "$t"
  ) </dev/null >/dev/null 2>&1 4>&- &
  z=$!
  trap 'kill $z; wait $z' EXIT
  trap 'exit 1' HUP INT PIPE TERM
  exec 2>/dev/null
  find_limits
  printf "\n%s H %s %s %s %s\n" "$n" "$1" "$u" "$k" "$(date +%s; id -u; id -un)"
}

for_user() {
@USER@
:
}

# What needs root for the commands only that it calls by the word root.
for_listed() {
@LISTED@
:
}

for_root() {
j='root() { "$@"; }
'
for_listed
@ROOT@
:
}

# The word root where sudo allows listed commands: by their absolute paths, without a password. That sudo refuses is
# told apart from what the command itself says.
ask_for_listed() {
j='root() (
for x in /usr/bin /usr/sbin /bin /sbin; do [ ! -x "$x/$1" ] || break; done
x=$x/$1; shift
{ m=$(sudo -n -k -- "$x" "$@" 2>&1 >&7 6>&- 7>&-); } 7>&1
c=$?
[ -z "$m" ] || printf "%s\n" "$m" >&2
case $m in "sudo: unable to resolve host"*) m=${m#*"
"} ;; esac
[ $c = 0 ] || case $m in *sudo:*|*"sudoers file"*|Sorry,*) echo r >&6 ;; esac
exit $c
)
'
if command -v sudo >/dev/null; then for_listed; else printf "\n%s S\ns127" "$n"; fi
}

ask_sudo() {
  r=$( { {
    printf "stage=root d=%s y='%s'\n%s\n" "$d" "$y" "$s" | sudo -n -k /bin/sh -c 'eval "$(cat)"' 2>&5 >&4 3>&- 4>&- 5>&-
    echo "s$?" >&3
  } 5>&1 | { eval "$e"; }; } 3>&1)
  printf "\n%s S\n%s" "$n" "$r"
}

# sudo asks on the channel itself, once all that the user was told has left it: P, then O with what sudo says. Who
# answers knows the prompt. The part for root, let in, says so, drops what is not for it, and reads its script.
ask_with_password() {
  exec 2>/dev/null
  printf "\n%s P\n\n%s O\n" "$n" "$n"
  sudo -S -k -p '@PROMPT@?' /bin/sh -c 'unset l s stage d; stage=asked d='"$d y='$y'"'; echo @PROMPT@""!
while [ "$l" != go ] && IFS= read -r l; do :; done
unset l; eval "$(cat)"' 2>&1
  printf "\n%s S\ns%s\n\n%s Z sudo\n" "$n" "$?" "$n"
}

visit() {
  begin user
  for_user
  if [ "$(id -u)" = 0 ]; then for_root; else case @SUDO@ in all) ask_sudo ;; listed) ask_for_listed ;; esac; fi
  printf "\n%s Z user\n" "$n"
}

gather() {
  trap '' HUP INT TERM
  command -v dd >/dev/null && exec dd ibs=32768 obs=16384 2>/dev/null
  exec cat
}

part_for_root() {
  begin root
  for_root
  printf "\n%s Z root\n" "$n"
}

case $stage in
root) part_for_root ;;
asked) part_for_root | gather ;;
*)
  now
  d=$((${u%.*} + @VISIT_S@))
  y= g=
  [ @LINKED@ = no ] || read -r a b c g x </proc/$$/stat
  [ -z "$g" ] || y="$$ $g"
  visit | gather
  [ @SUDO@ != password ] || [ "$(id -u)" = 0 ] || ask_with_password
  ;;
esac
}
