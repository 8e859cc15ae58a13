"""Hosts of the lab to measure against, and a workspace that registers them."""

import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import paramiko

from bench.figures import NotHere
from secaudit.audit import Asked, Rules, Subject, make_plan
from secaudit.audit.judging import subjects_of
from secaudit.cli.visiting import secrets_of
from secaudit.cli.wiring import load_rules, open_workspace
from secaudit.model.register import Asset
from secaudit.model.run import AssetPlan, Plan
from secaudit.transport import Secrets
from tests.lab import workspace
from tests.lab.hosts import PLAN, Lab, lab_session, why_unavailable

# Debian 12 with Python, which ansible needs there
KIND = "bookworm\thard\t-"


@dataclass(frozen=True, slots=True)
class Scene:
    """A lab that is up, with all that a scan of its hosts needs."""

    lab: Lab
    folder: Path
    rules: Rules
    plan: Plan
    secrets: Secrets

    @property
    def subjects(self) -> dict[str, Subject]:
        """Asset id → what is judged."""
        return subjects_of(self.plan)

    def owed(self) -> list[tuple[AssetPlan, Asset]]:
        """What is asked of each host."""
        subjects = self.subjects
        return [(planned, subjects[planned.asset_id].asset) for planned in self.plan.assets]

    def key(self) -> paramiko.PKey:
        """What opens every host."""
        return paramiko.Ed25519Key.from_private_key_file(str(self.lab.key))


def scene(count: int) -> AbstractContextManager[Scene]:
    """That many hosts, all alike. Raises NotHere."""
    return _scene([f"h{number}\t{KIND}" for number in range(1, count + 1)])


def scene_of(names: Iterable[str]) -> AbstractContextManager[Scene]:
    """Hosts of the lab's own plan, with their faults. Raises NotHere."""
    planned = {row.split()[0]: row for row in PLAN.read_text().splitlines() if row}
    return _scene([planned[name] for name in names])


@contextmanager
def _scene(rows: Sequence[str]) -> Iterator[Scene]:
    reason = why_unavailable()
    if reason:
        raise NotHere(reason)
    with tempfile.TemporaryDirectory(prefix="secaudit-bench-") as folder:
        plan = Path(folder, "plan.tsv")
        plan.write_text("".join(f"{row}\n" for row in rows))
        with _planned(plan), lab_session() as lab:
            yield _furnished(lab, Path(folder, "workspace"))


@contextmanager
def _planned(plan: Path) -> Iterator[None]:
    """The lab's hosts are those of this plan, until then."""
    before = os.environ.get("LAB_PLAN")
    os.environ["LAB_PLAN"] = str(plan)
    try:
        yield
    finally:
        del os.environ["LAB_PLAN"]
        if before is not None:
            os.environ["LAB_PLAN"] = before


def _furnished(lab: Lab, folder: Path) -> Scene:
    workspace.write(folder, lab, lab.hosts, port_scan=False)
    opened, rules = open_workspace(folder), load_rules(folder)
    plan = make_plan(opened.register, rules.content, rules.facts, Asked(), opened.authorise)
    return Scene(lab, folder, rules, plan, secrets_of(plan))
