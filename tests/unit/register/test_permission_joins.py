"""Mistakes in authorisations and blackout periods, with file, line and field."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.unit.register.workspaces import SYSTEM, WORKSPACE, make, problems_in

ZONED = SYSTEM.replace("address: 192.0.2.1\n", "address: 192.0.2.1\n    zone: dmz\n")
UNTIL = (datetime.now(UTC) + timedelta(days=9)).date().isoformat()
ALLOWED = f"""\
id: a1
systems: [portal]
approver: 甲
document: 1号
valid_from: 2026-01-01
valid_until: {UNTIL}
"""


def said(folder: Path) -> list[str]:
    """The mistakes as they are told."""
    return [str(problem) for problem in problems_in(folder)]


def test_scope_and_windows_are_read(tmp_path: Path) -> None:
    more = 'zones: [dmz]\nkinds: [linux]\nwindows:\n  - {days: 周一至周五, from: "22:00", until: "05:00"}\n'
    assert said(make(tmp_path, ZONED, a1=ALLOWED + more)) == []


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (
            "zones: [dnz]",
            "7: zones[0]: a zone that an asset of these systems has expected, like dmz (read: 'dnz')",
        ),
        ("kinds: [linus]", "7: kinds[0]: a kind of asset expected, like linux"),
        ("kinds: [database]", "7: kinds[0]: a kind that an asset of these systems has expected, like linux"),
        ("windows: [{days: mo-fri, from: '22:00', until: '05:00'}]", "7: windows[0].days: days like mon-fri"),
        ("windows: [{days: mon, from: '22', until: '05:00'}]", "7: windows[0].from: an hour like 22:00"),
        ("windows: [{days: mon, from: '22:00', until: '22:00'}]", "7: windows[0]: hours from 00:00"),
        ("windows: [{days: mon, from: '22:00'}]", "7: windows[0].until: is required"),
        ("windows: [mon]", "7: windows[0]: keys with values expected"),
        ("file: ../x.pdf", "7: file: a path inside the workspace expected"),
        ("file: /etc/passwd", "7: file: a path inside the workspace expected"),
        ("file: x.pdf", "7: file: file and file_sha256 expected together"),
        ("file_sha256: abc", "7: file_sha256: a SHA-256 of 64"),
    ],
)
def test_a_mistake_is_named_with_its_place(tmp_path: Path, line: str, told: str) -> None:
    problems = said(make(tmp_path, ZONED, a1=f"{ALLOWED}{line}\n"))
    assert any(problem.startswith(f"authorisations/a1.yaml:{told}") for problem in problems), problems


def test_a_window_that_never_opens_is_a_mistake(tmp_path: Path) -> None:
    text = ALLOWED.replace("2026-01-01", "2126-06-03").replace(UNTIL, "2126-06-05")  # Monday to Wednesday
    window = 'windows: [{days: "sat,sun", from: "22:00", until: "23:00"}]\n'
    (problem,) = said(make(tmp_path, ZONED, a1=text + window))
    assert problem.startswith("authorisations/a1.yaml:7: windows: a window that opens between")


def test_until_before_from_is_a_mistake(tmp_path: Path) -> None:
    (problem,) = said(make(tmp_path, ZONED, a1=ALLOWED.replace("2026-01-01", "2126-01-01")))
    assert problem.startswith("authorisations/a1.yaml:6: valid_until: a time after 2126-01-01 expected")


def test_what_is_over_may_name_what_is_gone(tmp_path: Path) -> None:
    ended = ALLOWED.replace(UNTIL, "2026-01-31") + "zones: [gone]\n"
    revoked = ALLOWED.replace("a1", "a2") + "zones: [gone]\nrevoked_at: 2026-02-01\n"
    assert said(make(tmp_path, ZONED, a1=ended, a2=revoked)) == []


def test_a_blackout_names_what_is_there(tmp_path: Path) -> None:
    lines = "  - {start: 2026-01-01, end: 2026-01-02, reason: 重保, systems: [portla], zones: [dnz]}\n"
    settings = f"{WORKSPACE}blackouts:\n{lines}"
    first, second = said(make(tmp_path, ZONED, settings=settings))
    assert first.startswith(
        "secaudit.yaml:5: blackouts[0].systems[0]: the id of a registered system expected, like"
    )
    assert second.startswith("secaudit.yaml:5: blackouts[0].zones[0]: a zone")
    fine = settings.replace("portla", "portal").replace("dnz", "dmz")
    assert said(make(tmp_path, ZONED, settings=fine)) == []
