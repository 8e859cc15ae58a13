"""How long sudo lets a command run for a user: command_timeout and TIMEOUT= of sudoers(5)."""

import re
from typing import Final

from secaudit.model.evidence import Probe
from secaudit.model.text import Text

# Lines joined; of Defaults the scope and the option, of each rule that lets a shell be started its users and its limit.
_LIMITS: Final = r"""
{ line = held $0; held = "" }
line ~ /\\$/ { sub(/\\$/, " ", line); held = line; next }
line ~ /^[ \t]*Defaults/ {
  sub(/^[ \t]+/, "", line); scope = line; sub(/[ \t].*/, "", scope)
  n = split(substr(line, length(scope) + 1), part, ",")
  for (i = 1; i <= n; i++) { p = part[i]; gsub(/[ \t"]/, "", p)
    if (p ~ /^!?command_timeout(=|$)/) print scope " " p }
  next
}
line ~ /^[ \t]*#/ { next }
line !~ /^[ \t]*[A-Z][a-z]+_Alias/ && line ~ /=.*(ALL|\/sh)[ \t]*$/ {
  limit = "0"; sub(/^[ \t]+/, "", line); split(line, word, /[ \t]+/)
  if (match(line, /TIMEOUT[ \t]*=[ \t]*[0-9A-Za-z]+/)) {
    limit = substr(line, RSTART, RLENGTH); sub(/.*[= \t]/, "", limit)
  }
  print word[1] " " limit
}"""

COMMAND_TIMEOUT: Final = Probe(
    "readiness.command_timeout",
    f"cat /etc/sudoers /etc/sudoers.d/* 2>/dev/null | awk '{_LIMITS}'",
    root=True,
    limit_bytes=4_096,
    reduces=Text("各文件只取时间限制与所约束的用户", "of each file only limits of time and whom they bind"),
)

_UNITS_S: Final = {"d": 86_400, "h": 3_600, "m": 60, "s": 1, "": 1}


def timeout_of(text: str, user: str) -> int | None:
    """``Defaults command_timeout=60`` → 60 seconds; None where nothing ends a shell of that user.

    The last one that binds the user counts, and the limit of a rule before that of Defaults. A group or an alias is
    taken to bind him.
    """
    of_defaults: int | None = None
    of_rule: int | None = None
    for first, rest in (line.split(" ", 1) for line in text.splitlines() if " " in line):
        if not first.startswith("Defaults"):
            of_rule = seconds_of(rest) if _binds(first, user) else of_rule
        elif first == "Defaults" or (first[8] == ":" and _binds(first[9:], user)):
            of_defaults = seconds_of(rest.partition("=")[2])
    return of_rule or of_defaults or None


def seconds_of(text: str) -> int:
    """``90``, ``1m30s`` → 90; 0 where it is no time."""
    if not re.fullmatch(r"(\d+[dhms]?)+", text.lower(), re.ASCII):
        return 0
    return sum(
        int(number) * _UNITS_S[unit] for number, unit in re.findall(r"(\d+)([dhms]?)", text.lower(), re.ASCII)
    )


def _binds(users: str, user: str) -> bool:
    return any(word in (user, "ALL") or re.match(r"%|[A-Z][A-Z0-9_]*$", word) for word in users.split(","))
