"""What a Word template is made of, in both languages."""

from dataclasses import dataclass

Both = tuple[str, str]  # Chinese, English


@dataclass(frozen=True, slots=True)
class Heading:
    style: str
    words: Both


@dataclass(frozen=True, slots=True)
class Text:
    style: str
    words: Both


@dataclass(frozen=True, slots=True)
class Pairs:
    """``rows``: name → text with placeholders, the same in both languages."""

    caption: Both
    rows: tuple[tuple[Both, str], ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """``columns``: head, cell, share of the width; a cell that begins with ``=`` is centred."""

    rows: str
    caption: Both
    columns: tuple[tuple[Both, str, int], ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """A paragraph for each row: its style, and the column that it shows."""

    rows: str
    style: str
    column: str


@dataclass(frozen=True, slots=True)
class Contents:
    """The contents."""


@dataclass(frozen=True, slots=True)
class Signatures:
    """The block that is signed and sealed: who, and when."""

    rows: tuple[tuple[Both, Both], ...]


@dataclass(frozen=True, slots=True)
class SectionEnd:
    wide: bool = False
    first_page: int = 0


@dataclass(frozen=True, slots=True)
class When:
    """What stands there only where a table has rows; of a table nothing else is said."""

    rows: str
    part: Text | Listing


Part = Heading | Text | Pairs | Listing | Rows | Contents | Signatures | SectionEnd | When
