"""A YAML file as plain data that remembers its lines.

A strict subset that leaves no surprise: one document, no anchors, aliases or tags, no duplicate keys, text
keys only, scalars as in the YAML 1.2 core schema (``no`` and ``12:30`` stay text).
"""

import re
import stat
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from secaudit.errors import ContentError, Problem
from secaudit.language import _

SIZE_LIMIT_BYTES = 1_048_576
DEPTH_LIMIT = 32

Place = tuple[str | int, ...]
Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_INT = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
# What is never shown in a complaint: a person may have written the secret itself where its reference belongs.
_SECRETIVE = re.compile(
    r"passw|passphrase|secret|token|credential|(^|_)key$|^reach$|^database$", re.IGNORECASE
)
_SHOWN = 80
_FIELD = 200
_FLOAT = re.compile(r"[-+]?[0-9]{1,17}\.[0-9]{1,17}([eE][-+]?[0-9]{1,3})?")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass(frozen=True, slots=True)
class Opaque:
    """A value under a tag that the caller allowed (``!vault``); what it says is not kept."""

    tag: str


@dataclass(frozen=True, slots=True)
class Document:
    """The data of a file, and the line (from 1) of each place (path of keys and indices) in it."""

    file: str
    data: Any
    lines: dict[Place, int]

    def line(self, place: Place) -> int:
        """The line of a place, or of the nearest place around it."""
        while place not in self.lines and place:
            place = place[:-1]
        return self.lines.get(place, 0)

    def problem(self, place: Place, read: object, expected: str) -> Problem:
        """A mistake at a place of this document; what may hold a secret is not shown."""
        name = next((part for part in reversed(place) if isinstance(part, str)), "")
        shown = "" if read is None or _SECRETIVE.search(name) else repr(read)[:_SHOWN]
        return Problem(self.file, self.line(place), field_name(place), shown, expected)


def field_name(place: Place) -> str:
    """``("assets", 2, "address")`` → ``assets[2].address``; a key that would not print: as a literal."""
    name = ""
    for part in place:
        name += f"[{part}]" if isinstance(part, int) else f".{part if part.isprintable() else repr(part)}"
    return name.removeprefix(".")[:_FIELD]


def read_document(path: Path, shown_as: str | None = None, opaque_tags: Collection[str] = ()) -> Document:
    """The document in a file; raises ContentError with the line of the first thing that is not allowed."""
    file = shown_as or str(path)
    return parse_document(_text(path, file), file, opaque_tags)


def parse_document(text: str, file: str, opaque_tags: Collection[str] = ()) -> Document:
    """The document in a text; ``file`` is its name in complaints. A scalar under an opaque tag is Opaque."""
    builder = _Builder(file, opaque_tags)
    try:
        builder.read(yaml.parse(text.encode("utf-8"), Loader=Loader))
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        raise ContentError((Problem(file, line, "", "", _("UTF-8 text expected")),)) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 0
        raise ContentError((Problem(file, line, "", "", _not_yaml(error, text, line)),)) from error
    except yaml.YAMLError as error:
        raise ContentError((Problem(file, 0, "", "", str(error).splitlines()[0]),)) from error
    return Document(file, builder.data, builder.lines)


def _not_yaml(error: yaml.MarkedYAMLError, text: str, line: int) -> str:
    around = "".join(text.splitlines(keepends=True)[max(line - 2, 0) : line])
    if re.search(r"^ *\t", around, re.MULTILINE):
        return _("a tab cannot indent YAML; use spaces")
    if "nesting depth" in str(error.problem):  # libyaml 0.2.6 reads ahead and has a limit of its own
        return _too_deep()
    return _("not valid YAML: {reason}").format(reason=error.problem)


def _too_deep() -> str:
    return _("at most {limit} levels").format(limit=DEPTH_LIMIT)


def _text(path: Path, file: str) -> str:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise ContentError((Problem(file, 0, "", "", _("a regular file expected")),))
        with path.open("rb") as stream:
            content = stream.read(SIZE_LIMIT_BYTES + 1)
    except OSError as error:
        raise ContentError((Problem(file, 0, "", "", error.strerror or str(error)),)) from error
    if len(content) > SIZE_LIMIT_BYTES:
        expected = _("at most {limit} bytes").format(limit=SIZE_LIMIT_BYTES)
        raise ContentError((Problem(file, 0, "", "", expected),))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise ContentError((Problem(file, line, "", "", _("UTF-8 text expected")),)) from error


class _Builder:
    """Builds data from parser events; refuses what the subset does not have."""

    def __init__(self, file: str, opaque_tags: Collection[str]) -> None:
        self.file = file
        self.opaque_tags = opaque_tags
        self.data: Any = None
        self.lines: dict[Place, int] = {}

    def read(self, events: Iterator[yaml.Event]) -> None:
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self.refusal(event, (), _("one YAML document in a file"))
                self.data = self.value(next(events), events, ())

    def value(self, event: yaml.Event, events: Iterator[yaml.Event], place: Place) -> Any:
        self.lines.setdefault(place, _line(event))
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise self.refusal(event, place, _("no anchors and aliases"))
        tag = getattr(event, "tag", None)
        if isinstance(event, yaml.ScalarEvent) and tag in self.opaque_tags:
            return Opaque(str(tag))
        if tag not in (None, "!"):
            raise self.refusal(event, place, _("no YAML tags"))
        if len(place) > DEPTH_LIMIT:
            raise self.refusal(event, place[:3], _too_deep())
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(events, place)
        return self.mapping(events, place)

    def sequence(self, events: Iterator[yaml.Event], place: Place) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            items.append(self.value(event, events, (*place, len(items))))
        return items

    def mapping(self, events: Iterator[yaml.Event], place: Place) -> dict[str, Any]:
        items: dict[str, Any] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise self.refusal(event, place, _("text as a key"))
            key = event.value
            self.lines[(*place, key)] = _line(event)
            if key in items:
                raise self.refusal(event, (*place, key), _("each key once"))
            items[key] = self.value(next(events), events, (*place, key))
        return items

    def refusal(self, event: yaml.Event, place: Place, expected: str) -> ContentError:
        return ContentError((Problem(self.file, _line(event), field_name(place), "", expected),))


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0


def _scalar(event: yaml.ScalarEvent) -> Any:
    text: str = event.value
    if event.style or not event.implicit[0]:
        return text
    if text.lower() in _WORDS and text in (text.lower(), text.capitalize(), text.upper()):
        return _WORDS[text.lower()]
    if _INT.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text
