"""The approval as a file of the workspace."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from secaudit.errors import ContentError, UsageError
from secaudit.model.register import Authorisation
from secaudit.register import adding, approval_file, load_register
from secaudit.register.loading import with_permissions_of_now
from tests.unit.register.workspaces import SYSTEM, make

NOW = datetime.now(UTC).replace(microsecond=0)
WANTED = Authorisation("", ("portal",), "甲", "1号", NOW, NOW + timedelta(days=9))


@pytest.fixture
def approval(tmp_path: Path) -> Path:
    file = tmp_path / "批复.PDF"
    file.write_bytes(b"%PDF signed")
    return file


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make(tmp_path / "w", SYSTEM)


def test_the_approval_is_copied_and_compared_ever_after(folder: Path, approval: Path) -> None:
    added = adding.add_authorisation(folder, WANTED, approval)
    kept = folder / added.file
    assert added.file == f"approvals/{added.id}.pdf"
    assert kept.read_bytes() == b"%PDF signed"
    assert kept.stat().st_mode & 0o777 == 0o600
    register = load_register(folder)
    assert (register.authorisations, register.altered) == ((added,), ())
    kept.write_bytes(b"%PDF forged")
    os.utime(kept, ns=(1, 1))
    assert with_permissions_of_now(register, folder).altered == load_register(folder).altered == (added.id,)
    kept.unlink()
    assert load_register(folder).altered == (added.id,)


def test_a_link_out_of_the_workspace_is_no_approval(folder: Path, approval: Path) -> None:
    added = adding.add_authorisation(folder, WANTED, approval)
    (folder / added.file).unlink()
    (folder / added.file).symlink_to(approval)
    assert load_register(folder).altered == (added.id,)


def test_a_copy_does_not_stay_where_the_authorisation_was_refused(folder: Path, approval: Path) -> None:
    wrong = Authorisation("", ("portal",), "甲", "1号", NOW, NOW + timedelta(days=9), zones=("dmz",))
    with pytest.raises(ContentError, match="a zone that an asset"):
        adding.add_authorisation(folder, wrong, approval)
    assert list((folder / "approvals").iterdir()) == []
    assert load_register(folder).authorisations == ()


def test_what_is_no_approval_is_refused(folder: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "empty").touch()
    for name, said in (
        ("none", "No such file"),
        (".", "is no file"),
        ("pipe", "is no file"),
        ("empty", "1 byte"),
    ):
        with pytest.raises(UsageError, match=said):
            adding.add_authorisation(folder, WANTED, tmp_path / name)
    assert not (folder / "approvals").exists()


def test_a_file_without_limit_is_not_read_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(approval_file, "LIMIT_BYTES", 2)
    (tmp_path / "large").write_bytes(b"123")
    with pytest.raises(UsageError, match="is no approval"):
        approval_file.read_approval(tmp_path / "large")


@pytest.mark.parametrize(
    ("name", "place"), [("a.PDF", "approvals/x.pdf"), ("a", "approvals/x"), ("a.p d", "approvals/x")]
)
def test_only_a_plain_ending_is_kept(name: str, place: str) -> None:
    assert approval_file.place_for("x", Path(name)) == place
