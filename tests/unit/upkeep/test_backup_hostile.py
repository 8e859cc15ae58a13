"""Backups that somebody cut, changed or made up: nothing of them reaches a disk."""

import gzip
import io
import os
import random
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from secaudit.errors import SecauditError, UsageError
from secaudit.upkeep import archive, inventory, sealed
from secaudit.upkeep.restoring import check, restore
from secaudit.upkeep.sealed import Seal
from tests.unit.upkeep.backups import WORDS, backed_up, filled, having, no_key


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return filled(tmp_path)


@pytest.mark.parametrize("seal", [None, WORDS], ids=["plain", "sealed"])
def test_every_cut_and_every_changed_byte_is_found(
    workspace: Path, tmp_path: Path, seal: Seal | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealed, "COST", 1 << 12)  # forty keys are reckoned
    (workspace / "reports" / "oa-r1.html").write_bytes(os.urandom(2_200_000))
    whole = backed_up(workspace, seal).file.read_bytes()
    chance, spoilt = random.Random(7), tmp_path / "spoilt"
    cuts = [
        0,
        1,
        5,
        20,
        100,
        len(whole) - 1,
        len(whole) - 9,
        *(chance.randrange(len(whole)) for _n in range(6)),
    ]
    changes = [0, 3, 12, 40, *(chance.randrange(len(whole)) for _n in range(12))]
    bad = [whole[:cut] for cut in cuts]
    bad += [whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in changes]
    bad += [whole + b"x", whole + b"\0" * 512 + b"x"]
    for content in bad:
        spoilt.write_bytes(content)
        try:
            found = restore(spoilt, tmp_path / "new", having(WORDS))
        except SecauditError:
            assert not (tmp_path / "new").exists()
        else:  # a byte of gzip's own header, say its time, that changes nothing
            assert found == check(tmp_path / "b", having(WORDS))
            assert seal is None
            assert content[10:] == whole[10:]
            (tmp_path / "new").rename(tmp_path / f"same{len(list(tmp_path.iterdir()))}")


def hostile(
    tmp_path: Path, *members: tuple[tarfile.TarInfo, bytes], made: inventory.Inventory | None = None
) -> Path:
    """A tar as somebody else wrote it."""
    file = tmp_path / "hostile"
    with tarfile.open(file, "w:gz") as tar:
        for member, content in members:
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
        if made is not None:
            last = tarfile.TarInfo(inventory.NAME)
            last.size = len(made.encode())
            tar.addfile(last, io.BytesIO(made.encode()))
    return file


def members_of(file: Path) -> list[tuple[tarfile.TarInfo, bytes]]:
    """What a backup holds before its inventory, which is its last member."""
    found = []
    with tarfile.open(file) as tar:
        for one in tar.getmembers()[:-1]:
            content = tar.extractfile(one)
            assert content is not None
            found.append((one, content.read()))
    return found


def member(name: str, type_: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    found = tarfile.TarInfo(name)
    found.type, found.linkname = type_, link
    return found


@pytest.mark.parametrize(
    "bad",
    [
        member("../out"),
        member("/tmp/out"),
        member("a/../../out"),
        member("a//b"),
        member("a\nb"),
        member("a\\b"),
        member("link", tarfile.SYMTYPE, "/etc/passwd"),
        member("hard", tarfile.LNKTYPE, "ledger.txt"),
        member("device", tarfile.CHRTYPE),
        member("fifo", tarfile.FIFOTYPE),
        member("folder", tarfile.DIRTYPE),
        member("sparse", tarfile.GNUTYPE_SPARSE),
        member("x" * 3_000),
    ],
    ids=lambda found: found.name[:12].encode("unicode_escape").decode(),
)
def test_names_and_kinds_that_lead_out_are_refused(tmp_path: Path, bad: tarfile.TarInfo) -> None:
    file = hostile(tmp_path, (bad, b"x"))
    with pytest.raises(UsageError):
        restore(file, tmp_path / "new", no_key)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["hostile"]


def test_bombs_are_left_in_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "FREE_BYTES", 1_000_000)
    with gzip.open(tmp_path / "zeros", "wb") as stream:
        header = member("a")
        header.size = 1 << 33
        stream.write(header.tobuf())
        for _n in range(40):
            stream.write(bytes(1 << 20))
    with pytest.raises(UsageError, match="200 times"):
        check(tmp_path / "zeros", no_key)
    huge = member("pax", tarfile.XHDTYPE)
    huge.size = 1 << 30
    (tmp_path / "pax").write_bytes(gzip.compress(huge.tobuf()))
    with pytest.raises(UsageError, match="no plain file"):
        check(tmp_path / "pax", no_key)


def test_a_file_added_taken_or_doubled_is_found(workspace: Path, tmp_path: Path) -> None:
    made = backed_up(workspace).inventory
    real = members_of(tmp_path / "b")
    for members in (real[1:], [*real, (member("more"), b"x")], [*real, real[0]], real[::-1]):
        with pytest.raises(UsageError, match="not what was backed up"):
            check(hostile(tmp_path, *members, made=made), no_key)
    with pytest.raises(UsageError, match="cut off"):
        check(hostile(tmp_path, *real), no_key)


def test_a_newer_form_is_refused_by_name_and_the_folder_must_be_free(workspace: Path, tmp_path: Path) -> None:
    made = backed_up(workspace)
    real = members_of(made.file)
    newer = replace(made.inventory, schema="0999", version="9.0")
    with pytest.raises(UsageError, match=r"newer version of secaudit: 9\.0, form 0999"):
        restore(hostile(tmp_path, *real, made=newer), tmp_path / "new", no_key)
    with pytest.raises(UsageError, match="not empty"):
        restore(made.file, workspace, no_key)
    with pytest.raises(UsageError, match="no folder"):
        restore(made.file, made.file, no_key)
    (tmp_path / "link").symlink_to(tmp_path)
    with pytest.raises(UsageError, match="no folder"):
        restore(made.file, tmp_path / "link", no_key)
    with pytest.raises(UsageError, match="There is no folder"):
        restore(made.file, tmp_path / "a" / "b", no_key)


def test_a_ledger_that_is_not_the_one_of_the_inventory_is_refused(workspace: Path, tmp_path: Path) -> None:
    made = backed_up(workspace)
    real = members_of(made.file)
    other = replace(made.inventory, ledger=f"9:{'a' * 64}:{'b' * 64}")
    with pytest.raises(UsageError, match="ledger in the backup"):
        restore(hostile(tmp_path, *real, made=other), tmp_path / "new", no_key)
    assert not (tmp_path / "new").exists()
