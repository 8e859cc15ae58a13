"""Writing into a workspace: private, whole, never over somebody's file."""

import errno
import os
import stat
import threading
from pathlib import Path

import pytest

from secaudit.errors import UsageError
from secaudit.register.folder import make_private_folder, read_text, replace, write_new


def test_a_file_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("mine")
    with pytest.raises(UsageError, match="File exists"):
        write_new(tmp_path / "a", "x")
    assert (tmp_path / "a").read_text() == "mine"


def test_a_replaced_file_keeps_mode_links_and_line_ends(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_text("old")
    file.chmod(0o640)
    (tmp_path / "link").symlink_to(file)
    replace(tmp_path / "link", "new\r\n", "old")
    assert file.read_bytes() == b"new\r\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert (tmp_path / "link").is_symlink()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "link"]


def test_a_full_disk_leaves_the_old_text_and_nothing_beside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a"
    file.write_text("old")

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UsageError, match="No space left"):
        replace(file, "new", "old")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("a", "old")]


def test_what_cannot_be_replaced_is_named(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(UsageError, match="cannot be written"):
        replace(tmp_path / "folder", "x", "")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_what_somebody_else_wrote_meanwhile_stays(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_text("theirs")
    with pytest.raises(UsageError, match="changed by somebody else"):
        replace(file, "mine", "old")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("a", "theirs")]


def test_of_many_at_once_one_replaces(tmp_path: Path) -> None:
    """Whoever comes second finds that the file says something else."""
    file = tmp_path / "a"
    file.write_text("old")
    told: list[str] = []

    def change(number: int) -> None:
        try:
            replace(file, f"new {number}", "old")
        except UsageError as error:
            told.append(str(error))

    threads = [threading.Thread(target=change, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 7
    assert file.read_text().startswith("new ")


def test_a_folder_that_is_there_keeps_its_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    make_private_folder(tmp_path)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


def test_what_is_no_text_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\xff")
    for name in ("a", "missing"):
        with pytest.raises(UsageError, match="cannot be read"):
            read_text(tmp_path / name)
