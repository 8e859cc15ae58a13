"""All content at once: extra folders, and the mistakes of every file together."""

from pathlib import Path

import pytest

from secaudit.content import ContentFolders, load_checks, load_world
from secaudit.errors import ContentError
from tests.unit.content.samples import CHECK, ID, SCHEMAS, Folder, changed, tables


def extra_folder(tmp_path: Path) -> Folder:
    """A folder of somebody else."""
    made = Folder(tmp_path / "theirs")
    made.root.mkdir()
    return made


def test_an_extra_folder_adds_checks_and_profiles(folder: Folder, tmp_path: Path) -> None:
    theirs = extra_folder(tmp_path)
    theirs.write(CHECK, "linux/theirs/age.yaml")
    theirs.write("level: 2\ntitle: {zh: 本地, en: Local}\n", "local.yaml", "profiles")
    folder.extra = (theirs.root,)
    content = folder.load()
    assert "linux.theirs.age" in content.checks
    assert content.profiles["local"].level == 2


def test_a_broken_check_of_an_extra_folder_stops_the_loading(folder: Folder, tmp_path: Path) -> None:
    theirs = extra_folder(tmp_path)
    broken = theirs.write(changed("a.can_log_in)\n", "a.can_login)\n"), "linux/theirs/age.yaml")
    folder.extra = (theirs.root,)
    with pytest.raises(ContentError) as caught:
        folder.load(type_all=False)
    assert [(problem.file, problem.line) for problem in caught.value.problems] == [(str(broken), 9)]


def test_an_extra_folder_cannot_replace_a_check_or_a_profile(folder: Folder, tmp_path: Path) -> None:
    theirs = extra_folder(tmp_path)
    theirs.write(CHECK)
    theirs.write("level: 3\ntitle: {zh: 三, en: Three}\n", "level-3.yaml", "profiles")
    folder.write(CHECK)
    folder.extra = (theirs.root,)
    with pytest.raises(ContentError) as caught:
        folder.load()
    assert [problem.expected for problem in caught.value.problems] == [
        "another folder has this check",
        "another folder has this profile",
    ]


def test_a_folder_that_is_not_there_is_named(folder: Folder, tmp_path: Path) -> None:
    folder.extra = (tmp_path / "nowhere",)
    with pytest.raises(ContentError, match="nowhere"):
        folder.load()


def test_the_mistakes_of_all_files_come_together(folder: Folder) -> None:
    folder.write(changed("severity: medium", "severity: x"))
    folder.write("title: [", "linux/identity/torn.yaml")
    folder.write("- a list\n", "linux/identity/list.yaml")
    folder.write("", "linux/identity/empty.yaml")
    with pytest.raises(ContentError) as caught:
        folder.load()
    files = {Path(problem.file).name for problem in caught.value.problems}
    assert files == {"password_max_age.yaml", "torn.yaml", "list.yaml", "empty.yaml"}


def test_wanted_checks_load_whatever_is_wrong_with_others(folder: Folder) -> None:
    folder.write(CHECK)
    folder.write("title: [", "linux/other/torn.yaml")
    folders = ContentFolders(folder.root / "checks", tables(folder.root))
    world = load_world(folders, SCHEMAS)
    assert list(load_checks(folders, world, lambda id_: id_.startswith("linux.identity"))) == [ID]
    with pytest.raises(ContentError, match=r"torn\.yaml"):
        load_checks(folders, world, lambda _id: True)
