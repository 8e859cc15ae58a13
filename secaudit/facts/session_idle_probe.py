"""What sets an idle time in the start files of shells, in their environment, and in systemd-logind."""

from secaudit.facts.config_files import print_files
from secaudit.facts.pam_environment import PAM_ENVIRONMENT
from secaudit.facts.start_files import ALSO_READ, CLOSED_START_FILES, HERE_DOCUMENTS, TAKEN_IN, WAYS
from secaudit.model.evidence import Probe
from secaudit.model.text import Text

# Of a command that names a setting, the setting and the words of the shell around it; any other word may be a secret.
# ``*=`` is an assignment: with nothing but such before and behind, a setting is one, too.
_KEPT = r"""
function kept(command,  n, i, word, out) {
  n = split(command, word, /[ \t]+/)
  for (i = 1; i <= n; i++) {
    if (word[i] ~ /^["'({$!\[]*(TMOUT|autologout|StopIdleSessionSec)/ || word[i] ~ SHELL) out = out " " word[i]
    else if (word[i] != "") out = out (word[i] ~ /^[A-Za-z_][A-Za-z0-9_]*=/ ? " *=" : " *")
  }
  return out
}
BEGIN {
  SHELL = "^(if|then|else|fi|case|test|export|readonly|typeset|declare|set|unset|setenv|!|[][]+|=|-[A-Za-z][A-Za-z]?|"
  SHELL = SHELL "[=(]*[0-9]+[a-z]*[)]*)$"
}
""".replace("'", r"'\''")

# "source:" marks where a file takes others in, "? " a command that runs under a condition: between if and fi, in a
# case, a loop, a subshell or a function, behind && and ||, after a return that some sessions take. That a session is
# interactive (PS1, $-) is no condition: no other is idle. What follows a return of all is not read.
_SETTINGS = (
    _KEPT
    + r"""function command(text, chained,  n, word, i) {
  n = split(text, word, /[ \t]+/); i = (word[1] == "") ? 2 : 1
  while (word[i] ~ /^(then|else|do|!)$/) { if (word[i] == "else" && depth) asks[depth] = 1; i++ }
  if (word[i] == "elif" && depth) asks[depth] = 1
  if (word[i] ~ /^(if|case|for|while|until|select|foreach|switch)$/) asks[++depth] = !interactive(text)
  if (word[i] ~ /^(fi|esac|done|endif|end|endsw|[}])$/ && depth > 0) depth--
  leaving("" word[i], chained)
  if (text ~ /TMOUT|autologout|StopIdleSessionSec/ && !over)
    print " " (within(1) || chained || leaves || word[i] ~ /^[(]/ ? "? " : "") substr(kept(text), 2)
  if (text ~ /[{][ \t]*$/) asks[++depth] = "function"
  if (brackets(text) > 0) asks[++depth] = "subshell"
  if (brackets(text) < 0 && asks[depth] == "subshell") depth--
}
"""
    + WAYS
    + TAKEN_IN
    + HERE_DOCUMENTS
    + PAM_ENVIRONMENT.replace("'", r"'\''")
    + r"""FNR == 1 { depth = over = leaves = 0 }
FILENAME ~ /logind/ && /^[ \t]*;/ { next }
{ sub(/^[ \t]*#.*/, ""); sub(/[ \t]#.*/, "") }
/profile\.d|\/etc\/bash\.bashrc|\/etc\/bashrc/ && !/TMOUT/ {
  if (/profile\.d/) print " source:/etc/profile.d"
  if (/\/etc\/bash\.bashrc/) print " source:/etc/bash.bashrc"
  if (/\/etc\/bashrc/) print " source:/etc/bashrc"
}
BEGIN { BEFORE = " " }
FILENAME !~ /logind/ { also_read($0) }
{
  rest = $0; chained = 0
  while (match(rest, /[;&|]+/)) {
    mark = substr(rest, RSTART, RLENGTH); part = substr(rest, 1, RSTART - 1); rest = substr(rest, RSTART + RLENGTH)
    command(part, chained)
    chained = (mark == "&&" || mark == "||")
  }
  command(rest, chained)
}"""
)

# StopIdleSessionSec came with systemd 252 and to some older ones (RHEL 8) later: the program itself tells.
IDLE = Probe(
    "session.idle",
    r"""echo '#= /bin/sh'; echo " $(readlink -f /bin/sh)"
"""
    + CLOSED_START_FILES
    + r"""
if grep -qs TMOUT /bin/busybox; then echo '#= busybox'; echo ' TMOUT'; fi
echo '#= systemd-logind'
if grep -qs StopIdleSessionSec /usr/lib/systemd/systemd-logind /lib/systemd/systemd-logind; then echo ' knows'; fi
echo " $(systemctl is-active systemd-logind 2>/dev/null)"
"""
    + ALSO_READ
    + print_files(
        "$also /etc/security/pam_env.conf"
        " /etc/environment /etc/profile /etc/profile.d/*.sh /etc/profile.local /etc/bash.bashrc /etc/bashrc"
        " /etc/bash.bashrc.local /etc/zshenv /etc/zprofile /etc/zshrc /etc/zsh/zshenv /etc/zsh/zprofile /etc/zsh/zshrc"
        " /etc/csh.cshrc /etc/csh.login /etc/profile.d/*.csh"
        " /usr/lib/systemd/logind.conf /etc/systemd/logind.conf"
        " /usr/lib/systemd/logind.conf.d/*.conf /etc/systemd/logind.conf.d/*.conf",
        _SETTINGS,
    ),
    reduces=Text(
        "每个文件只取 TMOUT、autologout 与 StopIdleSessionSec，命令中其余的词输出为 *",
        "of each file only TMOUT, autologout and StopIdleSessionSec, other words of their commands as *",
    ),
)

IDLE_USERS = Probe(
    "session.idle_users",
    "set --\n"
    "while IFS=: read -r name x uid gid gecos home shell; do\n"
    '  case "$shell" in */nologin|*/false|*/sync) continue ;; esac\n'
    "  for f in .bash_profile .bash_login .profile .bashrc .bash_aliases .zshenv .zprofile .zshrc .zlogin .kshrc"
    " .mkshrc .cshrc .tcshrc .login; do\n"
    '    [ ! -f "$home/$f" ] || set -- "$@" "$home/$f"\n'
    "  done\n"
    "done < /etc/passwd\n"
    "[ $# -eq 0 ] || awk '"
    + _KEPT
    + HERE_DOCUMENTS
    + """{ sub(/^[ \\t]*#.*/, "") }
/TMOUT|autologout/ { n = split($0, part, /[;&|]+/)
  for (i = 1; i <= n; i++) if (part[i] ~ /TMOUT|autologout/) print FILENAME ":" kept(part[i]) }' "$@\"""",
    root=True,
    reduces=Text(
        "每个文件只取 TMOUT 与 autologout，命令中其余的词输出为 *",
        "of each file only TMOUT and autologout, other words of their commands as *",
    ),
)
