"""Where the content lies: in an installed copy, in a checkout, nowhere."""

from pathlib import Path

import pytest

from secaudit.content.folder import content_dir
from secaudit.errors import UsageError


def test_an_installed_copy_holds_its_content(tmp_path: Path) -> None:
    package = folders(tmp_path, "secaudit/_content/checks", "checks")
    (tmp_path / "setup.cfg").touch()
    assert content_dir("checks", package) == package / "_content" / "checks"


def test_a_checkout_has_it_beside_the_package(tmp_path: Path) -> None:
    package = folders(tmp_path, "secaudit", "checks")
    (tmp_path / "setup.cfg").touch()
    assert content_dir("checks", package) == tmp_path / "checks"


def test_a_folder_of_somebody_else_is_not_taken(tmp_path: Path) -> None:
    package = folders(tmp_path, "secaudit", "checks")
    with pytest.raises(UsageError, match="checks"):
        content_dir("checks", package)


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    package = folders(tmp_path, "secaudit")
    (tmp_path / "setup.cfg").touch()
    (tmp_path / "checks").touch()
    with pytest.raises(UsageError, match="checks"):
        content_dir("checks", package)


def folders(root: Path, *names: str) -> Path:
    """Makes the folders; returns the package's."""
    for name in names:
        (root / name).mkdir(parents=True)
    return root / "secaudit"
