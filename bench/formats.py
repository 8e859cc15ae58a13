"""The formats of a report of a large system: processor time, memory, size, and what a browser makes of the page."""

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from shutil import which
from typing import Final

from bench import big_system
from bench.figures import Row, Target
from bench.timing import Ended, program
from tests.browser import page

ASSETS: Final = 1000
LIMITS_S: Final = {"json": 60, "csv": 60, "xlsx": 60, "html": 60, "docx": 120}
LIMIT_MB: Final = 500
IN_MEMORY: Final = ("json", "csv", "xlsx")
PAGE_MB: Final = 20
PAGE_S: Final = 2
MOMENT: Final = (
    "(form => { const from = performance.now(); form.elements.text.value = 'a501';"
    " form.dispatchEvent(new Event('input')); return performance.now() - from; })"
    "(document.querySelector('form[data-for=problem]'))"
)


def formats() -> tuple[Row, ...]:
    """A report of a run of many assets in every format, each by a command of its own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "many")
        results = big_system.make(folder, ASSETS)
        return tuple(_rows(folder, f"{ASSETS:,} assets, {results:,} results"))


def _rows(folder: Path, what: str) -> Iterator[Row]:
    for form, limit_s in LIMITS_S.items():
        ended = _written(folder, form)
        cpu, peak = ended.cpu_s, ended.peak_bytes / 1e6
        yield Row(
            f"processor time of a report as {form}, {what}",
            f"{cpu:.1f} s",
            "absolute",
            cpu,
            Target(limit_s, "s"),
        )
        if form in IN_MEMORY:
            yield Row(
                f"peak memory of a report as {form}",
                f"{peak:.0f} MB",
                "absolute",
                peak,
                Target(LIMIT_MB, "MB"),
            )
    file = folder / "out" / f"{big_system.SYSTEM}-{big_system.RUN}.html"
    size = file.stat().st_size / 1e6
    yield Row("size of the html report", f"{size:.1f} MB", "absolute", size, Target(PAGE_MB, "MB"))
    if chromium := which("chromium"):
        spent, moment = _opened(chromium, file, folder / "profile")
        yield Row(
            f"processor time of Chromium until it can be used; a search then {moment:.0f} ms",
            f"{spent:.2f} s",
            "absolute",
            spent,
            Target(PAGE_S, "s"),
        )


def _written(folder: Path, form: str) -> Ended:
    command = [sys.executable, "-m", "secaudit", "--workspace", str(folder), "report", big_system.SYSTEM]
    here = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    ended = program([*command, "--format", form, "--out", str(folder / "out")], folder, here)
    assert ended.code == 0, (folder / "output").read_text(encoding="utf-8")[-2000:]
    return ended


def _opened(chromium: str, file: Path, profile: Path) -> tuple[float, float]:
    """Seconds of the page's thread until it is loaded, milliseconds of a search in it."""
    with page(chromium, profile) as opened:
        opened.call("Performance.enable", timeDomain="threadTicks")
        opened.open(file)
        metrics = opened.call("Performance.getMetrics")["metrics"]
        spent = next(one["value"] for one in metrics if one["name"] == "TaskDuration")
        return spent, opened.run(MOMENT)
