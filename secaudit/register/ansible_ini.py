"""Ansible inventories in the ini form: ``[group]``, ``[group:vars]``, ``[group:children]``."""

import ipaddress
import re
import shlex
from typing import Any, Final

from secaudit.language import _
from secaudit.register.ansible_inventory import Inventory

_SECTION: Final = re.compile(r"\[([^\]:\s]+)(?::(vars|children|hosts))?\]\s*(?:[#;].*)?")
_BRACKETED: Final = re.compile(r"\[([0-9A-Fa-f:.]+)\](?::([0-9]{1,5}))?")
_WITH_PORT: Final = re.compile(r"([^:\[]*(?:\[[^\]]*\][^:\[]*)*):([0-9]{1,5})")


def read_ini(text: str, file: str) -> Inventory:
    """The inventory in a text; what cannot be read is among its problems."""
    inventory = Inventory(file)
    section = ("ungrouped", "hosts")
    for number, line in enumerate(map(str.strip, text.split("\n")), 1):
        if not line or line.startswith(("#", ";")):
            continue
        if match := _SECTION.fullmatch(line):
            section = (match[1], match[2] or "hosts")
            inventory.group(match[1])
        else:
            _entry(inventory, section, number, line)
    return inventory


def _entry(inventory: Inventory, section: tuple[str, str], number: int, line: str) -> None:
    group, form = section
    words = _words(inventory, number, line)
    match form:
        case "children" if len(words) == 1:
            inventory.group(words[0])
            inventory.group(group).children.add(words[0])
        case "vars" if "=" in line:
            name, _equals, value = line.partition("=")
            inventory.group(group).variables[name.strip()] = _unquoted(value.strip())
        case "hosts" if words:
            _hosts(inventory, group, number, words)
        case "hosts":
            pass  # quotes that do not close are a problem already
        case _:
            inventory.problem(number, "", _("one name a line, or name=value in [GROUP:vars], expected"))


def _words(inventory: Inventory, number: int, line: str) -> list[str]:
    try:
        return shlex.split(line, comments=True)
    except ValueError:
        inventory.problem(number, "", _("quotes that are closed expected"))
        return []


def _hosts(inventory: Inventory, group: str, number: int, words: list[str]) -> None:
    pattern, variables = words[0], dict[str, Any]()
    for word in words[1:]:
        name, equals, value = word.partition("=")
        if not equals:
            inventory.problem(number, "", _("name=value after the host expected"))
        variables[name] = value
    pattern, port = _split_port(pattern)
    inventory.add_hosts(group, pattern, number, {"ansible_port": port, **variables} if port else variables)


def _split_port(pattern: str) -> tuple[str, str]:
    """``web[1:3]:2222`` → (``web[1:3]``, ``2222``); an IPv6 address keeps its colons."""
    match = _BRACKETED.fullmatch(pattern)
    if match and _is_ipv6(match[1]):
        return match[1], match[2] or ""
    match = _WITH_PORT.fullmatch(pattern)
    return (match[1], match[2]) if match else (pattern, "")


def _is_ipv6(text: str) -> bool:
    try:
        return ipaddress.ip_address(text).version == 6
    except ValueError:
        return False


def _unquoted(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "'\""
    return value[1:-1] if quoted else value
