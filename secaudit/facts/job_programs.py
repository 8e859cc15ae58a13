"""The part of probes that sees whether what a job calls is there: a script that is gone or empty does nothing."""

# In awk. ``absent`` of one command of a line: "" when its program is there or cannot be told, ``gone`` when nothing
# would run, ``closed`` when only root may look. The program is an absolute path, ``./x`` behind ``cd /y``, or a name
# sought in ``path``, where nothing before may have changed it; of an interpreter its script, of nice and its like what
# they start. awk runs nothing: a pass over the lines that is ``asking`` prints ``? `` and what it would know, beside
# the rows as they are where nothing is missing. Where something is there is a second pass, which knows what.
PROGRAMS = r"""
function begin(folders) { path = folders; folder = ""; moved = 0 }
function learn(text,   n, i, line, at) {
  n = split(text, line, "\n")
  for (i = 1; i <= n; i++) { at = index(line[i], " "); answer[substr(line[i], at + 1)] = substr(line[i], 1, at - 1) }
}
function wonder(question) {
  if (asking && !(question in asked)) { asked[question] = 1; print "? " question }
  return answer[question]
}
function absent(part,   n, w, i, name, found) {
  gsub(/^[ \t({!]+|[ \t)}]+$/, "", part); n = split(part, w, /[ \t]+/)
  for (i = 1; i < n && w[i] ~ BEFORE; i++) if (w[i] ~ /^PATH=/) moved = 1
  name = w[i]
  if (name ~ /^(\.|source|export|eval|PATH=.*)$/) { moved = 1; return "" }
  if (name == "cd") { folder = (w[i + 1] ~ /^\//) ? w[i + 1] : ""; return "" }
  if (name ~ /^\.\// && folder != "") name = folder substr(name, 2)
  found = (name ~ /^\//) ? looked(name, 1) : sought(name)
  if (found != "") return found
  sub(/.*\//, "", name)
  if (name ~ /^((ba|da|k|z|a)?sh|python[0-9.]*|perl|php[0-9.]*|ruby)$/) {
    for (i++; w[i] ~ /^-[elux]+$/; i++) ;
    return (w[i] ~ /^\//) ? looked(w[i], 0) : ""
  }
  if (name ~ /^(nice|ionice|nohup|setsid|chronic|timeout|env|systemd-cat)$/) {
    for (i++; w[i] ~ /^(-.*|[0-9.]+[smhd]?|[A-Za-z_][A-Za-z0-9_]*=.*)$/; i++) ;
    return (w[i] ~ /^\//) ? looked(w[i], 1) : ""
  }
  return ""
}
function looked(file, run) { return (file ~ /^\/[A-Za-z0-9_.+\/-]+$/) ? wonder(file " " run) : "" }
function sought(name) {
  if (moved || name !~ /^[A-Za-z0-9_.+-]+$/ || path !~ /^[A-Za-z0-9_.+\/:-]+$/ || name ~ BUILT_IN) return ""
  return wonder(name " " path)
}
BEGIN {
  BEFORE = "^(then|do|else|if|elif|while|until|time|exec|command|[A-Za-z_][A-Za-z0-9_]*=[^\"\047`$(]*)$"
  BUILT_IN = "^(alias|bg|break|builtin|case|continue|declare|exit|false|fg|for|function|hash|jobs|kill|let|local|"
  BUILT_IN = BUILT_IN "printf|read|readonly|return|select|set|shift|shopt|test|times|trap|true|type|typeset|ulimit|"
  BUILT_IN = BUILT_IN "umask|unalias|unset|wait|echo|pwd|done|fi|esac|busybox|run-parts)$"
}
"""

# In sh: ``/opt/x 1`` asks for a file to run, ``/opt/x 0`` for one to read, ``x /usr/bin:/bin`` for a name, ``@ann`` for
# an account. Said is only what is ``gone`` or ``closed``.
ANSWERED = r"""answered() {
  accounts=
  while IFS= read -r q; do
    case $q in "? "*) q=${q#??} ;; *) continue ;; esac
    p=${q%% *}; r=${q#* }; s=
    case $q in
    /*)
      if [ -f "$p" ]; then
        if [ ! -s "$p" ]; then s=gone
        elif [ "$r" = 1 ] && [ ! -x "$p" ]; then
          s=closed; if [ -r /etc/shadow ]; then s=gone; fi
        fi
      elif [ -e "$p" ]; then s=gone
      else
        s=closed; while [ ! -d "${p:-/}" ]; do p=${p%/*}; done
        [ ! -x "${p:-/}" ] || s=gone
      fi ;;
    @*)
      [ -n "$accounts" ] || accounts="
$(sed 's/:.*//' /etc/passwd 2>/dev/null)
"
      case $accounts in *"
${q#@}
"*) ;; *) id -u "${q#@}" >/dev/null 2>&1 || s=gone ;; esac ;;
    *) s=gone; d=$r:; while [ -n "$d" ]; do [ ! -x "${d%%:*}/$p" ] || s=; d=${d#*:}; done ;;
    esac
    [ -z "$s" ] || echo "$s $q"
  done
}
# of what a first pass printed (a) the answers (b), "" where nothing is missing: then its rows are right as they are
asked() {
  b=
  case "
$a" in *"
? "*) b=$(printf '%s\n' "$a" | answered); [ -n "$b" ] || a=$(printf '%s\n' "$a" | sed '/^? /d') ;; esac
  [ -n "$b" ]
}
"""
