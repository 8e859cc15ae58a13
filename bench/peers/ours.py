"""``python -m bench.peers.ours WORKSPACE``: asks every host the questions of WORKSPACE/questions.json, ten at once."""

import json
import os
import sys
from contextlib import nullcontext
from pathlib import Path

from secaudit.collect import Means, Turns, visit_all, visit_asset
from secaudit.model.evidence import Probe
from secaudit.model.pace import Pace
from secaudit.model.run import AssetPlan
from secaudit.register import load_register
from secaudit.transport import Secrets, Transports

FORKS = 10


def answered(folder: Path) -> int:
    """How many questions got an answer."""
    questions = json.loads((folder / "questions.json").read_text())
    probes = tuple(Probe(asked["id"], asked["command"], asked["root"]) for asked in questions)
    systems = load_register(folder).systems
    assets = [asset for system in systems for asset in system.assets]
    owed = [(AssetPlan(systems[0].id, asset.id, probes, (), ""), asset) for asset in assets]
    secrets = Secrets(assets, os.environ)
    means = Means(
        alone=lambda _asset: nullcontext(),
        allow=lambda plan: plan,
        open_transport=Transports(folder, secrets).open,
        visit=visit_asset,
    )
    visits = visit_all(Turns(owed, Pace()), means, FORKS)
    return sum(seen.gap is None for visited in visits for seen in visited.observations)


if __name__ == "__main__":
    print(answered(Path(sys.argv[1])))
