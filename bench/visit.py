"""A visit against a bare connection that runs the same script on the same host: processor time and, from afar, time."""

import ctypes
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from bench.bare import bare_visit, script_of
from bench.figures import Row, Target
from bench.hosts import Scene
from bench.timing import Spent, in_turn
from secaudit.collect import visit_asset
from secaudit.model.evidence import Visit
from secaudit.transport import Transports

CPU_ROUNDS = 30
FAR_ROUNDS = 15
FAR_MS = 20

T = TypeVar("T")


def visit(scene: Scene) -> tuple[Row, ...]:
    """Processor time of the controller."""
    ours, bare = _both(scene, CPU_ROUNDS)
    what = "processor time of a visit"
    shown = f"a bare paramiko exec of the same script: {_ms(bare.cpu_s)}"
    return (Row(what, _ms(ours.cpu_s), shown, ours.cpu_s / bare.cpu_s, Target(1.3)),)


def far(scene: Scene) -> tuple[Row, ...]:
    """Time on the wall where every packet takes its time."""
    ours, bare = _in_network(scene.lab.delay(FAR_MS), lambda: _both(scene, FAR_ROUNDS))
    what = f"duration of a visit with {FAR_MS} ms of delay"
    shown = f"a bare paramiko exec of the same script: {_ms(bare.wall_s)}"
    return (Row(what, _ms(ours.wall_s), shown, ours.wall_s / bare.wall_s, Target(1.2)),)


def _both(scene: Scene, rounds: int) -> tuple[Spent, Spent]:
    planned, asset = scene.owed()[0]
    script, key = script_of(planned.probes, asset), scene.key()
    transports = Transports(scene.folder, scene.secrets)  # of a run: known_hosts is read once

    def ours() -> None:
        _whole(visit_asset(planned, asset, transports.open(asset)))

    return in_turn(ours, lambda: bare_visit(asset, key, script), rounds)


def _whole(visited: Visit) -> None:
    """A visit that failed is fast."""
    assert visited.gap is None, visited.gap
    assert sum(answer.gap is None for answer in visited.observations) > len(visited.observations) * 0.9


def _in_network(name: str, work: Callable[[], T]) -> T:
    """Do it in a network namespace (setns(2) moves one thread, and those that it begins)."""

    def entered() -> T:
        with Path("/run/netns", name).open() as namespace:
            if ctypes.CDLL(None, use_errno=True).setns(namespace.fileno(), 0):
                raise OSError(ctypes.get_errno(), f"setns {name}")
        return work()

    with ThreadPoolExecutor(1) as threads:
        return threads.submit(entered).result()


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"
