"""What control groups say of processor time."""

from pathlib import Path

import pytest

from bench.charge import _used


@pytest.mark.parametrize(
    ("told", "used"),
    [("123456789\n", 123456789), ("usage_usec 4321\nuser_usec 4000\nsystem_usec 321\n", 4321)],
)
def test_both_versions_of_control_groups_are_read(tmp_path: Path, told: str, used: int) -> None:
    (tmp_path / "file").write_text(told)
    assert _used(tmp_path / "file") == used
