"""Assessing a large system: processor time and memory of the command, and whether a result costs more among many."""

import os
import sys
import tempfile
from pathlib import Path

from bench import big_system
from bench.figures import Row, Target
from bench.timing import Ended, program, spent
from secaudit.assess import assess as assess_system
from secaudit.assess import catalogue_for
from secaudit.cli.wiring import load_rules, open_workspace

FEW = 10
MANY = 1000
LIMIT_S = 60
LIMIT_MB = 500
FLAT = 1.2
ASSESSED = (0, 6)  # 6: something is open


def assess() -> tuple[Row, ...]:
    """A run of many assets and one of few, each in a workspace of its own."""
    with tempfile.TemporaryDirectory() as name:
        few, many = Path(name, "few"), Path(name, "many")
        of_few, of_many = big_system.make(few, FEW), big_system.make(many, MANY)
        ended = _command(many)
        each_of_few = _micros(few, FEW) / of_few
        each_of_many = _micros(many, 3) / of_many
    what = f"assess a level-3 system of {MANY:,} assets, {of_many:,} results"
    peak_mb = ended.peak_bytes / 1e6
    ratio = each_of_many / each_of_few
    return (
        Row(
            f"processor time to {what}", f"{ended.cpu_s:.1f} s", "absolute", ended.cpu_s, Target(LIMIT_S, "s")
        ),
        Row(f"peak memory to {what}", f"{peak_mb:.0f} MB", "absolute", peak_mb, Target(LIMIT_MB, "MB")),
        Row(
            f"processor time of a result in an assessment of {MANY:,} assets",
            f"{each_of_many:.0f} µs",
            f"{FEW} assets: {each_of_few:.0f} µs",
            ratio,
            Target(FLAT),
        ),
    )


def _command(folder: Path) -> Ended:
    command = [sys.executable, "-m", "secaudit", "--workspace", str(folder), "assess", big_system.SYSTEM]
    here = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    ended = program([*command, "--format", "json"], folder, here)
    assert ended.code in ASSESSED, (folder / "output").read_text(encoding="utf-8")[-2000:]
    return ended


def _micros(folder: Path, rounds: int) -> float:
    """Reading the run and assessing it, of several rounds the fastest: what disturbs only adds."""
    rules = load_rules(folder)
    with open_workspace(folder).open_store() as store:
        (system,) = store.run(big_system.RUN).plan.systems
        catalogue = catalogue_for(rules.content.catalogues, system.grade)

        def assessed() -> None:
            assess_system(system, catalogue, rules.content.checks, store.records(big_system.RUN))

        return 1e6 * min(spent(assessed).cpu_s for _ in range(rounds))
