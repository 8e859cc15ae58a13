"""``python -m bench.agreement [table]``: asks all sides (eight minutes, root, the lab), or only makes the page anew."""

import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench.agreement import answers, questions, tools
from bench.agreement.sides import run_lynis, run_oscap
from bench.agreement.table import page
from bench.figures import NotHere
from bench.hosts import scene_of
from tests.lab.audits import scan
from tests.left_out import reasons

HERE = Path(__file__).parent
# h1 hardened (h4 is its clock), h2 plain, h3 full of faults, h11 of an older release; the others with what overrides
HOSTS = ("h1", "h2", "h3", "h4", "h11", "h51", "h54", "h57", "h58")
KEPT = HERE / "answers.json"
PAGE = HERE / "RESULTS.md"
# where the page says when it was made and with what
MADE_LINE = 2
# all of what was said; the mapping decides what is kept in the tree
WHOLE = tools.FOLDER / "answers.json"
MADE = tools.FOLDER / "made"


def ask() -> None:
    """Every side on every host: secaudit first, then the others, which leave files there. Raises NotHere."""
    tools.fetch()
    with scene_of(HOSTS) as scene:
        audit = scan(scene.folder)
        hosts = []
        for name, host in scene.lab.hosts.items():
            tools.install(host.root)
            verdicts = {result.check_id: result.verdict for result in audit.records[name].results}
            faults = " ".join(sorted(host.faults)) or "nothing"
            said = run_oscap(scene.lab, host), run_lynis(scene.lab, host)
            hosts.append(answers.Host(name, host.release, faults, verdicts, *said))
            print(f"{name}: {len(said[0])} rules, {len(said[1].ran)} tests", flush=True)
    every = frozenset(rule for host in hosts for rule in host.oscap)
    tests = frozenset(test for host in hosts for test in _tests(host))
    _put(WHOLE, answers.text(hosts, every, tests))
    MADE.write_text(f"{datetime.now(UTC):%Y-%m-%d}, {tools.versions()}.")


def _tests(host: answers.Host) -> Iterator[str]:
    yield from host.lynis.ran
    yield from host.lynis.remarks


def table() -> None:
    """Make the page and what is kept beside it, both before either is written. Raises NotHere."""
    asked = questions.read()
    read, made = _said()
    if missing := [name for name in HOSTS if name not in read]:
        raise NotHere(f"nothing was said on {', '.join(missing)}: ask again")
    hosts = [read[name] for name in HOSTS]
    lines = page(asked, hosts, reasons.read("not_compared").reasons, made)
    told = "\n".join(lines) + "\n"
    _put(KEPT, answers.text(hosts, questions.rules_of(asked), questions.tests_of(asked)))
    _put(PAGE, told)


def _said() -> tuple[dict[str, answers.Host], str]:
    """Host → answers, and the line on when and with what; without those of this machine what the tree keeps."""
    if WHOLE.exists() and MADE.exists():
        return answers.read(WHOLE), MADE.read_text()
    print(f"from {KEPT.name} of the tree: what nobody asked then stays undecided", file=sys.stderr)
    return answers.read(KEPT), PAGE.read_text().splitlines()[MADE_LINE]


def _put(file: Path, text: str) -> None:
    """Whole or not at all."""
    beside = file.with_name(f".{file.name}.new")
    beside.write_text(text)
    beside.replace(file)


def main(words: Sequence[str]) -> int:
    """The command; 2 where this machine cannot ask."""
    try:
        if "table" not in words:
            ask()
        table()
    except NotHere as reason:
        print(f"not here: {reason}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
