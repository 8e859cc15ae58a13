"""Adds to YAML files that people edit, as text: no comment, order or line end of theirs is lost.

Every edit is checked by reading the new text: where it does not say exactly what was meant, nothing is
written and the person is shown the block to paste.
"""

import re
from collections.abc import Sequence
from typing import Any, Final

import yaml

from secaudit.document.reader import parse_document
from secaudit.errors import ContentError, UsageError
from secaudit.language import _

_EMPTY_LIST: Final = r"^({key}:)[ \t]*(\[[ \t]*\]|~|null)?([ \t]*(?:#.*)?)$"
_INDENT: Final = 2


def block(items: Sequence[dict[str, Any]], indent: int = _INDENT) -> str:
    """Items of a list as YAML, each line indented."""
    text = yaml.safe_dump(list(items), allow_unicode=True, sort_keys=False, width=10_000)
    return "".join(" " * indent + line for line in text.splitlines(keepends=True))


def with_items(text: str, key: str, items: Sequence[dict[str, Any]], file: str) -> str:
    """The text of a file with more items in the list of that key; raises UsageError with the block to paste."""
    before = parse_document(text, file).data
    added = _append(text, key, items)
    if added is None or not _says(added, {**before, key: [*(before.get(key) or []), *items]}):
        told = _("{file} is written in a way that cannot be added to; paste this under {key}:")
        raise UsageError(told.format(file=file, key=key) + "\n" + block(items))
    return added


def with_fields(text: str, fields: dict[str, Any], file: str) -> str:
    """The text with more fields at its end; raises UsageError with the lines to paste."""
    before = parse_document(text, file).data
    lines = yaml.safe_dump(fields, allow_unicode=True, sort_keys=False, width=10_000)
    added = _joined(text, lines)
    if not _says(added, {**before, **fields}):
        message = _("{file} is written in a way that cannot be added to; paste this:").format(file=file)
        raise UsageError(f"{message}\n{lines}")
    return added


def _says(text: str, meant: dict[str, Any]) -> bool:
    try:
        return bool(parse_document(text, "").data == meant)
    except ContentError:
        return False


def _append(text: str, name: str, items: Sequence[dict[str, Any]]) -> str | None:
    if (place := _end_of_list(text, name)) is not None:
        line, indent = place
        lines = text.splitlines(keepends=True)
        head, tail = "".join(lines[:line]), "".join(lines[line:])
        return _joined(head, block(items, indent)) + tail
    if empty := re.search(_EMPTY_LIST.format(key=re.escape(name)), text, re.MULTILINE):
        heading = empty[1] + empty[3].rstrip("\r")
        return (
            text[: empty.start()]
            + heading
            + ends_as(text, "\n" + block(items).rstrip("\n"))
            + text[empty.end() :]
        )
    if re.search(rf"^{re.escape(name)}:", text, re.MULTILINE):
        return None
    return _joined(text, f"\n{name}:\n" + block(items))


def _end_of_list(text: str, name: str) -> tuple[int, int] | None:
    """After how many lines the block list of that name ends, and how far its dashes are indented."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if not isinstance(root, yaml.MappingNode) or root.flow_style:
        return None
    for key, value in root.value:
        if (
            key.value == name
            and isinstance(value, yaml.SequenceNode)
            and value.value
            and not value.flow_style
        ):
            indent = value.start_mark.column
            return _with_comments(text, _last_line(value), indent), indent
    return None


def _last_line(node: yaml.Node) -> int:
    """How many lines there are up to and including the last one of a node's contents."""
    while isinstance(node, (yaml.SequenceNode, yaml.MappingNode)) and node.value and not node.flow_style:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    mark = node.end_mark
    return int(mark.line) + (1 if mark.column else 0)


def _with_comments(text: str, line: int, indent: int) -> int:
    """Comments below the last item that are indented deeper than its dash belong to it."""
    lines = text.splitlines()
    while line < len(lines) and re.match(rf" {{{indent + 1},}}#", lines[line]):
        line += 1
    return line


def _joined(text: str, more: str) -> str:
    gap = "" if not text or text.endswith("\n") else "\n"
    return text + ends_as(text, gap + more)


def ends_as(text: str, more: str) -> str:
    """More text with the line ends of the text it is for."""
    return more.replace("\n", "\r\n") if "\r\n" in text else more
