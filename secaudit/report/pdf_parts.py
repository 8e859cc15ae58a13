"""A report that is more paper than one file bears, in parts: what is long goes into files of its own."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

Entry = dict[str, Any]
View = dict[str, Any]

PART_ROWS: Final = 4_000  # of tables: some 250 pages


@dataclass(frozen=True, slots=True)
class Part:
    """Entries ``first`` to ``last`` (counted from 1) of the ``all`` of a section, and the view with these alone."""

    section: str
    first: int
    last: int
    all: int
    view: View


@dataclass(frozen=True, slots=True)
class _Long:
    """A list of the view that fills a section. ``inner``: the list of an entry by which one that is too long is cut."""

    section: str
    key: str
    rows: Callable[[Entry], int]
    inner: str = ""


def _problem(problem: Entry) -> int:
    return 1 + sum(len(group["offenders"]) + 1 for group in problem["groups"])


def _item(item: Entry) -> int:
    return len(item["steps"]) + 2 * len(item["groups"])


def _gap(gap: Entry) -> int:
    return len(gap["places"])


def _table(table: Entry) -> int:
    return 2 + len(table["facts"].get("ports", {}).get("value") or ())


LONG: Final = (
    _Long("problems", "problems", _problem, "groups"),
    _Long("open", "gaps", _gap, "places"),
    _Long("checklists", "tables", _table),
    _Long("items", "items", _item, "groups"),
)


def rows_of(view: View) -> int:
    """How many rows the tables of the page have, roughly; one an asset, beside its evidence."""
    evidence = sum(1 + len(asset["evidence"]) for asset in view["assets"])
    return evidence + sum(_rows(view, long) for long in LONG)


def _rows(view: View, long: _Long) -> int:
    return sum(map(long.rows, view[long.key]))


def parts_of(view: View, most: int) -> list[Part]:
    """What is taken out, the longest section first, until the rest has at most ``most`` rows; in order of sections."""
    rows = {long.section: _rows(view, long) for long in LONG}
    left, taken = rows_of(view), set()
    for section in sorted(rows, key=lambda name: -rows[name]):
        if left > most and rows[section]:
            taken.add(section)
            left -= rows[section]
    return [part for long in LONG if long.section in taken for part in _cut(view, long, most)]


def _cut(view: View, long: _Long, most: int) -> Iterator[Part]:
    """Each part holds whole entries, but of one that fills more than a part."""
    pieces = [(n, piece) for n, entry in enumerate(view[long.key], 1) for piece in _pieces(entry, long, most)]
    for number, chosen in enumerate(_filled(pieces, lambda one: long.rows(one[1]), most)):
        own = {long.key: [piece for _n, piece in chosen]}
        if number:  # questions for people stand once
            own["manual"] = []
        yield Part(long.section, chosen[0][0], chosen[-1][0], len(view[long.key]), {**view, **own})


def _pieces(entry: Entry, long: _Long, most: int) -> Iterator[Entry]:
    if not long.inner or long.rows(entry) <= most:
        yield entry
        return
    alone = long.rows({**entry, long.inner: []})
    for chosen in _filled(
        entry[long.inner], lambda one: long.rows({**entry, long.inner: [one]}) - alone, most - alone
    ):
        yield {**entry, long.inner: chosen}


def _filled(entries: Iterable[Any], rows: Callable[[Any], int], most: int) -> Iterator[list[Any]]:
    """Entries in their order, as many together as have ``most`` rows; one at least."""
    chosen: list[Any] = []
    filled = 0
    for entry in entries:
        if chosen and filled + rows(entry) > most:
            yield chosen
            chosen, filled = [], 0
        chosen.append(entry)
        filled += rows(entry)
    if chosen:
        yield chosen


def starts_of(parts: Sequence[Part]) -> dict[str, dict[int, int]]:
    """Section → entry (counted from 1) → the number of the file where it begins; the main file is 1."""
    starts: dict[str, dict[int, int]] = {}
    for number, part in enumerate(parts, 2):
        for entry in range(part.first, part.last + 1):
            starts.setdefault(part.section, {}).setdefault(entry, number)
    return starts
