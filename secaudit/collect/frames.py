"""The answer stream of a visit, cut into frames: incremental, any bytes, memory bounded.

A frame starts at ``\\n<nonce> ``; its head ends with the line, its body with the next frame. What comes before
the first frame (MOTD, noise of a profile) is dropped but for its end, which tells why nothing else came.
"""

from collections.abc import Callable
from typing import NamedTuple

HEAD_LIMIT_BYTES = 1_024
NOISE_KEPT_BYTES = 400


class Frame(NamedTuple):
    """A frame as it was sent; its body is cut to what its head may have."""

    kind: str
    words: tuple[str, ...]
    body: bytes


class FrameReader:
    """Feed it chunks, then ``finish``; each frame goes to ``take`` once it is whole.

    ``room_for`` says how many bytes of body a frame of that kind and words may have; the rest is dropped.
    A frame that may have none is whole with its head.
    """

    def __init__(
        self,
        nonce: str,
        room_for: Callable[[str, tuple[str, ...]], int],
        take: Callable[[Frame], None],
    ) -> None:
        self._noise = b""
        self.noise_bytes = 0  # all that came before the first frame, its line end not counted
        self._mark = b"\n" + nonce.encode("ascii") + b" "
        self._room_for = room_for
        self._take = take
        self._pending = b""
        # none before the first frame; empty while a frame has no room for a body
        self._head: tuple[str, tuple[str, ...]] | tuple[()] | None = None
        self._first, self._more = b"", bytearray()  # of the body; it mostly comes in one piece
        self._room = 0

    @property
    def started(self) -> bool:
        """Whether a first frame has begun to arrive."""
        return self._head is not None

    @property
    def noise(self) -> bytes:
        """The end of what came before the first frame."""
        waiting = self._pending if self._head is None else b""
        return (self._noise + waiting)[-NOISE_KEPT_BYTES:]

    def feed(self, chunk: bytes) -> None:
        """The next bytes of the stream."""
        first, *heads = (self._pending + chunk).split(self._mark)
        if not heads:
            self._wait(first)
            return
        self._keep(first)
        last = heads.pop()
        before = b""  # a head whose line ends where the next mark begins, which is none then
        for after_mark in heads:
            head, line_end, body = (before + after_mark).partition(b"\n")
            before = b""
            if len(head) >= HEAD_LIMIT_BYTES:
                self._keep(self._mark + after_mark)
            elif line_end:
                self._open(head, body)
            else:
                before = head + self._mark
        self._begin(before + last)

    def finish(self) -> None:
        """The stream has ended: what is pending belongs to the last frame."""
        self._keep(self._pending)
        self._pending = b""
        self._close()

    def _begin(self, after_mark: bytes) -> None:
        """A frame of which more may come."""
        head, line_end, body = after_mark.partition(b"\n")
        if len(head) >= HEAD_LIMIT_BYTES:
            self._keep(self._mark)
            self._wait(after_mark)
        elif line_end:
            self._open(head, b"")
            self._wait(body)
        else:
            self._pending = self._mark + after_mark

    def _wait(self, body: bytes) -> None:
        """Keep all but an end that may begin a mark."""
        certain = max(len(body) - len(self._mark) + 1, 0)
        self._keep(body[:certain])
        self._pending = body[certain:]

    def _open(self, head: bytes, body: bytes) -> None:
        self._close()
        kind, *rest = head.decode("ascii", "replace").split(" ")
        words = tuple(rest)
        room = self._room_for(kind, words)
        if room:
            self._head = (kind, words)
            self._first = body if len(body) <= room else body[:room]
            self._room = room - len(self._first)
        else:
            self._head, self._room = (), 0
            self._take(Frame(kind, words, b""))

    def _keep(self, body: bytes) -> None:
        room = self._room
        if self._head is None:
            self.noise_bytes += len(body)
            self._noise = (self._noise + body)[-NOISE_KEPT_BYTES:]
        elif room:
            kept = body if len(body) <= room else body[:room]
            self._room = room - len(kept)
            if self._first:
                self._more += kept
            else:
                self._first = kept

    def _close(self) -> None:
        if self._head:
            kind, words = self._head
            if self._more:
                self._first += self._more
                self._more.clear()
            self._take(Frame(kind, words, self._first))
            self._first = b""
        self._head = None
