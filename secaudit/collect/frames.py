"""The answer stream of a visit, cut into frames: incremental, any bytes, memory bounded.

A frame starts at ``\\n<nonce> ``; its head ends with the line, its body with the next frame. What comes before
the first frame (MOTD, noise of a profile) is dropped but for its end, which tells why nothing else came.
"""

from collections.abc import Callable, Mapping, Sequence

HEAD_LIMIT_BYTES = 1_024
NOISE_KEPT_BYTES = 400

# the words of a frame's head, the first its kind; its body, cut to what that kind may have
Take = Callable[[Sequence[str], bytes], None]


class FrameReader:
    """Feed it chunks, then ``finish``; each frame goes to ``take`` once it is whole.

    ``rooms`` says how many bytes of body a frame of a kind may have; the rest is dropped. A frame that may have
    none is whole with its head. One whose head is too long is no frame, and what follows it is nobody's body.
    """

    def __init__(self, nonce: str, rooms: Mapping[str, int], take: Take) -> None:
        self._noise = b""
        self.noise_bytes = 0  # all that came before the first frame, its line end not counted
        self._mark = b"\n" + nonce.encode("ascii") + b" "
        self._rooms = rooms
        self._take = take
        self._pending = b""
        # of the last frame: none before the first, empty while what comes is nobody's body
        self._words: Sequence[str] | None = None
        self._body = bytearray()
        self._room = 0

    @property
    def started(self) -> bool:
        """Whether a first frame has begun to arrive."""
        return self._words is not None

    @property
    def noise(self) -> bytes:
        """The end of what came before the first frame."""
        waiting = self._pending if self._words is None else b""
        return (self._noise + waiting)[-NOISE_KEPT_BYTES:]

    def feed(self, chunk: bytes) -> None:
        """The next bytes of the stream."""
        first, *pieces = (self._pending + chunk).split(self._mark)
        if not pieces:
            self._wait(first)
            return
        self._keep(first)
        self._close()
        last = pieces.pop()
        before = b""  # a head whose line ends where the next mark begins, which is none then
        for piece in pieces:
            head, line_end, body = (before + piece).partition(b"\n")
            before = b""
            if len(head) >= HEAD_LIMIT_BYTES:
                continue
            if line_end:
                words = _words(head)
                self._take(words, body[: self._rooms.get(words[0], 0)])
            else:
                before = head + self._mark
        self._begin(before + last)

    def finish(self) -> None:
        """The stream has ended: what is pending belongs to the last frame."""
        self._keep(self._pending)
        self._pending = b""
        self._close()

    def _begin(self, piece: bytes) -> None:
        """A frame of which more may come."""
        head, line_end, body = piece.partition(b"\n")
        if len(head) >= HEAD_LIMIT_BYTES:
            self._wait(piece)
        elif line_end:
            self._open(_words(head))
            self._wait(body)
        else:
            self._pending = self._mark + piece

    def _wait(self, body: bytes) -> None:
        """Keep all but an end that may begin a mark."""
        certain = max(len(body) - len(self._mark) + 1, 0)
        self._keep(body[:certain])
        self._pending = body[certain:]

    def _open(self, words: Sequence[str]) -> None:
        self._room = self._rooms.get(words[0], 0)
        if self._room:
            self._words = words
        else:
            self._take(words, b"")

    def _keep(self, body: bytes) -> None:
        if self._words is None:
            self.noise_bytes += len(body)
            self._noise = (self._noise + body)[-NOISE_KEPT_BYTES:]
        elif self._room:
            kept = body[: self._room]
            self._room -= len(kept)
            self._body += kept

    def _close(self) -> None:
        """The last frame is whole."""
        if self._words:
            self._take(self._words, bytes(self._body))
            self._body.clear()
        self._words, self._room = (), 0


def _words(head: bytes) -> list[str]:
    return head.decode("ascii", "replace").split(" ")
