"""Which files AIDE compares: the selection lines of aide.conf(5), read without running its expressions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from secaudit.facts.config_files import ConfigFile
from secaudit.facts.fact import GapFound
from secaudit.model.evidence import GapReason

_SUMS = frozenset(
    {
        "md5",
        "sha1",
        "sha256",
        "sha512",
        "rmd160",
        "tiger",
        "haval",
        "gost",
        "whirlpool",
        "stribog256",
        "stribog512",
    }
    | {"sha512_256", "sha3_256", "sha3_512", "H", "R"}
)
_UNLESS = ("@@if not defined ", "@@ifndef ")
_DEFINED = ("@@if defined ", "@@ifdef ")
_SPECIAL = frozenset("[(*+?{|^)")
_MOST_VARIABLES = 20
_MOST_LINES = 2_000
_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Selection:
    """A line: ``sign`` is ``/``, ``=`` or ``!``; ``sums``: it compares the content, too (for ``!`` meaningless).

    ``sure`` is False under a condition that is not known here.
    """

    sign: str
    pattern: str
    sums: bool
    sure: bool = True

    def matches(self, path: str) -> str:
        """``yes``, ``no`` or ``maybe``."""
        found = matches(self.pattern, path, whole=self.sign == "=")
        return "maybe" if found == "yes" and not self.sure else found


@dataclass(slots=True)
class _Reading:
    """What was defined so far, and the conditions that the line stands under: True where one holds for certain."""

    groups: dict[str, frozenset[str]] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    conditions: list[bool] = field(default_factory=list)
    unless: str = ""

    def condition(self, line: str) -> None:
        """``@@if defined X``, ``@@if not defined X``, ``@@endif`` …"""
        words = line.split()
        if words[0].startswith("@@if"):
            self.unless = words[-1] if line.startswith(_UNLESS) else ""
            known = words[-1] in self.variables and line.startswith(_DEFINED)
            self.conditions.append(known or bool(self.unless))
        elif words[0] == "@@else" and self.conditions:
            self.conditions[-1] = False
        elif words[0] == "@@endif" and self.conditions:
            self.conditions.pop()

    def define(self, name: str, value: str) -> None:
        """A default does not replace what is there."""
        if all(self.conditions) and not (name == self.unless and name in self.variables):
            self.variables[name] = value


def selections(files: Sequence[ConfigFile]) -> tuple[Selection, ...]:
    """``/etc CONTENT``, ``!/etc/mtab$``, ``/var f,d LOG`` → Selection, with the groups and variables defined so far."""
    so_far, found = _Reading(), []
    for line in _lines(files):
        words = line.split()
        if words[0] == "@@define" and len(words) > 1:
            so_far.define(words[1], " ".join(words[2:]))
        elif line[0] in "/=!" or line.startswith("@@{"):
            one = _selection(_put_in(line, so_far.variables), so_far.groups)
            found.append(replace(one, sure=all(so_far.conditions)))
        elif line.startswith("@@"):
            so_far.condition(line)
        elif "=" in line:
            name, _, value = line.partition("=")
            so_far.groups[name.strip()] = _attributes(value, so_far.groups)
    return tuple(found)


def _lines(files: Sequence[ConfigFile]) -> Iterator[str]:
    """Raises GapFound where they are too long or too many for an honest file."""
    lines = [stripped for file in files for line in file.lines if (stripped := line.strip())]
    if len(lines) > _MOST_LINES or any(len(line) > _LONGEST for line in lines):
        raise GapFound(GapReason.UNPARSABLE, "the rules of AIDE are too long")
    yield from lines


def _put_in(line: str, variables: Mapping[str, str]) -> str:
    """A variable that is not defined here could be anything: ``^``, where a pattern ends to be read."""
    head, *parts = line.split("@@{")
    for part in parts[:_MOST_VARIABLES]:
        name, _, rest = part.partition("}")
        head += variables.get(name, "^") + rest
    return head[:_LONGEST]


def _selection(line: str, groups: Mapping[str, frozenset[str]]) -> Selection:
    words = line.lstrip("=!").split()
    sign = line[0] if line[0] in "=!" else "/"
    if words and _has_choice(words[0]):
        words[0] = "^"
    if sign == "!" or len(words) < 2:
        return Selection(sign, words[0] if words else "/", False)
    regular = len(words) == 2 or words[1] == "0" or "f" in words[1].split(",")
    return Selection(sign, words[0], regular and bool(_SUMS & _attributes(words[-1], groups)))


def _attributes(expression: str, groups: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """``R+sha512-md5`` → attributes, of groups defined before; R and H, which AIDE defines, stay as they are."""
    found: set[str] = set()
    for part in expression.replace("-", "+-").split("+"):
        name = part.strip().removeprefix("-")
        meant = groups.get(name, frozenset({name}))
        found = found - meant if part.strip().startswith("-") else found | meant
    return frozenset(found)


def matches(pattern: str, path: str, *, whole: bool = False) -> str:
    """``yes``, ``no`` or ``maybe``: an expression from the left of the path; ``whole``: it must reach the end.

    Letters and dots are read; what stands behind the first other sign is not (patterns of a stranger are never run).
    """
    at = i = 0
    while i < len(pattern):
        sign = pattern[i]
        if sign == "$" and i == len(pattern) - 1:
            return "yes" if at == len(path) else "no"
        if sign in _SPECIAL or (sign == "\\" and pattern[i + 1 : i + 2].isalnum()):
            return "maybe" if all(run in path[at:] for run in _required(pattern[i:])) else "no"
        i += 2 if sign == "\\" else 1
        literal = pattern[i - 1]
        optional = pattern[i : i + 1] in ("*", "?", "{")
        if optional:
            return "maybe" if all(run in path[at:] for run in _required(pattern[i:])) else "no"
        if at >= len(path) or (sign != "." and literal != path[at]):
            return "no"
        at += 1
    return "yes" if not whole or at == len(path) else "no"


@lru_cache(maxsize=256)
def _required(rest: str) -> tuple[str, ...]:
    """``(var/)?tmp/x-[0-9]{6}/y`` → ``tmp/x-``, ``/y``: what a path must hold, whatever the expressions stand for."""
    runs, run, depth, i = [], "", 0, 0
    while i < len(rest):
        sign, i = rest[i], i + 1
        depth += (sign in "([{") - (sign in ")]}")
        if sign == "\\" or depth or sign in "()[]{}*?+^$.":
            runs.append(run[:-1] if sign in "*?{" else run)
            run = ""
            i += sign == "\\"
        else:
            run += sign
    return tuple(one for one in (*runs, run) if one)


def _has_choice(pattern: str) -> bool:
    """Whether a ``|`` stands outside all brackets, so that the left end binds nothing."""
    depth, escaped = 0, False
    for sign in pattern:
        if not escaped:
            depth += (sign in "([") - (sign in ")]")
            if sign == "|" and depth <= 0:
                return True
        escaped = sign == "\\" and not escaped
    return False


def watched(path: str, lines: Sequence[Selection]) -> str:
    """Whether AIDE compares the content of a file: ``yes``, ``no`` or ``maybe``."""
    folders = [path[:i] for i, sign in enumerate(path) if sign == "/" and i]
    left_out = {
        one.matches(at)
        for one in lines
        if one.sign == "!"
        for at in ((path, *folders) if one.pattern.endswith("$") else (path,))
    }
    if "yes" in left_out:
        return "no"
    taken = [(one.matches(path), one.sums) for one in lines if one.sign in "/="]
    sums = {sums for match, sums in taken if match == "yes"}
    if sums == {True} and "maybe" not in left_out:
        return "yes"
    open_ = "maybe" in left_out or len(sums) == 2 or any(match == "maybe" and with_ for match, with_ in taken)
    return "maybe" if open_ else "no"
