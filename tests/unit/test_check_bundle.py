"""What stands against an installation is named before it begins, in the language of the terminal."""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest

from scripts.offline import check_bundle
from scripts.offline.check_bundle import faults, main, name_of

NEEDS: dict[str, Any] = {
    "version": "1.2",
    "architectures": [os.uname().machine],
    "glibc": [2, 17],
    "space_kib": 1,
}


def made(folder: Path, **needs: Any) -> Path:
    """A bundle of one wheel."""
    (folder / "wheels/any").mkdir(parents=True)
    (folder / "wheels/any/a.whl").write_bytes(b"wheel")
    (folder / "needs.json").write_text(json.dumps(NEEDS | needs), "utf-8")
    names = ("wheels/any/a.whl", "needs.json")
    sums = [f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}" for name in names]
    (folder / "SHA256SUMS").write_text("\n".join([*sums, ""]), "utf-8")
    return folder


@pytest.fixture(autouse=True)
def glibc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "confstr", lambda _name: "glibc 2.28")


def told(bundle: Path, prefix: Path) -> list[str]:
    return [english for english, _chinese in faults(bundle, prefix)]


def test_a_whole_bundle_on_a_machine_that_fits(tmp_path: Path) -> None:
    assert told(made(tmp_path / "b"), tmp_path / "not/there/yet") == []


@pytest.mark.parametrize(
    ("needs", "said"),
    [
        (
            {"architectures": ["sw_64", "mips64"]},
            f"This machine is {os.uname().machine}, the bundle is for sw_64, mips64.",
        ),
        ({"glibc": [2, 34]}, "glibc 2.34 or newer is needed, this system has 2.28."),
        ({"space_kib": 2**50}, "MiB are needed."),
    ],
)
def test_what_the_machine_lacks(tmp_path: Path, needs: dict[str, Any], said: str) -> None:
    (fault,) = told(made(tmp_path / "b", **needs), tmp_path)
    assert said in fault


def test_a_place_that_others_may_change(tmp_path: Path) -> None:
    bundle, open_to_all = made(tmp_path / "b"), tmp_path / "open"
    open_to_all.mkdir()
    open_to_all.chmod(0o777)
    said = f"{open_to_all} can be changed by other users."
    assert told(bundle, open_to_all) == told(bundle, open_to_all / "secaudit/deep") == [said]
    open_to_all.chmod(0o1777)  # as /tmp: what we own there stays ours
    assert told(bundle, open_to_all / "secaudit") == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives folders away")
def test_a_place_of_another_user(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    os.chown(theirs, 65534, 65534)
    assert told(made(tmp_path / "b"), theirs / "opt") == [f"{theirs} belongs to another user."]


@pytest.mark.parametrize("below", ["", "x/y"])
def test_a_place_that_is_no_folder(below: str, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("somebody's")
    (fault,) = told(made(tmp_path / "b"), file / below)
    assert fault == f"{file} is no folder: choose another --prefix."


def test_releases_of_something_else(tmp_path: Path) -> None:
    """The installer removes old releases: they must be its own."""
    bundle, prefix = made(tmp_path / "b"), tmp_path / "app"
    (prefix / "releases/20260101").mkdir(parents=True)
    (fault,) = told(bundle, prefix)
    assert "releases is there already and belongs to something else" in fault
    (prefix / "releases" / check_bundle.MARK).touch()
    assert told(bundle, prefix) == []


def test_a_link_among_the_wheels_is_strange(tmp_path: Path) -> None:
    bundle = made(tmp_path / "b")
    (bundle / "wheels/x86_64").symlink_to(tmp_path)
    assert told(bundle, tmp_path) == ["wheels/x86_64 does not belong to the bundle."]


def test_another_c_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(_name: str) -> str:
        raise ValueError("unrecognized configuration name")

    monkeypatch.setattr(os, "confstr", unknown)
    (fault,) = told(made(tmp_path / "b"), tmp_path)
    assert "this system has none (musl?)" in fault


def test_damaged_missing_and_strange_files(tmp_path: Path) -> None:
    bundle = made(tmp_path / "b")
    (bundle / "wheels/any/a.whl").write_bytes(b"wheal")
    (bundle / "wheels/any/b.whl").write_bytes(b"strange")
    assert told(bundle, tmp_path) == [
        "wheels/any/a.whl is damaged or missing: fetch the bundle again.",
        "wheels/any/b.whl does not belong to the bundle.",
    ]
    (bundle / "wheels/any/a.whl").unlink()
    assert "wheels/any/a.whl is damaged or missing" in told(bundle, tmp_path)[0]


@pytest.mark.parametrize("name", ["SHA256SUMS", "needs.json"])
@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe"])
def test_a_bundle_that_was_not_unpacked_whole(tmp_path: Path, name: str, content: bytes | None) -> None:
    bundle = made(tmp_path / "b")
    (bundle / name).unlink()
    if content is not None:
        (bundle / name).write_bytes(content)
    assert any(f"{name} cannot be read" in fault for fault in told(bundle, tmp_path))


def test_the_exit_code_and_both_languages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bundle = made(tmp_path / "b", glibc=[9, 9])
    assert main([str(bundle), str(tmp_path), "zh"]) == 1
    assert main([str(bundle), str(tmp_path), "en"]) == 1
    chinese, english = capsys.readouterr().out.splitlines()
    assert chinese == "install.sh: 需要 glibc 9.9 或更新版本，本系统为 2.28。"
    assert english == "install.sh: glibc 9.9 or newer is needed, this system has 2.28."
    assert main([str(made(tmp_path / "c")), str(tmp_path), "en"]) == 0


def test_another_bundle_has_another_name(tmp_path: Path) -> None:
    one, two, other = made(tmp_path / "1"), made(tmp_path / "2"), made(tmp_path / "3", space_kib=2)
    assert name_of(one) == name_of(two) != name_of(other)
    assert name_of(one).startswith("1.2-")
    assert check_bundle.main(["--name", str(one)]) == 0
