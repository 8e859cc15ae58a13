"""The file of a bundle: plain or gzip'd, never larger than a bundle may be, never an archive of files."""

import bz2
import gzip
import hashlib
import io
import os
import tarfile
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from secaudit.collect.bundle_file import LIMIT_BYTES, pieces_of
from secaudit.errors import BundleError


def whole(file: Path, limit_bytes: int = LIMIT_BYTES) -> tuple[bytes, str]:
    """Its plain content and their digest."""
    with pieces_of(file, limit_bytes) as pieces:
        return b"".join(pieces), pieces.sha256


@pytest.mark.parametrize(
    "packed", [bytes, gzip.compress, lambda data: gzip.compress(data[:9]) + gzip.compress(data[9:])]
)
def test_plain_and_gzip_are_the_same_bundle(packed: type[bytes], tmp_path: Path) -> None:
    content = os.urandom(200_000)
    file = tmp_path / "b"
    file.write_bytes(packed(content))
    assert whole(file) == (content, hashlib.sha256(content).hexdigest())


def archives() -> dict[str, bytes]:
    """What people pack files into."""
    zipped, tarred = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("../../etc/passwd", "x")
    with tarfile.open(fileobj=tarred, mode="w") as tar:
        tar.addfile(tarfile.TarInfo("../x"))
    return {"zip": zipped.getvalue(), "tar": tarred.getvalue(), "bz2": bz2.compress(b"x")}


@pytest.mark.parametrize("kind", ["zip", "tar", "bz2"])
def test_an_archive_is_refused_with_a_hint(kind: str, tmp_path: Path) -> None:
    file = tmp_path / "b"
    file.write_bytes(archives()[kind])
    with pytest.raises(BundleError, match="archive") as error:
        whole(file)
    assert "Unpack it" in str(error.value.hint)


def test_a_bomb_is_stopped_before_it_fills_memory(tmp_path: Path) -> None:
    file = tmp_path / "b"
    file.write_bytes(gzip.compress(bytes(50_000_000)))
    assert file.stat().st_size < 100_000
    tracemalloc.start()
    try:
        with pytest.raises(BundleError, match="larger"), pieces_of(file, 20_000_000) as pieces:
            for _piece in pieces:
                pass
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "damage", [lambda data: data[:-20], lambda data: data[:30] + b"\xff" * 9 + data[39:]]
)
def test_damaged_compression_is_told(damage: type[bytes], tmp_path: Path) -> None:
    file = tmp_path / "b"
    file.write_bytes(damage(gzip.compress(os.urandom(9000))))
    with pytest.raises(BundleError, match="compression is damaged"):
        whole(file)


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name, said in (("", "no file"), ("pipe", "no file"), ("missing", "No such file")):
        with pytest.raises(BundleError, match=said):
            whole(tmp_path / name)
