"""Night after night: hosts whose evidence is that of a real one, each with its own, of which a little changes."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import yaml

from bench import big_system
from secaudit.audit import Asked, make_plan
from secaudit.cli.wiring import load_rules, open_workspace
from secaudit.model.evidence import Observation, Visit
from secaudit.model.result import Result
from secaudit.model.run import AssetPlan, Expected, Run, RunState
from secaudit.register.starting import start_workspace

BEGIN: Final = datetime.now(UTC).replace(hour=15, minute=0, second=0, microsecond=0) - timedelta(days=366)
# what a visit itself changes on a host that nobody touches: who logged in last, and which processes there are
VOLATILE: Final = ("accounts.last_logins", "processes.names")
# of a hundred hosts so many have one verdict more that is another than the night before
TOUCHED: Final = 3


def make(folder: Path, hosts: int) -> None:
    """A workspace with a system of that many Linux hosts."""
    start_workspace(folder, "bench", "zh")
    listed = [_asset(number) for number in range(1, hosts + 1)]
    system = {"id": big_system.SYSTEM, "name": "大系统", "organisation": "office", "grade": "S3A3G3"}
    text = yaml.safe_dump({**system, "assets": listed}, allow_unicode=True)
    (folder / "systems" / f"{big_system.SYSTEM}.yaml").write_text(text, encoding="utf-8")


def _asset(number: int) -> dict[str, Any]:
    reach = {"transport": "ssh", "user": "audit", "agent": True}
    return {
        "id": f"h{number}",
        "kind": "linux",
        "name": f"主机 {number}",
        "address": f"10.0.0.{number}",
        "reach": reach,
    }


def nights(
    folder: Path, evidence: Sequence[Observation], count: int, touched: int = TOUCHED
) -> Iterator[int]:
    """Stores night after night and yields the size of the database in bytes after each."""
    opened, rules = open_workspace(folder), load_rules(folder)
    plan = make_plan(opened.register, rules.content, rules.facts, Asked(), lambda _system, _asset: None)
    database = folder / "secaudit.db"
    for night in range(count):
        began = BEGIN + timedelta(days=night)
        run = Run(f"night-{night:03}", RunState.RUNNING, began, None, plan, rules.versions)
        with opened.open_store() as store:
            store.create_run(run)
            for planned in plan.assets:
                visit = _visit(run, planned, [_answer(one, planned.asset_id, night) for one in evidence])
                store.save_visit(run.id, visit, list(_results(planned, night, touched)))
            store.finish_run(run.id, RunState.COMPLETE, began + timedelta(minutes=20))
        yield database.stat().st_size


def _visit(run: Run, planned: AssetPlan, answers: Sequence[Observation]) -> Visit:
    begin = run.started_at
    return Visit(planned.asset_id, begin, begin + timedelta(seconds=9), begin, "", tuple(answers))


def _answer(one: Observation, host: str, night: int) -> Observation:
    own = f"\n# {host}" + (f" {_drawn(host, one.probe_id, night)}" if one.probe_id in VOLATILE else "")
    return replace(one, output=one.output + own.encode())


def _results(planned: AssetPlan, night: int, touched: int) -> Iterator[Result]:
    """Verdicts that are drawn once a host; one after the other is drawn anew on the nights on which it is touched."""
    host = planned.asset_id
    anew = {
        _drawn(host, "which", past) % len(planned.expected): past
        for past in range(1, night + 1)
        if _drawn(host, "touched", past) % 100 < touched
    }
    for number, expected in enumerate(planned.expected):
        yield _result(f"{host}/{anew[number]}" if number in anew else host, host, expected)


@lru_cache(maxsize=100_000)
def _result(seed: str, asset_id: str, expected: Expected) -> Result:
    return replace(big_system.result(seed, expected), asset_id=asset_id, object_id=expected.object_id)


@lru_cache(maxsize=100_000)
def _drawn(*parts: object) -> int:
    return int.from_bytes(hashlib.sha256(repr(parts).encode()).digest()[:4])
