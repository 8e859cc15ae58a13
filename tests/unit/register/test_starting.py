"""New workspaces and the demo."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from secaudit.errors import UsageError
from secaudit.model.register import Reach
from secaudit.register import authorisation_for, load_register, load_settings
from secaudit.register.starting import start_demo, start_workspace
from tests.unit.register.workspaces import problems_in

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_everything_is_private(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "w"
    start_demo(folder, "host", "zh", NOW)
    for path in (folder, *folder.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)


def test_the_examples_are_valid(tmp_path: Path) -> None:
    folder = tmp_path / "w"
    start_workspace(folder, '市局 "一": #', "en")
    assert (load_settings(folder).office, load_settings(folder).language) == ('市局 "一": #', "en")
    for name in ("system", "authorisation"):
        text = (folder / "examples" / f"{name}.yaml").read_text()
        (folder / f"{name}s" / "portal.yaml").write_text(text)
    assert not problems_in(folder)
    assert len(load_register(folder).systems[0].assets) == 2
    assert "time_zone: Asia/Shanghai" in (folder / "secaudit.yaml").read_text()


def test_what_is_commented_out_is_valid_too(tmp_path: Path) -> None:
    folder = tmp_path / "w"
    start_demo(folder, "host", "zh", NOW)
    system = folder / "systems" / "demo.yaml"
    text = system.read_text().replace("    services: []\n", "").replace("data_sets: []\n", "")
    opened = [
        line.replace("# ", "", 1)
        if line.lstrip().startswith(("# services", "#   - {port", "# data_sets", "#   "))
        else line
        for line in text.splitlines()
    ]
    system.write_text("\n".join(opened))
    (found,) = load_register(folder).systems
    assert (len(found.assets[0].services), len(found.data_sets)) == (1, 1)


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    folder = tmp_path / "w"
    start_workspace(folder, "x", "zh")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(UsageError, match=r"already holds secaudit\.yaml"):
        start_workspace(folder, "y", "en")
    assert before == {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "w"
    folder.mkdir()
    (folder / "secaudit.yaml").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match="already holds"):
        start_workspace(folder, "x", "zh")
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            None,
            "secaudit.db*\nsecaudit-watch.db*\nsecaudit.lock\nnightly.lock\nupkeep.*\nreports/\nkeys/\nnotices/\n",
        ),
        (
            "*.pyc",
            "*.pyc\nsecaudit.db*\nsecaudit-watch.db*\nsecaudit.lock\nnightly.lock\nupkeep.*\nreports/\nkeys/\nnotices/\n",
        ),
        (
            "reports/\nsecaudit.db*\n",
            "reports/\nsecaudit.db*\nsecaudit-watch.db*\nsecaudit.lock\nnightly.lock\nupkeep.*\nkeys/\nnotices/\n",
        ),
    ],
)
def test_git_ignores_what_is_no_source(tmp_path: Path, before: str | None, after: str) -> None:
    if before is not None:
        (tmp_path / ".gitignore").write_text(before)
    start_workspace(tmp_path, "x", "zh")
    assert (tmp_path / ".gitignore").read_text() == after


def test_the_demo_is_this_machine_at_level_3(tmp_path: Path) -> None:
    start_demo(tmp_path, "b\x1bö\u202ex", "zh", NOW)
    register = load_register(tmp_path)
    (system,) = register.systems
    assert (system.level, system.assets[0].name, system.assets[0].reach) == (3, "böx", Reach("local"))
    assert authorisation_for(
        register, "demo", register.systems[0].assets[0], NOW
    ).valid_until == NOW + timedelta(days=7)


def test_the_demo_is_renewed_and_its_files_stay(tmp_path: Path) -> None:
    start_demo(tmp_path, "host", "zh", NOW)
    system = tmp_path / "systems" / "demo.yaml"
    system.write_text(system.read_text() + "# mine\n")
    later = NOW + timedelta(days=30)
    assert start_demo(tmp_path, "host", "zh", later) == (tmp_path / "authorisations" / "demo.yaml",)
    assert system.read_text().endswith("# mine\n")
    renewed = load_register(tmp_path)
    machine = renewed.systems[0].assets[0]
    assert authorisation_for(renewed, "demo", machine, later).approver == "demo"


def test_a_workspace_is_not_turned_into_a_demo(tmp_path: Path) -> None:
    start_workspace(tmp_path, "x", "zh")
    with pytest.raises(UsageError, match="not a demo"):
        start_demo(tmp_path, "host", "zh", NOW)


def test_a_revoked_demo_stays_revoked(tmp_path: Path) -> None:
    start_demo(tmp_path, "host", "zh", NOW)
    file = tmp_path / "authorisations" / "demo.yaml"
    file.write_text(file.read_text() + f"revoked_at: {NOW.isoformat()}\n")
    with pytest.raises(UsageError, match="was revoked"):
        start_demo(tmp_path, "host", "zh", NOW + timedelta(days=1))


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot be written"):
        start_workspace(tmp_path / "file" / "w", "x", "zh")
