"""Who may do what as somebody else by doas (Alpine): doas.conf(5)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from secaudit.facts.accounts_probe import PASSWD
from secaudit.facts.config_files import config_files
from secaudit.facts.fact import Evidence, Fact, GapFound
from secaudit.facts.groups import GROUP, Group
from secaudit.facts.passwd_file import Identity
from secaudit.facts.shell_programs import gives_shell
from secaudit.model.evidence import GapReason, Probe
from secaudit.model.text import Text

# Only where the program is; of a command its arguments are printed as "...", values of setenv not at all.
DOAS = Probe(
    "doas.rules",
    r"""set --
for f in /usr/bin/doas /usr/local/bin/doas; do [ ! -x "$f" ] || set -- "$f"; done
if [ $# -eq 0 ]; then echo '#absent'; else
set --
for f in /etc/doas.conf /etc/doas.d/*.conf /usr/local/etc/doas.conf; do [ ! -f "$f" ] || set -- "$@" "$f"; done
[ $# -eq 0 ] || awk 'FNR == 1 { print "#= " FILENAME; held = "" }
{ sub(/\r$/, ""); line = held $0; held = "" }
line ~ /\\$/ { sub(/\\$/, " ", line); held = line; next }
{ sub(/#.*/, "", line); gsub(/\{[^}]*\}/, "{ }", line)
  if (match(line, /[ \t]args([ \t].*)?$/)) line = substr(line, 1, RSTART - 1) " args"
  gsub(/["]/, "", line); if (line ~ /[^ \t]/) print " " line }' "$@"
fi""",
    root=True,
    reduces=Text(
        "舍去注释、命令参数和变量的值", "comments, arguments of commands and values of variables are dropped"
    ),
)

_ROOT = ("root", "0")
_OPTIONS = frozenset({"nopass", "nolog", "persist", "keepenv"})


@dataclass(frozen=True, slots=True)
class DoasRule:
    """A rule that permits. ``kind`` is ``user`` or ``group``; ``people`` are the accounts here that it means.

    ``all``: every command; ``shell``: one that gives a shell. ``nopass``: no password is asked.
    """

    who: str
    kind: str
    people: tuple[str, ...]
    as_root: bool
    all: bool
    shell: bool
    nopass: bool
    command: str
    file: str


def parse_doas(text: str, groups: Sequence[Group], people: Sequence[Identity]) -> tuple[DoasRule, ...]:
    """``permit nopass :wheel`` → DoasRule; empty where there is no doas, or nothing is permitted. Raises GapFound.

    The last rule that matches counts: a later rule for the same who, target and command takes the place of an earlier.
    """
    if text.strip() == "#absent":
        return ()
    found: dict[tuple[str, str, str], DoasRule | None] = {}
    for file in config_files(text):
        for line in file.lines:
            _take(found, line, file.path, groups, people)
    return tuple(rule for rule in found.values() if rule is not None)


def _take(
    found: dict[tuple[str, str, str], DoasRule | None],
    line: str,
    path: str,
    groups: Sequence[Group],
    people: Sequence[Identity],
) -> None:
    words = re.sub(r"\bsetenv\s*\{[^}]*\}", " ", line).split()
    if len(words) < 2 or words[0] not in ("permit", "deny"):
        raise GapFound(GapReason.UNPARSABLE, f"doas: {line[:60]}")
    options = []
    while len(words) > 1 and words[1] in _OPTIONS:
        options.append(words.pop(1))
    if len(words) < 2:
        raise GapFound(GapReason.UNPARSABLE, f"doas: {line[:60]}")
    who, target, command = words[1], _after(words, "as"), _after(words, "cmd")
    key = (who, target, command)
    kind = "group" if who.startswith(":") else "user"
    if words[0] == "deny" and not command:
        _deny(found, who, target, frozenset(_people(who, kind, groups, people)))
        return
    found.pop(key, None)
    fixed = " ..." if words[-1:] == ["args"] else ""
    rule = DoasRule(
        who=who,
        kind=kind,
        people=_people(who, kind, groups, people),
        as_root=target in ("", *_ROOT),
        all=not command,
        shell=bool(command) and gives_shell(command + fixed),
        nopass="nopass" in options,
        command=command or "ALL",
        file=path,
    )
    found[key] = rule if words[0] == "permit" else None


def _deny(
    found: dict[tuple[str, str, str], DoasRule | None], who: str, target: str, denied: frozenset[str]
) -> None:
    """Who may do nothing any more, as one target or as any, is taken out of the rules before."""
    for key, rule in found.items():
        if rule is None or (target not in ("", key[1]) and not (rule.as_root and target in _ROOT)):
            continue
        left = tuple(name for name in rule.people if name not in denied)
        if key[0] == who or (rule.people and not left):
            found[key] = replace(rule, as_root=False) if target and not key[1] else None
        elif not target or key[1]:
            found[key] = replace(rule, people=left)


def _after(words: Sequence[str], name: str) -> str:
    place = words.index(name, 2) + 1 if name in words[2:] else len(words)
    return words[place] if place < len(words) else ""


def _people(who: str, kind: str, groups: Sequence[Group], people: Sequence[Identity]) -> tuple[str, ...]:
    if kind == "group":
        return tuple(
            name for group in groups if who[1:] in (group.name, str(group.gid)) for name in group.members
        )
    return tuple(person.name for person in people if who in (person.name, str(person.uid)))


def build_doas_rules(evidence: Evidence) -> tuple[DoasRule, ...]:
    """What doas permits."""
    return parse_doas(evidence.text(DOAS.id), evidence.fact("groups"), evidence.fact("identities"))


DOAS_RULES = Fact(
    "doas_rules",
    Text("doas规则", "doas rules"),
    tuple[DoasRule, ...],
    build_doas_rules,
    (DOAS, PASSWD, GROUP),
    uses=("groups", "identities"),
)
