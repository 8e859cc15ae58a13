"""What is no mistake and yet worth a look."""

from pathlib import Path

import pytest

from secaudit.model.text import Language
from secaudit.register import load_register, load_settings
from secaudit.register.notes import notes_on
from secaudit.register.starting import start_workspace
from secaudit.register.starting_files import OFFICES
from tests.unit.register.workspaces import SYSTEM, make

COMPLETE = (
    SYSTEM
    + """\
filing_number: 11010099999-00001
data_sets: [{id: d, name: D, asset: web1, method: m, rpo_h: 1, rto_h: 1}]
"""
)


def _notes(folder: Path, *systems: str) -> tuple[str, ...]:
    return notes_on(load_register(make(folder, *systems)), "市局")


@pytest.mark.parametrize(("more", "told"), [("", True), ("extensions: [cloud]\n", False)])
def test_a_tenant_owes_the_cloud_extension(tmp_path: Path, more: str, told: bool) -> None:
    notes = _notes(tmp_path, COMPLETE + "platform: {name: 云, provider: [pes]}\n" + more)
    assert ["cloud extension" in note for note in notes] == [True] * told


def test_a_complete_system_has_none(tmp_path: Path) -> None:
    assert _notes(tmp_path, COMPLETE) == ()


@pytest.mark.parametrize(("language", "name"), [("zh", "本单位"), ("en", "Our office")])
def test_a_name_that_nobody_wrote_is_noted(tmp_path: Path, language: Language, name: str) -> None:
    start_workspace(tmp_path / "w", OFFICES[language], language)
    register, office = load_register(tmp_path / "w"), load_settings(tmp_path / "w").office
    assert office == name
    assert [note.split(":")[0] for note in notes_on(register, office)] == [
        f"the office is still called {name}",
        f"organisation office is still called {name}",
    ]


def test_a_system_of_level_1_needs_no_filing_number(tmp_path: Path) -> None:
    first = COMPLETE.replace("S3A3G3", "S1A1G1").replace("filing_number: 11010099999-00001\n", "")
    assert _notes(tmp_path, first) == ()


def test_what_is_missing_is_noted(tmp_path: Path) -> None:
    text = SYSTEM.replace("    reach: {transport: ssh, user: audit, key: agent}\n", "")
    notes = _notes(tmp_path, text)
    assert len(notes) == 3
    assert "no filing_number" in notes[0]
    assert "can be visited" in notes[1]
    assert "no data_sets" in notes[2]


def test_two_assets_behind_one_door_are_noted(tmp_path: Path) -> None:
    other = COMPLETE.replace("portal", "oa").replace("web1", "web2").replace("id: d,", "id: e,")
    assert _notes(tmp_path, COMPLETE, other) == ("assets web1 and web2 have the same address and port",)
    elsewhere = other.replace("key: agent}", "key: agent, port: 2222}")
    assert _notes(tmp_path, COMPLETE, elsewhere) == ()
