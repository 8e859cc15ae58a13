"""``python -m bench [FIGURE…]``: takes figures and prints their table; that of all is kept in RESULTS.md."""

import os
import platform
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import paramiko

from bench.assess import assess
from bench.figures import HEADING, Measurement, NotHere, Row
from bench.formats import formats
from bench.framing import framing
from bench.history import history
from bench.hosts import Scene, scene
from bench.judging import judging
from bench.memory import memory
from bench.peers.race import peers
from bench.scan import scan
from bench.target import target
from bench.visit import far, visit

RESULTS = Path(__file__).with_name("RESULTS.md")
HOSTS = 10
ON_HOSTS: dict[str, Callable[[Scene], tuple[Row, ...]]] = {
    "visit": visit,
    "scan": scan,
    "far": far,
    "peers": peers,
    "judging": judging,
    "target": target,  # last: it leaves programs on a host
}
ALONE: dict[str, Measurement] = {
    "memory": memory,
    "framing": framing,
    "assess": assess,
    "history": history,
    "formats": formats,
}
ALL = (*ON_HOSTS, *ALONE)


def lines(names: Sequence[str]) -> Iterator[str]:
    """The table, line by line as it is measured; a figure that cannot be taken here says why."""
    yield from HEADING.splitlines()
    on_hosts = [name for name in names if name in ON_HOSTS]
    try:
        if on_hosts:
            with scene(HOSTS) as made:
                for name in on_hosts:
                    yield from _shown(name, partial(ON_HOSTS[name], made))
    except NotHere as reason:
        yield from (f"| {name} | not taken: {reason} | | | | |" for name in on_hosts)
    for name in (name for name in names if name in ALONE):
        yield from _shown(name, ALONE[name])


def _shown(name: str, take: Measurement) -> Iterator[str]:
    try:
        yield from (row.shown() for row in take())
    except NotHere as reason:
        yield f"| {name} | not taken: {reason} | | | | |"


def _where() -> str:
    machine = (
        f"{os.cpu_count()} processors shared by controller and hosts (load average {os.getloadavg()[0]:.0f} before),"
        f" Linux {platform.release()}"
    )
    made_with = f"Python {platform.python_version()}, paramiko {paramiko.__version__}"
    return f"{datetime.now(UTC):%Y-%m-%d}, {machine}, {made_with}. Medians; both sides of a ratio in turn, in one run."


def main(asked: Sequence[str]) -> int:
    """The command; 2 for a figure that there is not."""
    unknown = [name for name in asked if name not in ALL]
    if unknown:
        print(f"no figure {', '.join(unknown)}; there are: {', '.join(ALL)}", file=sys.stderr)
        return 2
    where, table = _where(), []
    for line in lines(asked or ALL):
        print(line, flush=True)
        table.append(line)
    if not asked:
        RESULTS.write_text("\n".join(["# Measured speed", "", where, "", *table, ""]), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
