"""A workspace with one level-3 system of many assets, and a run of it in the store: what an assessment reads."""

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import yaml

from secaudit.audit import Asked, make_plan
from secaudit.cli.wiring import load_rules, open_workspace
from secaudit.model.evidence import Gap, GapReason, Visit
from secaudit.model.result import Offender, Result, Verdict
from secaudit.model.run import Expected, Run, RunState
from secaudit.model.text import Text
from secaudit.register.starting import start_workspace

SYSTEM: Final = "big"
RUN: Final = "r1"
# Of 100 assets so many are of another kind than linux, as registers of offices have them.
OTHERS: Final = {"network-device": 4, "security-device": 2, "database": 2, "application": 1}
# How often each verdict is given, of 100: what nights show of hosts that somebody looks after.
SHARES: Final = {
    Verdict.PASS: 66,
    Verdict.FAIL: 12,
    Verdict.NOT_APPLICABLE: 13,
    Verdict.PARTIAL: 2,
    Verdict.UNKNOWN: 4,
    Verdict.MANUAL: 3,
}
WORDS: Final = tuple(verdict for verdict, share in SHARES.items() for _each in range(share))


def make(folder: Path, assets: int) -> int:
    """The workspace with a run of all assets; returns how many results it has."""
    start_workspace(folder, "bench", "zh")
    system = {"id": SYSTEM, "name": "大系统", "organisation": "office", "grade": "S3A3G3"}
    listed = [_asset(number) for number in range(1, assets + 1)]
    text = yaml.safe_dump({**system, "assets": listed}, allow_unicode=True)
    (folder / "systems" / f"{SYSTEM}.yaml").write_text(text, encoding="utf-8")
    opened, rules = open_workspace(folder), load_rules(folder)
    plan = make_plan(opened.register, rules.content, rules.facts, Asked(), lambda _system, _asset: None)
    began = datetime.now(UTC)
    made = 0
    with opened.open_store() as store:
        store.create_run(Run(RUN, RunState.RUNNING, began, None, plan, rules.versions))
        for planned in plan.assets:
            results = [result(planned.asset_id, expected) for expected in planned.expected]
            visit = Visit(planned.asset_id, began, began + timedelta(seconds=2), began, "", ())
            store.save_visit(RUN, visit, results)
            made += len(results)
        store.finish_run(RUN, RunState.COMPLETE, began + timedelta(minutes=1))
    return made


def _asset(number: int) -> dict[str, Any]:
    kinds = [kind for kind, share in OTHERS.items() for _each in range(share)]
    place = number * 37 % 100  # 37 goes through all hundred: they lie apart
    kind = kinds[place] if place < len(kinds) else "linux"
    asset = {"id": f"a{number}", "kind": kind, "name": f"资产 {number}"}
    reach = {"transport": "ssh", "user": "audit", "agent": True}
    return (
        asset | {"address": f"10.0.{number // 250}.{number % 250}", "reach": reach}
        if kind == "linux"
        else asset
    )


def result(asset_id: str, expected: Expected) -> Result:
    """The same every time, and no two assets alike."""
    drawn = int.from_bytes(hashlib.sha256(f"{asset_id} {expected.check_id}".encode()).digest()[:4])
    verdict = WORDS[drawn % len(WORDS)]
    failed = verdict in (Verdict.FAIL, Verdict.PARTIAL)
    offenders = tuple(
        Offender(f"item-{drawn % 997}-{n}", Text(f"实为 {n}", f"is {n}"), Text("应为 0", "0 expected"))
        for n in range(1 + drawn % 4 if failed else 0)
    )
    gap = Gap(GapReason.NEEDS_ROOT, "cat /etc/shadow") if verdict is Verdict.UNKNOWN else None
    return Result(
        *(expected.check_id, asset_id, expected.object_id, verdict, offenders, gap),
        gap_source="accounts" if gap else "",
        facts=("accounts", "os"),
        probes=("accounts.passwd", "os.release"),
    )
