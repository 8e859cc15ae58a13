"""A PAM stack as libpam would walk it: pam.conf(5), pam.d(5)."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from secaudit.facts.fact import GapFound
from secaudit.model.evidence import GapReason

SUCCESS, NEW_TOKEN, IGNORE = "success", "new_authtok_reqd", "ignore"
AUTH_ERR, USER_UNKNOWN = "auth_err", "user_unknown"
DEEPEST = 32
_WORD = re.compile(r"\s*(\[[^\]]*\]?|[^ \t]+)")

# pam.conf(5): the historical keywords in terms of the [value=action] syntax.
KEYWORDS: dict[str, dict[str, str]] = {
    "required": {SUCCESS: "ok", NEW_TOKEN: "ok", IGNORE: "ignore", "default": "bad"},
    "requisite": {SUCCESS: "ok", NEW_TOKEN: "ok", IGNORE: "ignore", "default": "die"},
    "sufficient": {SUCCESS: "done", NEW_TOKEN: "done", "default": "ignore"},
    "optional": {SUCCESS: "ok", NEW_TOKEN: "ok", "default": "ignore"},
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file in pam.d: type (``auth`` …), control as written, module or included file, arguments.

    ``type`` is "" for ``@include``, which takes in a file with all its types. ``optional``: a leading ``-``,
    the module may be missing.
    """

    type: str
    control: str
    module: str
    arguments: tuple[str, ...] = ()
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Module:
    """A module in a stack; ``name`` without folder and ``.so``; ``actions`` return value → action."""

    name: str
    actions: Mapping[str, str]
    arguments: tuple[str, ...] = ()
    optional: bool = False

    def argument(self, key: str) -> str | None:
        """``deny=5`` → "5"; a bare ``key`` → ""; None when it is not given. The last one wins."""
        found = None
        for argument in self.arguments:
            name, _, value = argument.partition("=")
            if name == key:
                found = value
        return found


@dataclass(frozen=True, slots=True)
class Substack:
    """Modules that count as one for a jump, and which ``done`` and ``die`` leave no further than."""

    items: "tuple[Module | Substack, ...]"


Stack = tuple[Module | Substack, ...]
Files = Mapping[str, Sequence[Line]]


@lru_cache(maxsize=1024)
def parse_line(text: str) -> Line | None:
    """``auth [success=1 default=ignore] pam_unix.so nullok`` → Line; None for an empty one; raises GapFound."""
    words = _words(text)
    if not words:
        return None
    if words[0] == "@include" and len(words) == 2:
        return Line("", "include", words[1])
    if len(words) < 3:
        raise GapFound(GapReason.UNPARSABLE, f"PAM: {text[:80]}")
    kind = words[0].lower()
    return Line(kind.lstrip("-"), words[1].lower(), words[2], tuple(words[3:]), kind.startswith("-"))


def _words(text: str) -> list[str]:
    """Words, a bracketed one kept whole."""
    return _WORD.findall(text.strip())


def stack_of(files: Files, service: str, kind: str, depth: int = 0) -> Stack:
    """The stack of one type of a service, with everything it takes in. Raises GapFound when a file is missing."""
    if service not in files:
        raise GapFound(GapReason.UNPARSABLE, f"PAM: the file {service} is included and not there")
    if depth > DEEPEST:
        raise GapFound(GapReason.UNPARSABLE, f"PAM: {service} includes itself")
    items: list[Module | Substack] = []
    for line in files[service]:
        if line.type not in ("", kind):
            continue
        if line.control == "include":
            items.extend(stack_of(files, _service(line.module), kind, depth + 1))
        elif line.control == "substack":
            items.append(Substack(stack_of(files, _service(line.module), kind, depth + 1)))
        else:
            name = line.module.rsplit("/", 1)[-1].removesuffix(".so")
            items.append(Module(name, actions(line.control), line.arguments, line.optional))
    return tuple(items)


def _service(name: str) -> str:
    return name.rsplit("/", 1)[-1]


def actions(control: str) -> Mapping[str, str]:
    """``[success=1 default=ignore]`` or a keyword → return value → action; raises GapFound."""
    if control in KEYWORDS:
        return KEYWORDS[control]
    if not (control.startswith("[") and control.endswith("]")):
        raise GapFound(GapReason.UNPARSABLE, f"PAM control {control[:40]}")
    pairs = [word.partition("=") for word in control[1:-1].split()]
    return {value: action for value, _, action in pairs}


def modules(stack: Stack) -> tuple[Module, ...]:
    """Every module of a stack, whether it is reached or not."""
    found: list[Module] = []
    for item in stack:
        found.extend(modules(item.items) if isinstance(item, Substack) else (item,))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a walk led to: whether the stack lets the user pass, and the modules that ran."""

    passed: bool
    ran: tuple[Module, ...]


def walk(stack: Stack, answer: Callable[[Module], str]) -> Outcome:
    """The stack when each module returns what ``answer`` says (libpam: _pam_dispatch)."""
    state = _Walk(answer)
    state.run(stack)
    return Outcome(state.impression == "positive" and state.status == SUCCESS, tuple(state.ran))


class _Walk:
    """The state of one walk: impression and status as libpam keeps them."""

    def __init__(self, answer: Callable[[Module], str]) -> None:
        self.answer = answer
        self.impression, self.status = "undefined", "must_fail"
        self.ran: list[Module] = []

    def run(self, stack: Stack) -> None:
        """Walk one level; a decision ends this level only when it is a substack."""
        start = (self.impression, self.status)
        skip = 0
        for item in stack:
            if skip:
                skip -= 1
                continue
            if isinstance(item, Substack):
                self.run(item.items)
                continue
            self.ran.append(item)
            value = self.answer(item)
            action = item.actions.get(value, item.actions.get("default", "bad"))
            if action.isdigit():
                skip = int(action)
            elif action == "reset":
                self.impression, self.status = start
            elif self._decided(action, value):
                return

    def _decided(self, action: str, value: str) -> bool:
        """Take the value in as the action says; True when the level is left."""
        if action in ("ok", "done"):
            content = self.impression == "undefined" or (
                self.impression == "positive" and self.status == SUCCESS
            )
            if content and value != IGNORE:
                self.impression, self.status = "positive", SUCCESS if value == NEW_TOKEN else value
            return action == "done" and self.impression == "positive"
        if action in ("bad", "die"):
            if self.impression != "negative":
                self.impression, self.status = "negative", value
            return action == "die"
        return False
