"""What is no mistake and yet worth a look."""

from pathlib import Path

from secaudit.register import load_register
from secaudit.register.notes import notes_on
from tests.unit.register.workspaces import SYSTEM, make

COMPLETE = (
    SYSTEM
    + """\
filing_number: 11010099999-00001
data_sets: [{id: d, name: D, asset: web1, method: m, rpo_h: 1, rto_h: 1}]
"""
)


def _notes(folder: Path, *systems: str) -> tuple[str, ...]:
    return notes_on(load_register(make(folder, *systems)))


def test_a_complete_system_has_none(tmp_path: Path) -> None:
    assert _notes(tmp_path, COMPLETE) == ()


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
