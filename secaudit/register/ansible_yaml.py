"""Ansible inventories in the YAML form, and the files of ``group_vars/`` and ``host_vars/``."""

from typing import Any, Final

from secaudit.document import Document
from secaudit.document.reader import Place
from secaudit.language import _
from secaudit.register.ansible_inventory import Inventory

# What Ansible decrypts or leaves unevaluated: never read here.
OPAQUE_TAGS: Final = ("!vault", "!vault-encrypted", "!unsafe")
DEPTH_LIMIT: Final = 10


def read_yaml(document: Document) -> Inventory:
    """The inventory in a document; what cannot be read is among its problems."""
    inventory = Inventory(document.file)
    if not isinstance(document.data, dict) or "plugin" in document.data:
        inventory.problem(1, "", _("groups with hosts expected (a plugin's settings are no inventory)"))
        return inventory
    for name, group in document.data.items():
        _group(inventory, document, (name,), group)
    return inventory


def _group(inventory: Inventory, document: Document, place: Place, data: Any) -> None:
    name = str(place[-1])
    group = inventory.group(name)
    if data is None:
        return
    if not isinstance(data, dict):
        inventory.problem(document.line(place), "", _("a group with hosts, vars and children expected"))
        return
    group.variables.update(_mapping(inventory, document, (*place, "vars"), data.get("vars")))
    for pattern, variables in _mapping(inventory, document, (*place, "hosts"), data.get("hosts")).items():
        where = (*place, "hosts", pattern)
        own = _mapping(inventory, document, where, variables)
        inventory.add_hosts(name, pattern, document.line(where), own)
    children = _mapping(inventory, document, (*place, "children"), data.get("children"))
    for child, below in children.items():
        group.children.add(child)
        _group(inventory, document, (*place, "children", child), below)


def _mapping(inventory: Inventory, document: Document, place: Place, data: Any) -> dict[str, Any]:
    if data is None:
        return {}
    if not isinstance(data, dict):
        inventory.problem(document.line(place), "", _("keys with values expected"))
        return {}
    return data
