"""Changes values in YAML files that people edit, as text: what is not changed stays as it is written.

Comments inside a list or mapping that is replaced as a whole go with it; all others stay.
"""

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Final

import yaml

from secaudit.document.reader import Place, parse_document
from secaudit.errors import ContentError, UsageError
from secaudit.language import _
from secaudit.register.editing import ends_as

ABSENT: Final = None
"""A value that is to go: no field of the register is null."""

Changes = Mapping[Place, Any]


@dataclass(frozen=True, slots=True)
class _Cut:
    """A text in place of what stands between two offsets."""

    start: int
    end: int
    text: str


def amended(text: str, changes: Changes, file: str) -> str:
    """The text of a file with these values; the mapping around each place is there, the place itself need not be.

    Raises UsageError where the file is written in a way that cannot be changed.
    """
    if not changes:
        return text
    meant = _applied(parse_document(text, file).data, changes)
    new = _edited(text, changes)
    if not _says(new, meant):
        named = "\n".join(_shown(place, value) for place, value in changes.items())
        told = _("{file} is written in a way that cannot be changed here; change it by hand:")
        raise UsageError(told.format(file=file) + "\n" + named)
    return new


def _edited(text: str, changes: Changes) -> str:
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError:  # stricter than the reader in what it takes for printable
        return text
    cuts = sorted(_cuts(text, root, changes), key=lambda cut: (cut.start, cut.end)) if root else []
    for cut in reversed(cuts):
        text = text[: cut.start] + ends_as(text, cut.text) + text[cut.end :]
    return text


def _shown(place: Place, value: Any) -> str:
    name = ".".join(map(str, place))
    return f"  {name}: {written(value)}" if value is not ABSENT else f"  {name}: –"


def written(value: Any) -> str:
    """A value on one line of YAML: JSON is YAML."""
    return json.dumps(value, ensure_ascii=False)


def _says(text: str, meant: Any) -> bool:
    try:
        return bool(parse_document(text, "").data == meant)
    except ContentError:
        return False


def _applied(data: Any, changes: Changes) -> Any:
    meant = deepcopy(data)
    for place, value in changes.items():
        around = meant
        for part in place[:-1]:
            around = around[part]
        if value is ABSENT:
            around.pop(place[-1], None)
        else:
            around[place[-1]] = value
    return meant


def _cuts(text: str, root: yaml.Node, changes: Changes) -> Iterator[_Cut]:
    by_mapping: dict[Place, dict[str, Any]] = {}
    for place, value in changes.items():
        by_mapping.setdefault(place[:-1], {})[str(place[-1])] = value
    for place, values in sorted(by_mapping.items(), key=lambda item: -len(item[0])):  # inner lines come first
        mapping = _node(root, place)
        if isinstance(mapping, yaml.MappingNode):
            yield from _of_mapping(text, mapping, values)


def _node(root: yaml.Node, place: Place) -> yaml.Node | None:
    node: yaml.Node | None = root
    for part in place:
        if isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            node = node.value[part]
        elif isinstance(node, yaml.MappingNode):
            node = next((value for key, value in node.value if key.value == part), None)
    return node


def _of_mapping(text: str, mapping: yaml.MappingNode, values: Mapping[str, Any]) -> Iterator[_Cut]:
    there = {key.value: (key, value) for key, value in mapping.value}
    gone = [name for name in values if name in there and values[name] is ABSENT]
    if mapping.flow_style and gone:  # its commas are ours to set: it is written anew
        yield _Cut(mapping.start_mark.index, mapping.end_mark.index, _flow(text, mapping, values))
        return
    for name, value in values.items():
        if name in there and value is ABSENT:
            yield _without(text, *there[name])
        elif name in there:
            key, node = there[name]
            yield _Cut(key.end_mark.index, _end(text, node), f": {written(value)}")
    new = {name: value for name, value in values.items() if name not in there and value is not ABSENT}
    if new:
        yield _Cut(*_added(text, mapping, new))


def _flow(text: str, mapping: yaml.MappingNode, values: Mapping[str, Any]) -> str:
    kept = [
        f"{key.value}: {text[value.start_mark.index : value.end_mark.index]}"
        for key, value in mapping.value
        if key.value not in values
    ]
    said = [f"{name}: {written(value)}" for name, value in values.items() if value is not ABSENT]
    return "{" + ", ".join([*kept, *said]) + "}"


def _added(text: str, mapping: yaml.MappingNode, new: Mapping[str, Any]) -> tuple[int, int, str]:
    """Before the closing brace, or on lines of their own below the last value."""
    if mapping.flow_style:
        before = mapping.value[-1][1].end_mark.index if mapping.value else mapping.start_mark.index + 1
        comma = ", " if mapping.value else ""
        return before, before, comma + ", ".join(f"{name}: {written(value)}" for name, value in new.items())
    indent = " " * mapping.start_mark.column
    lines = "".join(f"{indent}{name}: {written(value)}\n" for name, value in new.items())
    end = _line_end(text, _end(text, mapping))
    gap = "" if text[:end].endswith("\n") else "\n"
    return end, end, gap + lines


def _without(text: str, key: yaml.Node, value: yaml.Node) -> _Cut:
    """A field of a block with its lines; the dash before the first one of a list's item stays."""
    start, end = key.start_mark.index, _line_end(text, _end(text, value))
    line = text.rfind("\n", 0, start) + 1
    if text[line:start].strip():
        indent = key.start_mark.column
        following = len(text[end:]) - len(text[end:].lstrip(" "))
        return _Cut(start, end + min(following, indent), "")
    return _Cut(line, end, "")


def _end(text: str, node: yaml.Node) -> int:
    """Where the contents of a node end: marks of blocks lie behind the comments that follow."""
    while isinstance(node, (yaml.SequenceNode, yaml.MappingNode)) and node.value and not node.flow_style:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    index = int(node.end_mark.index)
    if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"):
        return len(text[:index].rstrip())
    return index


def _line_end(text: str, index: int) -> int:
    """Behind the end of the line on which that offset is."""
    end = text.find("\n", index)
    return len(text) if end < 0 else end + 1
