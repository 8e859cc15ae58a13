"""A bundle's stream, checked while it is read: each answer against its digest, all that lies between by the seal.

An answer reaches from its frame B to its frame D, which holds the digest of what came before it. What lies
outside of answers (head, marks, the digests themselves) has one digest, the seal, in the frame ``end``.
Memory is bounded by what one answer may have.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from secaudit.errors import BundleError
from secaudit.language import _

HEAD_LIMIT_BYTES: Final = 1_024
HEADS_LIMIT: Final = 20_000
SIGNATURE_LIMIT_BYTES: Final = 16_384
NO_DIGEST: Final = "-"
NOTHING: Final = hashlib.sha256(b"").hexdigest()


@dataclass(slots=True)
class _Answer:
    """One answer while it arrives: its bytes are kept as far as ``room_bytes``."""

    wire: str
    room_bytes: int
    kept: bytearray = field(default_factory=bytearray)
    size_bytes: int = 0
    digest: Any = field(default_factory=hashlib.sha256)

    def add(self, data: bytes) -> None:
        """More of it."""
        self.digest.update(data)
        self.size_bytes += len(data)
        self.kept += data[: max(self.room_bytes - len(self.kept), 0)]


class Outside:
    """SHA-256 of text without the newlines at its end, as a shell's ``$(…)`` has it."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self._newlines = 0

    def add(self, data: bytes) -> None:
        """More of it."""
        text = data.rstrip(b"\n")
        if text:
            self._digest.update(b"\n" * self._newlines + text)
            self._newlines = 0
        self._newlines += len(data) - len(text)

    @property
    def sha256(self) -> str:
        """Hexadecimal."""
        return self._digest.hexdigest()


class CheckedFrames:
    """Feed it the stream, then ``finish``. What holds goes to ``take`` in order, as it was sent.

    ``room_for`` says how many bytes an answer may have with its frames. ``damaged`` are the ids whose answers
    were changed. Raises BundleError for what makes the whole of it untrustworthy.
    """

    def __init__(
        self, nonce: str, digests: bool, room_for: Callable[[str], int], take: Callable[[bytes], object]
    ) -> None:
        self.damaged: set[str] = set()
        self.seal = ""
        self.signature = b""
        self._mark = b"\n" + nonce.encode("ascii") + b" "
        self._digests = digests
        self._room_for = room_for
        self._take = take
        self._pending = b""
        self._answer: _Answer | None = None
        self._outside = Outside()
        self._left_out: set[str] = set()
        self._count = 0
        self._heads = 0

    def feed(self, piece: bytes) -> None:
        """The next bytes."""
        data, at = self._pending + piece, 0
        while (start := data.find(self._mark, at)) >= 0:
            self._body(data[at:start])
            head = start + len(self._mark)
            end = data.find(b"\n", head, head + HEAD_LIMIT_BYTES)
            if end < 0:
                if len(data) >= head + HEAD_LIMIT_BYTES:
                    raise _not_whole()
                self._pending = data[start:]
                return
            self._head(data[start : end + 1], data[head:end])
            at = end + 1
        tail = max(len(data) - len(self._mark) + 1, at)
        self._body(data[at:tail])
        self._pending = data[tail:]

    def finish(self) -> None:
        """The stream has ended. Raises BundleError when it came short, or its seal does not fit."""
        self._body(self._pending)
        if not self.seal:
            raise BundleError(
                _("it ends before its last line: it was cut, or the collector did not come to its end"),
                hint=_("Copy it again, or collect again."),
            )
        expected = self._outside.sha256 if self._digests else NO_DIGEST
        if self.seal != f"{self._count} {expected}":
            raise _not_whole()

    def _body(self, data: bytes) -> None:
        if self.seal:
            self.signature += data
            if len(self.signature) > SIGNATURE_LIMIT_BYTES:
                raise _not_whole()
        elif self._answer is not None:
            self._answer.add(data)
        else:
            self._between(data)

    def _between(self, data: bytes) -> None:
        self._outside.add(data)
        self._take(data)

    def _head(self, raw: bytes, head: bytes) -> None:
        kind, *words = head.decode("ascii", "replace").split(" ")
        self._heads += 1
        if self.seal or self._heads > HEADS_LIMIT:
            raise _not_whole()
        if kind == "D" and len(words) == 2:
            self._close(raw, *words)
        elif self._answer is not None:
            self._inside(kind, raw)
        elif kind == "B" and len(words) == 2:
            self._outside.add(raw[:1])
            self._answer = _Answer(words[0], self._room_for(words[0]))
            self._answer.add(raw)
        elif kind == "end" and len(words) == 2:
            self.seal = " ".join(words)
        else:
            self._left_out |= set(words[:1]) if kind == "X" else set()
            self._between(raw)

    def _inside(self, kind: str, raw: bytes) -> None:
        if kind == "end" or self._answer is None:
            raise _not_whole()
        self._answer.add(raw)

    def _close(self, raw: bytes, wire: str, digest: str) -> None:
        self._count += 1
        answer, self._answer = self._answer, None
        if answer is None:
            self._without_answer(wire, digest)
            self._between(raw)
            return
        self._outside.add(raw[1:])
        whole = answer.size_bytes <= answer.room_bytes
        if self._fits(answer.digest.hexdigest(), digest) and answer.wire == wire and whole:
            self._take(bytes(answer.kept))
        elif answer.room_bytes:
            self.damaged |= {wire, answer.wire}
        self._take(raw)

    def _without_answer(self, wire: str, digest: str) -> None:
        """A digest of nothing: the question was left out for want of time or of ``head``; else it was removed."""
        if wire not in self._left_out and not self._fits(NOTHING, digest):
            self.damaged.add(wire)

    def _fits(self, found: str, said: str) -> bool:
        return not self._digests or found == said


def _not_whole() -> BundleError:
    return BundleError(
        _("it was changed after it was collected: its marks do not fit its seal"),
        hint=_("Nothing of it is taken over. Copy it again in binary mode, or collect again."),
    )
