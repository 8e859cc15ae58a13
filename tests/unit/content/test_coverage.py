"""Which steps checks prove."""

from collections import Counter

from secaudit.content.coverage import coverage
from tests.unit.content.samples import CHECK, ID, Folder


def test_coverage_counts_every_step_once(folder: Folder) -> None:
    folder.write(CHECK)
    content = folder.load()
    rows = list(coverage(content.catalogues[3], content.checks.values()))
    assert len(rows) == 392
    assert {row.step.id: row.checks for row in rows}["ces.authentication.a#4"] == (ID,)
    counts = Counter(row.state for row in rows)
    assert counts["machine"] + counts["part"] == 1
    assert counts.total() == 392


def test_only_checks_of_the_level_and_the_kind_count(folder: Folder) -> None:
    folder.write(CHECK)
    content = folder.load()
    checks = list(content.checks.values())
    assert not any(row.checks for row in coverage(content.catalogues[1], checks))
    assert not any(row.checks for row in coverage(content.catalogues[3], checks, "windows"))
    on_linux = list(coverage(content.catalogues[3], checks, "linux"))
    assert all("linux" in row.step.kinds for row in on_linux)
    assert sum(bool(row.checks) for row in on_linux) == 1
