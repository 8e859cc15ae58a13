"""Facts and verdicts of one host: processor time of one core."""

import statistics

from bench.figures import Row, Target
from bench.hosts import Scene
from bench.timing import spent
from secaudit.audit.judging import judge_evidence, moment_of
from secaudit.collect import visit_asset
from secaudit.transport import open_transport

ROUNDS = 15


def judging(scene: Scene) -> tuple[Row, ...]:
    """The median of many rounds on the answers of one visit, after one that does not count."""
    planned, asset = scene.owed()[0]
    visited = visit_asset(planned, asset, open_transport(asset, scene.folder, scene.secrets))
    assert visited.gap is None, visited.gap
    subject, moment = scene.subjects[asset.id], moment_of(visited)

    def judged() -> None:
        judge_evidence(subject, planned.expected, visited.observations, moment, scene.rules)

    rounds = [spent(judged).cpu_s for _ in range(ROUNDS + 1)][1:]
    took_ms = 1000 * statistics.median(rounds)
    what = f"processor time of facts and {len(planned.expected)} verdicts of a host"
    return (Row(what, f"{took_ms:.0f} ms", "absolute", took_ms, Target(150, "ms")),)
