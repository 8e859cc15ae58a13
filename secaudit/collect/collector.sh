#!/bin/sh
# secaudit-collector 1
#
# 等级保护自查采集脚本（由 secaudit 生成）：向本机提出文件末尾列出的问题。只读取，不写任何文件，不联网，
# 不提问；结果（采集包）只写到标准输出。用 -l 可先查看全部命令而不执行。
# Made by secaudit for a self-assessment against the Multi-Level Protection Scheme: it asks this machine the
# questions at the end of this file. It only reads, writes no file, uses no network and asks nobody anything;
# what it found (a bundle) goes to standard output only. With -l it lists every command and runs none.
#
@ABOUT@
#
# 用法 usage: sh FILE -o OPERATOR -p PLACE -a ASSET [-n NOTE] [-s] [-k KEY] [-q] > BUNDLE
#   -o 操作人员              who runs it
#   -p 地点                  where the machine stands
#   -a 资产编号              the id of the machine in the register
#   -n 备注                  a remark
#   -s 以 sudo -n 执行需要 root 的命令（以 root 运行时不需要）
#                            ask as root by sudo -n what needs root (not needed when root runs it)
#   -k 私钥文件              sign the bundle with this private key (ssh-keygen, or openssl for RSA and ECDSA)
#   -l 只列出命令            only list the commands
#   -q 不显示进度            say nothing on standard error
#   -h 帮助                  this help

# A part of this file runs nothing: the last line of the program calls main.

made_tool=@TOOL@ made_content=@CONTENT@ made_profile=@PROFILE@ made_kind=@KIND@ made_asset=@ASSET@
nl='
'

tell() { [ -n "$quiet" ] || printf '%s\n' "$@" >&2; }

refuse() {
  printf '%s\n' "$@" >&2
  exit 2
}

usage() {
  printf '%s\n' '用法 usage: sh FILE -o OPERATOR -p PLACE -a ASSET [-n NOTE] [-s] [-k KEY] [-q] > BUNDLE' \
    '  -l 列出命令 list the commands    -h 帮助 help（说明见文件开头 the head of the file explains）' >&2
}

# one line of text, whatever was typed
line_of() { printf '%s' "$1" | tr '\000-\037\177' ' ' | cut -b 1-400; }

read_options() {
  while getopts o:p:a:n:k:slqh option; do
    case $option in
    o) operator=$(line_of "$OPTARG") ;;
    p) place=$(line_of "$OPTARG") ;;
    a) asset=$(line_of "$OPTARG") ;;
    n) note=$(line_of "$OPTARG") ;;
    k) key=$OPTARG ;;
    s) sudo_mode=all ;;
    l) list=yes ;;
    q) quiet=yes ;;
    h) usage; exit 0 ;;
    *) usage; exit 2 ;;
    esac
  done
  shift $((OPTIND - 1))
  [ $# = 0 ] || { usage; refuse "secaudit: 多余的参数 not an option: $1"; }
}

# text = this file, from where it lies, or from standard input when the shell reads it there
read_self() {
  for self in "$0" "/proc/$$/fd/0"; do
    [ -f "$self" ] && [ -r "$self" ] || continue
    text=$(cat "$self")
    case $text in
    '#!/bin/sh'"$nl"'# secaudit-collector 1'"$nl"*"$nl== end") return ;;
    esac
  done
  refuse 'secaudit: 读不到完整的脚本文件，请执行：sh 文件名 …' \
    'secaudit: this file cannot be read whole; run it by its name: sh FILE …'
}

# each_question WORD: calls WORD ID SECONDS BYTES user|root|listed HASH COMMAND for each question; a listed one needs
# root for what it calls by the word root
each_question() {
  word=$1 head='' cmd=''
  set -f
  IFS=$nl
  set -- $text
  unset IFS
  set +f
  for line do
    case $line in
    '== '*)
      [ -z "$head" ] || $word $head "${cmd#"$nl"}"
      head=${line#'== '} cmd=''
      ;;
    '| '*) cmd=$cmd$nl${line#'| '} ;;
    esac
  done
}

show() {
  [ "$4" = user ] && as='' || as=', root'
  printf '%s  (%s s, %s B%s)\n' "$1" "$2" "$3" "$as"
  printf '%s\n\n' "$6" | sed 's/^/    /'
}

# hash = what gives a SHA-256 here: its words, or - where nothing does
find_hash() {
  for hash in sha256sum 'busybox sha256sum' 'openssl dgst -sha256 -r' 'shasum -a 256'; do
    case $(printf abc | $hash 2>/dev/null) in
    ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad*) return ;;
    esac
  done
  hash=-
}

# SHA-256 of standard input, then more words
digest() { if [ "$hash" = - ]; then cat >/dev/null; printf '%s' -; else $hash; fi; }

# signature of standard input by the key, from whichever program can
sign() {
  case $signer in
  ssh) ssh-keygen -Y sign -f "$key" -n secaudit-bundle 2>/dev/null ;;
  openssl) printf '%s\n' 'openssl sha256' && openssl dgst -sha256 -sign "$key" | openssl base64 ;;
  esac
}

find_signer() {
  [ "$hash" != - ] || refuse 'secaudit: 没有计算 SHA-256 的程序，无法签名 no program gives a SHA-256: nothing can be signed'
  [ -f "$key" ] && [ -r "$key" ] || refuse "secaudit: 读不到私钥 the key cannot be read: $key"
  for signer in ssh openssl; do
    case $(printf abc | sign 2>/dev/null) in
    *'END SSH SIGNATURE-----' | 'openssl sha256'"$nl"?*) return ;;
    esac
  done
  refuse "secaudit: 无法用此私钥签名（需要支持 -Y 的 ssh-keygen，或 openssl 与 RSA、ECDSA 私钥）：$key" \
    "secaudit: nothing can be signed with $key: it takes ssh-keygen with -Y, or openssl with an RSA or ECDSA key"
}

check_options() {
  [ -n "$operator" ] && [ -n "$place" ] && [ -n "$asset" ] || {
    usage
    refuse 'secaudit: 必须给出 -o 操作人员、-p 地点、-a 资产编号' \
      'secaudit: -o OPERATOR, -p PLACE and -a ASSET are required'
  }
  [ ! -t 1 ] || refuse 'secaudit: 结果不显示在终端上，请重定向到文件：sh FILE … > 采集包文件' \
    'secaudit: the bundle is not printed on a terminal: redirect it, sh FILE … > BUNDLE'
  [ -r /proc/uptime ] || refuse 'secaudit: 没有挂载 /proc，请执行：mount -t proc proc /proc' \
    'secaudit: /proc is not mounted: mount -t proc proc /proc'
  find_hash
  [ -z "$key" ] || find_signer
  nonce=$(od -An -v -N16 -tx1 /dev/urandom | tr -d ' \n')
  [ ${#nonce} = 32 ] || refuse 'secaudit: 读不到随机数 /dev/urandom cannot be read'
}

say_what_is_done() {
  tell "secaudit: 开始采集 $asset：@COUNT@ 条只读命令，不写文件，结果写到标准输出。" \
    "secaudit: asking $asset @COUNT@ questions: it only reads, writes no file, and prints to standard output."
  if [ "$(id -u)" != 0 ] && [ -z "${sudo_mode#none}" ]; then
    tell 'secaudit: 不是 root，也没有 -s：需要 root 的问题将记为未知。' \
      'secaudit: neither root nor -s: what needs root will be unknown.'
  fi
  [ "$hash" != - ] || tell 'secaudit: 没有计算 SHA-256 的程序：采集包将记为未经校验。' \
    'secaudit: no program gives a SHA-256: the bundle will count as unverified.'
}

hash_line() { printf 'probe %s %s\n' "$1" "$5"; }

header() {
  own=$(printf '%s\n' "$text" | digest)
  printf 'secaudit-bundle 1 %s\ntool %s\ncontent %s\n' "$nonce" "$made_tool" "$made_content"
  printf 'profile %s\nkind %s\ncollector %s\n' "$made_profile" "$made_kind" "${own%% *}"
  printf 'operator %s\nplace %s\nasset %s\nnote %s\n' "$operator" "$place" "$asset" "$note"
  [ "$hash" = - ] && printf 'digest none\n' || printf 'digest sha256\n'
  printf 'sudo %s\n' "$sudo_mode"
  each_question hash_line
}

# ask ID SECONDS BYTES COMMAND: one question, and a digest of all that came of it
ask() {
  if [ "$hash" = - ]; then p "$@"; own=-; else
    {
      own=$({ p "$@" 4>&1 6>&- 7>&- | tee /proc/self/fd/6 >&7 7>&-; } 6>&1 | digest 7>&-)
    } 7>&1
  fi
  printf '\n%s D %s %s\n' "$nonce" "$1" "${own%% *}"
}

ask_user() { [ "$4" != user ] || ask "$1" "$2" "$3" "$6"; }
ask_root() { [ "$4" != root ] || ask "$1" "$2" "$3" "$6"; }
ask_listed() { [ "$4" != listed ] || ask "$1" "$2" "$3" "$6"; }

# The visit, as over a network. It hands $s to a shell of root.
visit_here() @VISIT@

# what the shell of root reads: this file again, with what was found out; stage and d come before it
for_root_shell() {
  quoted=$(printf '%s\n' "$text" | sed "s/'/'\\\\''/g")
  s="root_shell=\$\$ nonce=$nonce hash='$hash' sudo_mode=none text='$quoted'; eval \"\$text\""
}

# What lies outside the answers, line by line. The pattern stands in no argument list.
outside_answers() {
  tr -d '\000' | {
    printf '%s\n' "/^$nonce B /,/^$nonce D /{" "/^$nonce D /p" d '}' p | sed -n -f /proc/self/fd/8 8<&0 <&9
  } 9<&0
}

collect() {
  for_root_shell
  marks=$({ { header; visit_here; } 5>&- 6>&- | tee /proc/self/fd/6 >&5 5>&-; } 6>&1 | outside_answers 5>&-)
  frames=0
  set -f
  IFS=$nl
  set -- $marks
  unset IFS
  set +f
  for line do
    case $line in "$nonce D "*) frames=$((frames + 1)) ;; esac
  done
  own=$(printf '%s' "$marks" | digest)
  seal="$frames ${own%% *}"
  printf '\n%s end %s\n' "$nonce" "$seal" >&5 || return
  [ -z "$key" ] || printf 'secaudit-bundle 1 %s %s\n' "$nonce" "$seal" | sign >&5
}

main() {
  PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C
  export PATH LC_ALL
  umask 077
  if [ "${root_shell-}" = $$ ]; then
    visit_here
    exit
  fi
  unset s d stage nonce hash text key signer operator place asset note list quiet own marks frames seal quoted IFS
  stage=user d='' operator='' place='' note='' key='' list='' quiet='' sudo_mode=none asset=$made_asset
  read_options "$@"
  read_self
  if [ -n "$list" ]; then
    each_question show
    exit
  fi
  check_options
  say_what_is_done
  collect 5>&1 || refuse 'secaudit: 采集包没有写完，请检查磁盘空间后重来' \
    'secaudit: the bundle could not be written to its end: is the disk full? Do it again.'
  tell 'secaudit: 完成，本机上没有留下任何文件。 done; nothing was left on this machine.'
}

main "$@"; exit
