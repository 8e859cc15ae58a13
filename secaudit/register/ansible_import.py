"""Hosts of an Ansible inventory become assets; secrets and what only Ansible can evaluate stay behind."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from secaudit.document import read_document
from secaudit.document.reader import Opaque, parse_document
from secaudit.errors import ContentError, Problem
from secaudit.language import _
from secaudit.model.register import Hop
from secaudit.register.ansible_ini import read_ini
from secaudit.register.ansible_inventory import Host, Inventory
from secaudit.register.ansible_jump import proxies, registered
from secaudit.register.ansible_yaml import OPAQUE_TAGS, read_yaml
from secaudit.register.asset_ids import id_from
from secaudit.register.importing import Found, document_of
from secaudit.register.list_text import list_text
from secaudit.register.values import printable_line

_ADDRESS: Final = ("ansible_host", "ansible_ssh_host")
_PORT: Final = ("ansible_port", "ansible_ssh_port")
_USER: Final = ("ansible_user", "ansible_ssh_user")
_KEY: Final = ("ansible_ssh_private_key_file", "ansible_private_key_file")
_ARGUMENTS: Final = ("ansible_ssh_common_args", "ansible_ssh_extra_args", "ansible_ssh_args")
_CONNECTION: Final = ("ansible_connection",)
_BECOME: Final = ("ansible_become", "ansible_sudo")
_METHOD: Final = ("ansible_become_method",)
_PASSWORDS: Final = ("ansible_password", "ansible_ssh_pass", "ansible_ssh_password")
_BECOME_PASSWORDS: Final = ("ansible_become_password", "ansible_become_pass", "ansible_sudo_pass")
_KINDS: Final = {
    **dict.fromkeys(("winrm", "psrp"), "windows"),
    **dict.fromkeys(("network_cli", "netconf", "httpapi"), "network-device"),
}
_SSH: Final = ("", "ssh", "smart", "paramiko", "paramiko_ssh")


def read_inventory(path: Path, defaults: dict[str, str], jump_hosts: Sequence[Hop] = ()) -> Found:
    """The hosts of an inventory (ini or YAML by its name); ``defaults`` fill ``user`` and ``key``.

    Of the ways to them those are taken that pass registered ``jump_hosts`` only.

    Raises ContentError for what is no inventory at all, UsageError for a file that cannot be read.
    """
    inventory = _inventory(path)
    _add_variable_files(inventory, path.parent)
    reader = _HostReader(inventory, path.parent.resolve(), defaults, jump_hosts)
    assets = [
        (host.line, reader.asset(name, host, variables)) for name, host, variables in inventory.variables()
    ]
    return Found(document_of(path.name, assets), reader.remarks(), tuple(inventory.problems))


def _inventory(path: Path) -> Inventory:
    if path.suffix in (".yml", ".yaml", ".json"):
        return read_yaml(read_document(path, path.name, OPAQUE_TAGS))
    return read_ini(list_text(path), path.name)


def _add_variable_files(inventory: Inventory, folder: Path) -> None:
    """``group_vars/NAME.yml`` and ``host_vars/NAME.yml`` beside the inventory win over what it says itself."""
    for name, group in inventory.groups.items():
        group.variables.update(_variables(inventory, folder / "group_vars", name))
    for name, host in inventory.hosts.items():
        host.variables.update(_variables(inventory, folder / "host_vars", name))


def _variables(inventory: Inventory, folder: Path, name: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if "/" in name or name.startswith(".") or not folder.is_dir():
        return found
    files = [folder / f"{name}{suffix}" for suffix in ("", ".yml", ".yaml", ".json")]
    files += sorted((folder / name).glob("*")) if (folder / name).is_dir() else []
    for file in files:
        if file.is_file():
            found |= _variables_in(inventory, file, f"{folder.name}/{file.relative_to(folder)}")
    return found


def _variables_in(inventory: Inventory, file: Path, shown: str) -> dict[str, Any]:
    try:
        text = list_text(file)
        if text.startswith("$ANSIBLE_VAULT;"):
            return {}
        data = parse_document(text, shown, OPAQUE_TAGS).data or {}
    except ContentError as error:
        inventory.problems += error.problems
        return {}
    if not isinstance(data, dict):
        inventory.problems.append(Problem(shown, 1, "", "", _("keys with values expected")))
        return {}
    return data


class _HostReader:
    """A host and its variables → an asset as a system file has it; counts what is left out."""

    def __init__(
        self, inventory: Inventory, folder: Path, defaults: dict[str, str], jump_hosts: Sequence[Hop]
    ) -> None:
        self.inventory, self.folder, self.defaults = inventory, folder, defaults
        self.jump_hosts = jump_hosts
        self.left_out: Counter[str] = Counter()

    def asset(self, name: str, host: Host, variables: dict[str, Any]) -> dict[str, Any]:
        connection = self.text(host, variables, _CONNECTION).rpartition(".")[2]
        asset: dict[str, Any] = {
            "id": id_from(name),
            "kind": _KINDS.get(connection, "linux"),
            "name": name,
            "address": self.text(host, variables, _ADDRESS) or name,
        }
        if connection in _SSH:
            asset["reach"] = self.ssh(host, variables)
        elif connection == "local":
            asset["reach"] = {"transport": "local", "sudo": self.sudo(host, variables)}
        else:
            self.left_out[_("how they are reached (ansible_connection: {name})").format(name=connection)] += 1
        return asset

    def ssh(self, host: Host, variables: dict[str, Any]) -> dict[str, Any]:
        if any(name in variables for name in _PASSWORDS):
            self.left_out[_("a password; write a reference: password: env:NAME")] += 1
        port = self.text(host, variables, _PORT)
        reach: dict[str, Any] = {"transport": "ssh"}
        if port:
            reach["port"] = int(port) if port.isdecimal() and len(port) < 10 else port
        if user := self.text(host, variables, _USER) or self.defaults.get("user", ""):
            reach["user"] = user
        if jump := self.jump(host, variables):
            reach["jump"] = jump
        reach["key"] = self.key(host, variables)
        reach["sudo"] = self.sudo(host, variables)
        return reach

    def jump(self, host: Host, variables: dict[str, Any]) -> list[str]:
        """The jump hosts on the way, when all of them are registered."""
        arguments = (self.text(host, variables, (name,)) for name in _ARGUMENTS)
        try:
            passed = next(filter(None, map(proxies, arguments)), [])
        except ValueError:
            passed = ["?"]
        found = [registered(proxy, self.jump_hosts) for proxy in passed]
        if None in found:
            told = _("how they are jumped to ({way}); register it as jump_hosts in secaudit.yaml")
            self.left_out[told.format(way=printable_line(", ".join(passed))[:80])] += 1
            return []
        return [name for name in found if name]

    def key(self, host: Host, variables: dict[str, Any]) -> str:
        file = self.text(host, variables, _KEY)
        if not file:
            return self.defaults.get("key", "agent")
        return f"file:{file}" if file.startswith(("/", "~/")) else f"file:{self.folder / file}"

    def sudo(self, host: Host, variables: dict[str, Any]) -> str:
        if self.text(host, variables, _BECOME).lower() not in ("true", "yes", "on", "1", "y", "t"):
            return "none"
        if any(name in variables for name in _BECOME_PASSWORDS):
            self.left_out[_("sudo with a password; write sudo: password, sudo_password: env:NAME")] += 1
            return "none"
        if (method := self.text(host, variables, _METHOD)) not in ("", "sudo"):
            self.left_out[_("root by {method}").format(method=method)] += 1
            return "none"
        return "all"

    def text(self, host: Host, variables: dict[str, Any], names: tuple[str, ...]) -> str:
        """The first of these variables that is set, as text; what must be evaluated is a problem."""
        name = next((name for name in names if variables.get(name) is not None), None)
        if name is None:
            return ""
        value = variables[name]
        if isinstance(value, (Opaque, dict, list)) or "{{" in str(value):
            expected = _("{name}: a plain value expected; templates and vault are not evaluated")
            self.inventory.problem(host.line, "", expected.format(name=name))
            return ""
        return str(value)

    def remarks(self) -> tuple[str, ...]:
        said = _("Not imported from {count} hosts: {what}.")
        return tuple(said.format(count=count, what=what) for what, count in self.left_out.items())
