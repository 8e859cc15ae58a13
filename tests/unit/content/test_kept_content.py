"""Content that was found right is not read again; whatever it was made of changes, it is."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from secaudit import kept
from secaudit.content import Content, ContentFolders, PluginChecks, load, load_content
from secaudit.content.folder import content_dir
from secaudit.content.load import LIFECYCLES, STANDARD_FOLDER
from secaudit.errors import ContentError
from tests.unit.content.samples import CHECK, ID, PATH, SCHEMAS, changed

Read = Callable[[], Content]


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ContentFolders:
    """One check, a profile and the tables, and an empty cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    checks, profiles = tmp_path / "checks", tmp_path / "profiles"
    (checks / PATH).parent.mkdir(parents=True)
    (checks / PATH).write_text(CHECK)
    shutil.copytree(content_dir("profiles"), profiles, ignore=shutil.ignore_patterns("*.yaml"))
    (profiles / "level-3.yaml").write_text("level: 3\ntitle: {zh: 第三级, en: Level 3}\n")
    return ContentFolders(checks, profiles)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Grows with each reading of the files."""
    counted: list[str] = []
    read = load._read_content

    def counting(*arguments: object, **named: object) -> Content:
        counted.append("read")
        return read(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(load, "_read_content", counting)
    return counted


def the_kept(tmp_path: Path) -> Path:
    """The file that it is kept in."""
    (path,) = (tmp_path / "cache").glob("secaudit/*/content-*")
    return path


def test_it_is_read_once_and_comes_back_as_it_was(folders: ContentFolders, reads: list[str]) -> None:
    first = load_content(folders, SCHEMAS)
    assert load_content(folders, SCHEMAS) == first
    assert reads == ["read"]
    assert first.checks[ID].examples
    assert first.catalogues[3].left_to_people


def test_the_content_that_ships_comes_back_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reads: list[str]
) -> None:
    from secaudit.content import content_folders
    from secaudit.plugins import load_plugins

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    schemas = load_plugins().schemas
    assert load_content(content_folders(), schemas) == load_content(content_folders(), schemas)
    assert reads == ["read"]


@pytest.mark.parametrize("part", ["checks", "profiles", "table"])
def test_a_file_that_changes_is_read(folders: ContentFolders, reads: list[str], part: str) -> None:
    load_content(folders, SCHEMAS)
    path = {
        "checks": folders.checks / PATH,
        "profiles": folders.profiles / "level-3.yaml",
        "table": folders.profiles / LIFECYCLES,
    }[part]
    path.write_text(path.read_text().rstrip("\n"))
    load_content(folders, SCHEMAS)
    assert reads == ["read", "read"]


def test_another_folder_other_facts_and_other_plug_ins_are_other_content(
    folders: ContentFolders, reads: list[str], tmp_path: Path
) -> None:
    for part in ("checks", "profiles"):
        (tmp_path / "extra" / part).mkdir(parents=True)
    brought = PluginChecks("p 1", tmp_path / "extra", "cannot be used")
    with_more = ContentFolders(folders.checks, folders.profiles, (tmp_path / "extra",))
    with_plugin = ContentFolders(folders.checks, folders.profiles, (), (brought,))
    load_content(folders, SCHEMAS)
    load_content(with_more, SCHEMAS)
    assert load_content(with_plugin, SCHEMAS).faults == load_content(with_plugin, SCHEMAS).faults != {}
    load_content(folders, {**SCHEMAS, "more": SCHEMAS["shells"]})
    load_content(folders, SCHEMAS, {"broken": "it is"})
    assert len(reads) == 5


def test_mistakes_are_told_each_time(folders: ContentFolders) -> None:
    (folders.checks / PATH).write_text(changed("severity: medium", "severity: x"))
    for _time in range(2):
        with pytest.raises(ContentError):
            load_content(folders, SCHEMAS)


@pytest.mark.parametrize("torn", [b"", b"{", b"{}", b'{"checks": 3}', b"\xff\xfe"])
def test_a_torn_one_is_made_again(
    folders: ContentFolders, reads: list[str], tmp_path: Path, torn: bytes
) -> None:
    whole = load_content(folders, SCHEMAS)
    the_kept(tmp_path).write_bytes(torn)
    assert load_content(folders, SCHEMAS) == load_content(folders, SCHEMAS) == whole
    assert reads == ["read", "read"]


def test_what_would_not_come_back_is_not_kept(
    folders: ContentFolders, reads: list[str], tmp_path: Path
) -> None:
    (folders.checks / PATH).write_text(changed("max_days: 90,", "max_days: 90, more: 1.0e999,"))
    with pytest.raises(ContentError):
        load_content(folders, SCHEMAS)
    (folders.checks / PATH).write_text(changed("default: 90", "default: 1.0e999"))
    load_content(folders, SCHEMAS)
    assert list((tmp_path / "cache").glob("secaudit/*/content-*")) == []
    assert reads == ["read", "read"]


def test_a_file_that_is_none_is_refused_and_not_waited_for(folders: ContentFolders) -> None:
    os.mkfifo(folders.checks / "linux/pipe.yaml")
    with pytest.raises(ContentError, match="regular file"):
        load_content(folders, SCHEMAS)


def test_files_that_change_while_they_are_read_are_not_kept(
    folders: ContentFolders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = load._read_content

    def meanwhile(*arguments: object, **named: object) -> Content:
        content = read(*arguments, **named)  # type: ignore[arg-type]
        (folders.checks / PATH).write_text(CHECK + "\n")
        return content

    monkeypatch.setattr(load, "_read_content", meanwhile)
    load_content(folders, SCHEMAS)
    assert list((tmp_path / "cache").glob("secaudit/*/content-*")) == []


def test_a_table_behind_a_link_is_read_each_time(
    folders: ContentFolders, reads: list[str], tmp_path: Path
) -> None:
    standard = folders.profiles / STANDARD_FOLDER
    standard.rename(tmp_path / "elsewhere")
    standard.symlink_to(tmp_path / "elsewhere")
    load_content(folders, SCHEMAS)
    load_content(folders, SCHEMAS)
    assert reads == ["read", "read"]


def test_the_same_language_is_part_of_it(folders: ContentFolders, reads: list[str]) -> None:
    from secaudit import language

    load_content(folders, SCHEMAS)
    language.use("zh")
    load_content(folders, SCHEMAS)
    assert reads == ["read", "read"]


def test_nobody_is_stopped_by_a_place_that_cannot_be_written(
    folders: ContentFolders, reads: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert load_content(folders, SCHEMAS) == load_content(folders, SCHEMAS)
    assert reads == ["read", "read"]
    assert kept.recall("content-1") is None
