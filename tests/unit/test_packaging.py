"""What ships: every code package and every content file, in the sdist and in the wheel built from it."""

import configparser
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONTENT = ("checks", "profiles", "reports")
SOURCES = ("secaudit", *CONTENT, "setup.cfg", "pyproject.toml", "MANIFEST.in", "README.md", "LICENSE")


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with sdist and wheel, built from a copy: an old build/ would ship deleted files."""
    tree = tmp_path_factory.mktemp("tree")
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, tree / name)
    command = [sys.executable, "-m", "build", "--no-isolation", str(tree)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return tree / "dist"


def test_every_code_package_is_listed() -> None:
    folders = {path.parent for path in (ROOT / "secaudit").rglob("*.py")}
    packages = {".".join(folder.relative_to(ROOT).parts) for folder in folders}
    assert {name for name in listed() if "._content" not in name} == packages


@pytest.mark.parametrize("part", CONTENT)
def test_every_content_folder_is_mapped(part: str) -> None:
    options = setup_cfg()
    assert f"secaudit._content.{part}" in listed()
    assert f"secaudit._content.{part} = {part}" in options["options"]["package_dir"].splitlines()
    assert options["options.package_data"][f"secaudit._content.{part}"] == "**/*"


def test_the_wheel_holds_every_file(release: Path) -> None:
    (wheel,) = release.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        shipped = {name for name in archive.namelist() if ".dist-info/" not in name}
    content = {f"secaudit/_content/{name}" for name in files(*CONTENT)}
    assert shipped == files("secaudit") | content


def test_the_sdist_holds_every_file(release: Path) -> None:
    (sdist,) = release.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        shipped = {name.partition("/")[2] for name in archive.getnames()}
    assert files(*SOURCES) - shipped == set()


def setup_cfg() -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(ROOT / "setup.cfg", encoding="utf-8")
    return parser


def listed() -> set[str]:
    return set(setup_cfg()["options"]["packages"].split())


def files(*names: str) -> set[str]:
    """Every file under these names, relative to the checkout; what Python compiled apart."""
    paths = {path for name in names for path in (ROOT / name, *(ROOT / name).rglob("*")) if path.is_file()}
    return {str(path.relative_to(ROOT)) for path in paths if "__pycache__" not in path.parts}
