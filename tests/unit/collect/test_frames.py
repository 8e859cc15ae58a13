"""The frame reader on hostile streams: any bytes in any chunks, never an exception, bounded memory, linear work."""

import itertools
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.collect.frames import HEAD_LIMIT_BYTES, FrameReader
from tests.unit.collect.running import NONCE

MARK = f"\n{NONCE} ".encode()
ROOM = 1_000
HOSTILE = {
    "noise": b"x" * 4096,
    "almost a mark": MARK[:-1] * 100,
    "marks": MARK * 100,
    "heads without end": MARK + b"B " + b"a" * (HEAD_LIMIT_BYTES - 3),
    "heads too long": MARK + b"B " + b"a" * 3 * HEAD_LIMIT_BYTES,
    "whole frames": MARK + b"B a 1.0\n" + b"y" * 3_000,
    "lines": b"\n" * 4096,
    "frames without body": MARK + b"Z user\n",
}


class Counted(bytes):
    """A chunk that counts the bytes which the reader copies or looks at because of it."""

    work = 0

    def __radd__(self, before: bytes) -> "Counted":
        whole = Counted(bytes(before) + bytes(self))
        Counted.work += len(whole)
        return whole

    def split(self, *asked: Any) -> list[bytes]:
        Counted.work += len(self)
        return super().split(*asked)


def reader(taken: list[bytes]) -> FrameReader:
    return FrameReader(NONCE, {"B": ROOM}, lambda _words, body: taken.append(body))


@given(
    st.lists(st.sampled_from(sorted(HOSTILE.values())) | st.binary(max_size=60) | st.just(MARK), max_size=12)
)
def test_any_bytes_in_any_chunks_are_frames_or_nothing(chunks: list[bytes]) -> None:
    taken: list[bytes] = []
    fed = reader(taken)
    for chunk in chunks:
        fed.feed(chunk)
    fed.finish()
    assert all(len(body) <= ROOM for body in taken)
    assert len(taken) <= b"".join(chunks).count(MARK)


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE.keys())
def test_memory_does_not_grow_with_the_stream(piece: bytes) -> None:
    fed = FrameReader(NONCE, {"B": ROOM}, lambda _words, _body: None)
    chunks = itertools.islice(itertools.repeat(piece), 8_000_000 // len(piece))
    tracemalloc.start()
    try:
        for chunk in chunks:
            fed.feed(chunk)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 200_000


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE.keys())
def test_single_bytes_cost_no_more_for_a_longer_stream(piece: bytes) -> None:
    """Work, not time, is counted: four times the stream is four times the work."""
    short, long = _work(itertools.repeat(piece, 4)), _work(itertools.repeat(piece, 16))
    assert long <= 4.2 * short
    assert long <= 16 * len(piece) * 3 * (len(MARK) + HEAD_LIMIT_BYTES)


def _work(pieces: Iterator[bytes]) -> int:
    fed, Counted.work = reader([]), 0
    for byte in itertools.chain.from_iterable(pieces):
        fed.feed(Counted(bytes([byte])))
    return Counted.work


def test_the_work_that_is_counted_is_there() -> None:
    assert _work(iter([b"x" * 100])) >= 100 * len(MARK) / 2
