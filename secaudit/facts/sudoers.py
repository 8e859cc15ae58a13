"""The files of sudo as they lie there: aliases, Defaults and rules, before anything is expanded (sudoers(5))."""

import re
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from ipaddress import ip_network

from secaudit.facts.config_files import config_files
from secaudit.facts.fact import GapFound
from secaudit.model.evidence import GapReason

# ``ALL = /bin/a : web, mail = /bin/b``: the same people, on other hosts.
_OTHER_HOSTS = re.compile(r"\s:([^/():=\\]+)=")
ALIAS_DEPTH = 10


@dataclass(slots=True)
class Sudoers:
    """What the files say, before aliases are expanded."""

    aliases: dict[str, list[str]] = field(default_factory=dict)
    defaults: list[tuple[str, str]] = field(default_factory=list)
    specs: list[tuple[str, str, str]] = field(default_factory=list)

    def expand(self, name: str, depth: int = 0) -> list[str]:
        """An alias as what it stands for; anything else as it is. Raises GapFound when it names itself."""
        if depth > ALIAS_DEPTH:
            raise GapFound(GapReason.UNPARSABLE, f"sudoers: alias {name[:40]} names itself")
        bare = name.lstrip("!")
        if bare not in self.aliases:
            return [name]
        sign = "!" if name.startswith("!") else ""
        return [sign + word for item in self.aliases[bare] for word in self.expand(item, depth + 1)]


def read_sudoers(text: str) -> Sudoers:
    """What the probe printed; raises GapFound."""
    found = Sudoers()
    for file in config_files(text):
        for line in file.lines:
            _take(found, line, file.path.replace("/./", "/"))
    return found


def _take(found: Sudoers, line: str, path: str) -> None:
    word = line.split(None, 1)[0] if line.split() else ""
    if word.startswith("Defaults"):
        found.defaults.append((word.removeprefix("Defaults"), line.removeprefix(word).strip()))
    elif word in ("User_Alias", "Runas_Alias", "Host_Alias", "Cmnd_Alias", "Cmd_Alias"):
        for definition in re.split(r"\s:\s", line.removeprefix(word)):
            name, _, value = definition.partition("=")
            found.aliases.setdefault(name.strip(), []).extend(items(value))
    elif word:
        head, equals, commands = line.partition("=")
        if not equals:
            raise GapFound(GapReason.UNPARSABLE, f"sudoers: {line[:60]}")
        first, *others = _OTHER_HOSTS.split(commands)
        found.specs.append((head, first, path))
        users = head_words(head)[0]
        found.specs += [
            (f"{users} {hosts}", part, path) for hosts, part in zip(others[::2], others[1::2], strict=True)
        ]


def items(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]


def head_words(head: str) -> list[str]:
    """``ann, ben web, mail`` → the list of users, the list of hosts."""
    words = re.findall(r'(?:"[^"]*"|[^\s",]|,\s*|\s+,\s*)+', head.strip())
    if len(words) < 2:
        raise GapFound(GapReason.UNPARSABLE, f"sudoers: {head[:60]}")
    return words


def is_for(found: Sudoers, head: str, host: str) -> bool:
    """The last word that fits decides; an address or a netgroup may be this host's, and counts."""
    return names_host(found, head_words(head)[1], host)


def names_host(found: Sudoers, hosts: str, host: str) -> bool:
    """The same for a list of hosts."""
    fits = False
    for item in items(hosts):
        for word in found.expand(item.replace('"', "")):
            bare = word.lstrip("!").lower()
            if bare == "all" or _names(bare, host) or (bare.startswith("+") or _is_address(bare)):
                fits = not word.startswith("!")
    return fits


def _names(pattern: str, host: str) -> bool:
    """A pattern without a dot means the first part of the name (sudoers(5), Host_List)."""
    name = host.lower()
    return fnmatchcase(name if "." in pattern else name.partition(".")[0], pattern)


def _is_address(text: str) -> bool:
    try:
        ip_network(text, strict=False)
    except ValueError:
        return False
    return True
