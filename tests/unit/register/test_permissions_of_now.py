"""What permits a visit is read again when a file was touched, and only then."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from secaudit.document import Document, read_document
from secaudit.errors import ContentError
from secaudit.model.register import Authorisation, Register
from secaudit.register import adding, load_register, loading
from secaudit.register.loading import with_permissions_of_now
from tests.unit.register.workspaces import SYSTEM, make

NOW = datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = make(tmp_path / "w", SYSTEM)
    adding.add_authorisation(
        folder, Authorisation("", ("portal",), "甲", "1号", NOW, NOW + timedelta(days=9)), None
    )
    return folder


def document_now(register: Register, folder: Path) -> list[str]:
    return [one.document for one in with_permissions_of_now(register, folder).authorisations]


def file_of(folder: Path) -> Path:
    (file,) = (folder / "authorisations").iterdir()
    return file


def test_files_that_were_not_touched_are_read_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    register = load_register(folder)
    read: list[str] = []

    def counted(file: Path, name: str) -> Document:
        read.append(name)
        return read_document(file, name)

    monkeypatch.setattr(loading, "read_document", counted)
    for _visit in range(3):
        assert document_now(register, folder) == ["1号"]
    assert sorted(read) == [f"authorisations/{file_of(folder).name}", "secaudit.yaml"]


def test_a_changed_file_counts_at_once(folder: Path) -> None:
    register = load_register(folder)
    assert document_now(register, folder) == ["1号"]
    file = file_of(folder)
    file.write_text(file.read_text().replace("1号", "2号"))
    assert document_now(register, folder) == ["2号"]
    file.unlink()
    assert document_now(register, folder) == []


def test_a_broken_file_refuses_every_visit_until_it_is_mended(folder: Path) -> None:
    register, file = load_register(folder), file_of(folder)
    whole = file.read_text()
    file.write_text(f"{whole}surprise: 1\n")
    for _visit in range(2):
        with pytest.raises(ContentError, match="surprise"):
            with_permissions_of_now(register, folder)
    file.write_text(whole)
    assert document_now(register, folder) == ["1号"]


def test_a_file_that_cannot_be_looked_at_is_named(folder: Path) -> None:
    register, file = load_register(folder), file_of(folder)
    file.unlink()
    file.symlink_to(file.name)
    with pytest.raises(ContentError, match=file.name):
        with_permissions_of_now(register, folder)
