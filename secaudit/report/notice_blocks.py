"""What a notice is built from: sections of paragraphs, lists, tables, fields and blanks, the same in every format."""

from dataclasses import dataclass
from typing import ClassVar, TypeAlias


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph."""

    kind: ClassVar[str] = "paragraph"
    text: str


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    kind: ClassVar[str] = "bullets"
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; ``right`` are the places of the columns of numbers."""

    kind: ClassVar[str] = "grid"
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Fields:
    """Names with their values."""

    kind: ClassVar[str] = "fields"
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Blanks:
    """What a person fills in by hand."""

    kind: ClassVar[str] = "blanks"
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """Text of a program, line by line, under its heading."""

    kind: ClassVar[str] = "listing"
    heading: str
    text: str


Block: TypeAlias = Paragraph | Bullets | Grid | Fields | Blanks | Listing


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered part of the notice; the appendix has no number."""

    title: str
    blocks: tuple[Block, ...]
