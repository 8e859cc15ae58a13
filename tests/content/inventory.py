"""What is under watch: the checks of each level, ids that are gone, machine steps that no check proves yet.

``python -m tests.content.inventory`` writes the files anew; the difference in git is what is reviewed.
"""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from secaudit.content import Content, content_folders, load_content
from secaudit.content.catalogue import LEVELS
from secaudit.content.coverage import coverage
from secaudit.facts.catalogue import BUILT_IN
from secaudit.model.content import SeenBy
from tests.content import coverage_page, families_page

HERE = Path(__file__).parent
SNAPSHOTS = HERE / "snapshots"
RETIRED = HERE / "retired_ids.txt"
OPEN_STEPS = HERE / "open_machine_steps.txt"
KIND = "linux"


@cache
def shipped() -> Content:
    """All shipped content with every expression typed, which takes seconds: once a process."""
    schemas = {name: fact.schema for name, fact in BUILT_IN.items()}
    return load_content(content_folders(), schemas, type_all=True)


def of_linux() -> frozenset[str]:
    """The checks of Linux hosts, at any level."""
    return frozenset(check.id for check in shipped().checks.values() if check.applies_to == KIND)


def snapshot(level: int) -> Path:
    """The file with the check list of a level."""
    return SNAPSHOTS / f"level-{level}.txt"


def checks_of(content: Content, level: int) -> list[str]:
    """The ids at a level; an advisory check is marked, because it moves no item."""
    return [
        f"{check.id} (advisory)" if check.advisory else check.id
        for check in sorted(content.checks.values(), key=lambda check: check.id)
        if level in check.levels
    ]


def open_machine_steps(content: Content) -> list[str]:
    """Steps that a machine alone can decide on a Linux host and no check proves: ``level step question``."""
    return [
        f"{level} {row.step.id} {row.step.question.zh}"
        for level in LEVELS
        for row in coverage(content.catalogues[level], content.checks.values(), KIND)
        if row.state == "no_check" and row.step.seen_by is SeenBy.MACHINE
    ]


def lines_of(path: Path) -> list[str]:
    """The lines of a watched file without its comments."""
    if not path.exists():
        return []
    return [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]


def known_ids() -> set[str]:
    """The ids of all snapshots."""
    return {line.split()[0] for level in LEVELS for line in lines_of(snapshot(level))}


def write(path: Path, comment: str, lines: Iterable[str]) -> None:
    """Writes a watched file."""
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(f"{line}\n" for line in (f"# {comment}", *lines)), encoding="utf-8")


def main() -> None:
    """Writes every watched file; ids that are gone since the last time are added to the retired ones."""
    content = shipped()
    gone = sorted({*lines_of(RETIRED), *known_ids()} - set(content.checks))
    write(RETIRED, "Ids that checks once had: never used again.", gone)
    for level in LEVELS:
        write(snapshot(level), f"The checks of level {level}.", checks_of(content, level))
    comment = "Steps that a machine alone can decide on a Linux host and that no check proves yet."
    write(OPEN_STEPS, comment, open_machine_steps(content))
    for language, file in coverage_page.FILES.items():
        file.write_text(coverage_page.page(content, language), encoding="utf-8")
    for language, file in families_page.FILES.items():
        file.write_text(families_page.page(language), encoding="utf-8")
    for language, file in coverage_page.READMES.items():
        shown = file.read_text(encoding="utf-8")
        file.write_text(coverage_page.into_readme(shown, content, language), encoding="utf-8")


if __name__ == "__main__":
    main()
