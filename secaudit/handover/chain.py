"""Follows the chain of a ledger from its first line and finds what was done to it."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from secaudit.handover.entry import LINE_BYTES, Entry, Head, body_of, head_of, parse_line
from secaudit.language import _

ANCHOR: Final = re.compile(r"(\d{1,9}):([0-9a-f]{64}):([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with the chain, and the first entry of which it is known (its number, from 1)."""

    entry: int
    reason: str


@dataclass(slots=True)
class Chain:
    """A chain as far as it was followed; ``fault`` is the first one, ``torn`` what stands after the last line end."""

    head: Head = field(default_factory=Head)
    fault: Fault | None = None
    torn: bytes = b""

    def follow(self, lines: Iterable[bytes]) -> Iterator[Entry]:
        """The entries that can be read, in their order; what is wrong is kept and the rest is followed too."""
        for line in lines:
            if not line.endswith(b"\n"):
                self.torn = line
                return
            entry = self._next(line[:-1])
            if entry is not None:
                yield entry

    def _next(self, line: bytes) -> Entry | None:
        before, number = self.head, self.head.entries + 1
        self.head = head_of(number, body_of(line))
        parsed = parse_line(line)
        if parsed is None:
            self.blame(number, _("its line is none that was written here"))
            return None
        entry, said = parsed
        if (said.sha256, said.sm3) != (self.head.sha256, self.head.sm3):
            self.blame(number, _("it is not what its digests say"))
        elif entry.n != number:
            self.blame(number, _("entry {other} stands in its place").format(other=entry.n))
        elif (entry.after_sha256, entry.after_sm3) != (before.sha256, before.sm3):
            self.blame(max(number - 1, 1), _("the entry after it was chained to another one"))
        return entry

    def blame(self, number: int, reason: str) -> None:
        """The first fault is kept: what follows it is mostly its consequence."""
        self.fault = self.fault or Fault(number, reason)


def check(lines: Iterable[bytes], anchors: Iterable[Head] = ()) -> Chain:
    """The whole chain followed, and held against heads that were noted earlier."""
    wanted = {anchor.entries: anchor for anchor in anchors}
    chain = Chain()
    for _entry in chain.follow(lines):
        anchor = wanted.pop(chain.head.entries, chain.head)
        if anchor != chain.head:
            chain.blame(
                chain.head.entries, _("the anchor names another one: it or an earlier one was written anew")
            )
    for anchor in wanted.values():
        if anchor.entries > chain.head.entries:
            told = _("it is missing: the anchor knows {known} entries, the ledger holds {held}")
            reason = told.format(known=anchor.entries, held=chain.head.entries)
            chain.blame(chain.head.entries + 1, reason)
    return chain


def limited_lines(read_line: Callable[[int], bytes]) -> Iterator[bytes]:
    """Lines with their ends, of a stream that may hold one endless line: such a one comes in pieces.

    A piece without an end that is not the last is given one, so that it counts as a damaged line.
    """
    line = read_line(LINE_BYTES * 2)
    while line:
        following = read_line(LINE_BYTES * 2)
        yield line if line.endswith(b"\n") or not following else line + b"\n"
        line = following


def anchor_of(text: str) -> Head | None:
    """``12:SHA256:SM3`` as ``ledger verify`` prints it; None for anything else."""
    found = ANCHOR.fullmatch(text.strip())
    return Head(int(found[1]), found[2], found[3]) if found else None


def written(head: Head) -> str:
    """A head as text, to be noted or printed."""
    return f"{head.entries}:{head.sha256}:{head.sm3}"
