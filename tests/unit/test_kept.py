"""What is kept between runs: found again, and used only where nobody else can have written it."""

import os
from pathlib import Path

import pytest

from secaudit import kept

NAME = "content-1"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where it is kept, with something in it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    kept.keep(NAME, b"kept")
    (path,) = (tmp_path / "cache/secaudit").glob(f"*/{NAME}")
    return path.parent


def test_what_was_kept_is_found_again(folder: Path) -> None:
    assert kept.recall(NAME) == b"kept"
    assert kept.recall("content-2") is None
    assert [(folder / NAME).stat().st_mode & 0o777, folder.stat().st_mode & 0o777] == [0o600, 0o700]
    assert [path.name for path in folder.iterdir()] == [NAME]


@pytest.mark.parametrize("place", ["file", "folder", "around"])
@pytest.mark.parametrize("mode", [0o020, 0o002])
def test_what_others_may_write_is_not_used(folder: Path, place: str, mode: int) -> None:
    path = {"file": folder / NAME, "folder": folder, "around": folder.parent}[place]
    path.chmod(path.stat().st_mode | mode)
    assert kept.recall(NAME) is None


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
@pytest.mark.parametrize("place", ["file", "folder", "around"])
def test_what_others_own_is_not_used(folder: Path, place: str) -> None:
    os.chown({"file": folder / NAME, "folder": folder, "around": folder.parent}[place], 65534, 65534)
    assert kept.recall(NAME) is None


def test_a_link_a_pipe_and_a_folder_are_not_used(folder: Path) -> None:
    (folder / "link").symlink_to(folder / NAME)
    os.mkfifo(folder / "pipe", 0o600)
    (folder / "folder").mkdir(mode=0o700)
    assert [kept.recall(name) for name in ("link", "pipe", "folder")] == [None, None, None]


def test_nothing_is_kept_in_a_folder_of_others(folder: Path) -> None:
    folder.chmod(0o777)
    kept.keep("new", b"new")
    assert not (folder / "new").exists()


@pytest.mark.parametrize("home", ["", "relative", "/dev/null", "/proc/nowhere"])
def test_without_a_place_nothing_is_kept(home: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setenv("HOME", home)
    kept.keep(NAME, b"kept")
    assert kept.recall(NAME) is None


def test_versions_of_long_ago_are_forgotten(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(1, 6):
        monkeypatch.setattr(kept, "_program", lambda number=number: f"version{number}")
        kept.keep(NAME, b"%d" % number)
        os.utime(folder.parent / f"version{number}", (number, number))
    assert not folder.exists() or len(list(folder.parent.iterdir())) <= kept.VERSIONS
    assert kept.recall(NAME) == b"5"


def test_names_of_different_texts_differ() -> None:
    assert len({kept.key_of(parts) for parts in (["ab", "c"], ["a", "bc"], ["abc"], ["ab", "c", ""])}) == 4
