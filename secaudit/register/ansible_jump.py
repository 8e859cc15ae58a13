"""The way to a host by the ssh arguments of an Ansible inventory: ``-J gate``, ``-o ProxyJump=audit@10.0.0.1:2222``."""

import re
import shlex
from collections.abc import Sequence
from typing import Final

from secaudit.model.register import Hop

# ssh_config(5): the name of an option, then = or blanks
_PROXY: Final = re.compile(r"(proxyjump|proxycommand)(?:\s*=\s*|\s+)(.*)", re.IGNORECASE)
_SPECIFIED: Final = re.compile(r"(?:ssh://)?(?:([^@]+)@)?(\[[^]]+\]|[^:]+)(?::(\d+))?")


def proxies(arguments: str) -> list[str]:
    """What ssh would pass, in its order; the whole command where one is given. Raises ValueError for bad quoting."""
    words = shlex.split(arguments)
    for place, word in enumerate(words):
        option, value = word[:2], word[2:] or "".join(words[place + 1 : place + 2])
        if option == "-J":
            return _unless_none(value).split(",") if _unless_none(value) else []
        if option == "-o" and (found := _PROXY.fullmatch(value)):
            value = _unless_none(found[2])
            return value.split(",") if found[1].lower() == "proxyjump" and value else [value] if value else []
    return []


def registered(proxy: str, jump_hosts: Sequence[Hop]) -> str | None:
    """The id of the jump host that ``[user@]host[:port]`` means, by its id or by its address."""
    found = _SPECIFIED.fullmatch(proxy.strip())
    if found is None:
        return None
    user, host, port = found[1], found[2].strip("[]"), int(found[3] or 22)
    for hop in jump_hosts:
        named = hop.id == host and found[3] in (None, str(hop.port))
        if (named or (hop.address, hop.port) == (host, port)) and user in (None, hop.user):
            return hop.id
    return None


def _unless_none(value: str) -> str:
    """``none`` switches a proxy off."""
    return "" if value.strip().lower() == "none" else value
