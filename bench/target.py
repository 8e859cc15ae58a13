"""What the whole script of a level-3 host costs that host, against ``lynis audit system`` there."""

import statistics
from collections.abc import Callable, Sequence
from functools import partial

from bench.agreement import tools
from bench.bare import script_of
from bench.charge import charged_s
from bench.figures import Row, Target
from bench.hosts import Scene
from secaudit.collect.script import COMMAND
from secaudit.model.evidence import Probe
from tests.lab.hosts import LabHost

ROUNDS = 3
LYNIS = ("lynis", "audit", "system", "--quick", "--no-colors")
# of the table by probe, those that cost most
SHOWN = 25
# as the collector calls root for the commands only that need it
ROOT = 'root() { "$@"; }\n'


def target(scene: Scene) -> tuple[Row, ...]:
    """Processor time of the host; prints a table of the dearest probes."""
    tools.fetch()
    planned, asset = scene.owed()[0]
    host = scene.lab.host(asset.id)
    light = [probe for probe in planned.probes if not probe.heavy]
    inside = partial(_inside, host)
    print(*by_probe(planned.probes, inside), sep="\n")
    rounds = [charged_s(inside(COMMAND), script_of(light, asset)) for _ in range(ROUNDS)]
    tools.install(host.root)
    lynis_s = charged_s((*_entered(host), *LYNIS))
    return _rows(statistics.median(rounds), lynis_s, len(light))


def by_probe(probes: Sequence[Probe], inside: Callable[[str], Sequence[str]]) -> list[str]:
    """Probe and milliseconds, the dearest first; the heavy ones are marked."""
    base_ms = _alone_ms(Probe("none", ":"), inside)
    cost = {probe: _alone_ms(probe, inside) - base_ms for probe in probes}
    dear = sorted(cost.items(), key=lambda one: -one[1])
    lines = [f"{ms:7.0f} ms  {probe.id}{' (heavy)' if probe.heavy else ''}" for probe, ms in dear[:SHOWN]]
    return [
        *lines,
        f"{sum(cost.values()):7.0f} ms  {len(probes)} probes, each as a shell of its own above an empty one",
    ]


def _alone_ms(probe: Probe, inside: Callable[[str], Sequence[str]]) -> float:
    return 1000 * min(charged_s(inside(ROOT + probe.command)) for _ in range(ROUNDS))


def _rows(ours_s: float, lynis_s: float, probes: int) -> tuple[Row, ...]:
    what = f"processor time of the target, {probes} probes of a level-3 host without file searches"
    against = f"`{' '.join(LYNIS)}`: {lynis_s:.1f} s"
    return (
        Row(what, f"{ours_s:.2f} s", "absolute", ours_s, Target(2.5, "s")),
        Row(what, f"{ours_s:.2f} s", against, ours_s / lynis_s, Target(0.2)),
    )


def _entered(host: LabHost) -> tuple[str, ...]:
    return ("nsenter", "-t", str(host.init_pid), "-m", "-p", "-n", "-u", "-i", "-r", "-w", "--")


def _inside(host: LabHost, command: str) -> tuple[str, ...]:
    environment = (
        "/usr/bin/env",
        "-i",
        "LC_ALL=C",
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    )
    return (*_entered(host), *environment, "/bin/sh", "-c", command)
