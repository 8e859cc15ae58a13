"""Any bytes as a bundle: read or refused in our own words, never another exception, never more than the limits."""

import gzip
import tempfile
import tracemalloc
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from secaudit.collect.bundle_frames import CheckedFrames
from secaudit.errors import BundleError
from secaudit.model.evidence import Probe
from tests.unit.collect.collecting import PROBES, collect, nonce_of, read

FEW = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz")


@pytest.fixture(scope="module")
def bundle(folder: Path) -> bytes:
    return collect(folder)


@FEW
@given(
    st.binary(max_size=3000), st.sampled_from([b"", b"secaudit-bundle 1 " + b"0" * 32 + b"\n", b"\x1f\x8b"])
)
def test_any_bytes_are_refused(content: bytes, begin: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.raises(BundleError):
        read(Path(folder), begin + content)


@FEW
@given(data=st.data())
def test_a_changed_bundle_never_gives_another_answer(
    data: st.DataObject, folder: Path, bundle: bytes
) -> None:
    true = {seen.probe_id: seen for seen in read(folder, bundle).collected.observations}
    begin = data.draw(st.integers(0, len(bundle)))
    end = data.draw(st.integers(begin, min(begin + 400, len(bundle))))
    put = data.draw(st.one_of(st.binary(max_size=60), st.sampled_from(_pieces(bundle))))
    changed = bundle[:begin] + put + bundle[end:]
    with suppress(BundleError):
        for seen in read(folder, changed).collected.observations:
            assert seen.gap is not None or seen == true[seen.probe_id]


def _pieces(bundle: bytes) -> list[bytes]:
    """Parts of the bundle itself: heads and marks in wrong places."""
    mark = b"\n" + nonce_of(bundle) + b" "
    return [mark, *(mark + part for part in bundle.split(mark)[1:])]


@FEW
@given(data=st.data())
def test_damaged_gzip_is_refused_or_whole(data: st.DataObject, folder: Path, bundle: bytes) -> None:
    packed = bytearray(gzip.compress(bundle))
    packed[data.draw(st.integers(2, len(packed) - 1))] ^= data.draw(st.integers(1, 255))
    with suppress(BundleError):
        assert read(folder, bytes(packed)).known == {probe.id for probe in PROBES}


@FEW
@given(sizes=st.lists(st.integers(1, 4000), max_size=60))
def test_pieces_of_any_size_are_the_same_stream(sizes: list[int], bundle: bytes) -> None:
    taken, rest = bytearray(), bundle
    frames = CheckedFrames(nonce_of(bundle).decode(), True, lambda _wire: 99_999, taken.extend)
    for size in sizes:
        frames.feed(rest[:size])
        rest = rest[size:]
    frames.feed(rest)
    frames.finish()
    assert frames.damaged == set()
    assert bundle.startswith(bytes(taken))


def test_memory_does_not_grow_with_the_bundle(folder: Path) -> None:
    probes = [Probe(f"p{n}", "head -c 900000 /dev/zero", limit_bytes=1_000_000) for n in range(20)]
    large = collect(folder, probes)
    assert len(large) > 18_000_000
    (folder / "large").write_bytes(large)
    nonce = nonce_of(large).decode()
    del large
    tracemalloc.start()
    try:
        frames = CheckedFrames(nonce, True, lambda _wire: 1_000_000, lambda _data: None)
        with (folder / "large").open("rb") as file:
            while piece := file.read(65_536):
                frames.feed(piece)
        frames.finish()
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()
