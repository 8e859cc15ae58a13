"""An Ansible inventory as groups and hosts, and the variables that count for a host."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from secaudit.errors import Problem
from secaudit.language import _
from secaudit.register.ansible_ranges import HOST_LIMIT, expanded

ALL: Final = "all"
LEVEL_LIMIT: Final = 50


@dataclass(slots=True)
class Host:
    """A host: the line that names it first, and its own variables."""

    line: int
    variables: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Group:
    """A group: its variables, the groups in it, its hosts."""

    variables: dict[str, Any] = field(default_factory=dict)
    children: set[str] = field(default_factory=set)
    hosts: set[str] = field(default_factory=set)


class Inventory:
    """Groups and hosts while they are read; every group is below ``all``."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.hosts: dict[str, Host] = {}
        self.groups: dict[str, Group] = {ALL: Group()}
        self.problems: list[Problem] = []

    def group(self, name: str) -> Group:
        return self.groups.setdefault(name, Group())

    def add_hosts(self, group: str, pattern: str, line: int, variables: Mapping[str, Any]) -> None:
        try:
            names = expanded(pattern)
        except ValueError as error:
            self.problem(line, pattern, str(error))
            return
        if len(self.hosts) + len(names) > HOST_LIMIT:
            self.problem(line, pattern, _("at most {limit} hosts expected").format(limit=HOST_LIMIT))
            return
        for name in names:
            self.hosts.setdefault(name, Host(line)).variables.update(variables)
            self.group(group).hosts.add(name)

    def problem(self, line: int, read: str, expected: str) -> None:
        self.problems.append(Problem(self.file, line, "", repr(read)[:80] if read else "", expected))

    def depths(self) -> dict[str, int]:
        """How far each group is below ``all`` by its longest way; a cycle becomes a problem."""
        depths = {name: 0 if name == ALL else 1 for name in self.groups}
        for _round in range(LEVEL_LIMIT):
            deeper = [
                (child, depths[name] + 1)
                for name, group in self.groups.items()
                for child in group.children
                if depths.get(child, 0) < depths[name] + 1
            ]
            if not deeper:
                return depths
            depths.update(deeper)
        self.problem(
            0, "", _("groups in at most {limit} levels, without a cycle, expected").format(limit=LEVEL_LIMIT)
        )
        return {}

    def variables(self) -> Iterator[tuple[str, Host, dict[str, Any]]]:
        """Every host with the variables that count: ``all``, groups from the outside in, the host's own."""
        depths = self.depths()
        order = sorted(depths, key=lambda name: (depths[name], name))
        members = {name: self._members(name) for name in order}
        for name, host in self.hosts.items():
            merged: dict[str, Any] = {}
            for group in order:
                if group == ALL or name in members[group]:
                    merged |= self.groups[group].variables
            yield name, host, merged | host.variables

    def _members(self, name: str) -> set[str]:
        seen, todo, hosts = {name}, [name], set[str]()
        while todo:
            group = self.groups[todo.pop()]
            hosts |= group.hosts
            todo += [child for child in group.children if child not in seen]
            seen |= group.children
        return hosts
