"""Backups as settings say, each night, and what the command refuses."""

import os
import shlex
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from secaudit.cli.backup import backup_by_settings
from secaudit.cli.main import run
from secaudit.cli.wiring import Workspace, open_workspace
from secaudit.errors import UsageError
from secaudit.register.starting import start_workspace
from secaudit.upkeep.notes import moment_of, read_notes

NOW = datetime(2026, 11, 28, 2, 0, tzinfo=UTC)


@pytest.fixture
def opened(tmp_path: Path) -> Workspace:
    """A workspace whose settings name a folder for two backups, and a passphrase."""
    folder = tmp_path / "w"
    start_workspace(folder, "局", "zh")
    (folder / "keys").mkdir(mode=0o700, exist_ok=True)
    (folder / "keys" / "pseudonyms.key").write_text("k", encoding="utf-8")
    with (folder / "secaudit.yaml").open("a", encoding="utf-8") as settings:
        settings.write(f'backup: {{folder: {tmp_path}/b, keep: 2, passphrase: "env:BACKUP_WORDS"}}\n')
    return open_workspace(folder)


def test_each_night_makes_one_and_the_oldest_makes_room(
    opened: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for night in range(4):
        monkeypatch.setenv("BACKUP_WORDS", "correct horse battery")
        now = NOW + timedelta(days=night)
        made, gone = backup_by_settings(opened, now)
        assert "BACKUP_WORDS" not in os.environ  # no child inherits it
        assert (made.sealed, made.whole, len(gone)) == (True, True, int(night >= 2))
        assert "keys/pseudonyms.key" in {part.name for part in made.inventory.files}
        assert moment_of(read_notes(opened.folder).backup_at) == now
    names = sorted(path.name.rsplit("-", 1)[-1] for path in (tmp_path / "b").iterdir())
    assert names == ["20261130T020000Z.sealed", "20261201T020000Z.sealed"]
    assert (tmp_path / "b").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("words", ["", "short"])
def test_without_a_passphrase_worth_it_nothing_is_made_and_the_older_ones_stay(
    opened: Workspace, tmp_path: Path, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BACKUP_WORDS", "correct horse battery")
    backup_by_settings(opened, NOW)
    monkeypatch.setenv("BACKUP_WORDS", words)
    with pytest.raises(UsageError) as caught:
        backup_by_settings(opened, NOW + timedelta(days=1))
    assert words == "" or words not in str(caught.value)
    assert len(list((tmp_path / "b").iterdir())) == 1


def test_a_backup_never_holds_the_others(opened: Workspace) -> None:
    inside = opened.folder / "backups"
    assert opened.settings.backups is not None
    settings = replace(
        opened.settings, backups=replace(opened.settings.backups, folder=inside, passphrase="")
    )
    opened = replace(opened, settings=settings)
    backup_by_settings(opened, NOW)
    made, _gone = backup_by_settings(opened, NOW + timedelta(days=1))
    assert not any(part.name.startswith("backups/") for part in made.inventory.files)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--check",),
        ("b", "--key", "k"),
        ("b", "--encrypt-to", "c", "--passphrase-from", "env:X"),
        ("--passphrase-from", "env:X"),
        ("b", "--passphrase-from", "env:NOT_SET"),
        ("b", "--encrypt-to", "gone.crt"),
    ],
)
def test_what_makes_no_sense_is_refused(
    opened: Workspace, arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["--workspace", str(opened.folder), "backup", *arguments]) == 2
    assert capsys.readouterr().err
    assert not (Path.cwd() / "b").exists()


def test_a_workspace_without_a_folder_for_backups_says_how_one_is_set(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    start_workspace(tmp_path / "w", "局", "zh")
    assert run(["--workspace", str(tmp_path / "w"), "backup"]) == 2
    assert "backup: in secaudit.yaml" in capsys.readouterr().err


def test_the_command_that_tries_a_backup_can_be_typed_whatever_it_is_called(
    opened: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "the monday's backup.tar.gz"
    assert run(["-w", str(opened.folder), "backup", str(file)]) == 0
    said = next(line for line in capsys.readouterr().err.splitlines() if "--check" in line)
    words = shlex.split(said[said.index("secaudit ") :])
    assert words[-2:] == ["--check", str(file)]
    assert run(words[1:]) == 0


def test_a_restored_workspace_tells_of_notices_that_may_have_gone_out_since(
    opened: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    waiting = opened.folder / "notices" / "waiting"
    waiting.mkdir(parents=True, mode=0o700)
    (waiting / "00000001-mail-af8667aac3536c6173df.json").write_text("{}", encoding="utf-8")
    assert run(["-w", str(opened.folder), "backup", str(tmp_path / "b.tar.gz")]) == 0
    assert run(["restore", str(tmp_path / "b.tar.gz"), str(tmp_path / "again")]) == 0
    said = capsys.readouterr().err
    assert "1 notices waited when the backup was made" in said
    assert "schedule install --at 23:10" in said  # its settings name no window
