"""A night in which nothing changed costs next to nothing."""

from pathlib import Path

from tests.lab.audits import scan
from tests.lab.hosts import Lab
from tests.lab.workspace import DATABASE, write

TEN = tuple(f"h{n}" for n in range(1, 11))


def size_bytes(workspace: Path) -> int:
    """The database with its write-ahead log."""
    return sum(file.stat().st_size for file in workspace.glob(f"{DATABASE}*"))


def test_an_unchanged_second_scan_adds_at_most_three_hundredths(lab: Lab, tmp_path: Path) -> None:
    workspace = write(tmp_path / "workspace", lab, TEN)
    first = scan(workspace)
    before = size_bytes(workspace)
    second = scan(workspace)
    assert second.run != first.run
    assert {k: r.verdict for k, r in second.results.items()} == {
        k: r.verdict for k, r in first.results.items()
    }
    assert size_bytes(workspace) - before <= before * 0.03
