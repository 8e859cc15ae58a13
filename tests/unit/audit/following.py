"""Runs to follow, of two hosts on which one account's password never expires until it does."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from secaudit.assess.findings import Rulebook
from secaudit.audit.follow import Ground
from secaudit.model.content import Check, Severity
from secaudit.model.evidence import Visit
from secaudit.model.finding import Finding
from secaudit.model.result import Offender, Result, Verdict
from secaudit.model.run import RunState
from secaudit.model.text import Text
from secaudit.store import Store
from tests.unit.store import samples

TITLE = Text("口令最长使用期限", "Maximum password age")
CHECK = "linux.a"
RULES = Rulebook({CHECK: Check(CHECK, TITLE, Severity.MEDIUM, "linux", (), TITLE)})


def night(number: float) -> datetime:
    """When the run of that night began."""
    return samples.START + timedelta(days=number)


LATE = night(99)


def ground(now: datetime = LATE, hosts: Sequence[str] = ("h1", "h2"), **changed: object) -> Ground:
    """What following rests on."""
    return replace(Ground({"oa": set(hosts)}, RULES, (), now), **changed)  # type: ignore[arg-type]


def result(asset: str, verdict: Verdict, *offenders: str) -> Result:
    """A verdict with offenders."""
    seen = tuple(Offender(one, Text("永不过期", "never expires"), Text("90", "90")) for one in offenders)
    return Result(CHECK, asset, asset, verdict, seen)


def fail(*offenders: str) -> tuple[Verdict, tuple[str, ...]]:
    """A failure of these."""
    return Verdict.FAIL, offenders or ("root",)


PASS = (Verdict.PASS, ())
Shown = tuple[Verdict, tuple[str, ...]]


def audit(
    store: Store,
    number: float,
    shown: Mapping[str, Shown],
    *,
    state: RunState = RunState.COMPLETE,
    at: Mapping[str, datetime] | None = None,
    name: str = "",
) -> str:
    """Store the run of a night: what each host that it visited showed, and when, where that is not that night."""
    run_id = name or f"r{number}"
    store.create_run(samples.run(run_id, started_at=night(number)))
    for asset, one in shown.items():
        visit(store, run_id, asset, (at or {}).get(asset, night(number)), one)
    store.finish_run(run_id, state, night(number))
    return run_id


def visit(store: Store, run_id: str, asset: str, at: datetime, shown: Shown) -> None:
    """Store one visit."""
    verdict, offenders = shown
    went = Visit(asset, at, at, at, samples.AUTHORISATION.id, samples.visit(asset).observations)
    store.save_visit(run_id, went, [result(asset, verdict, *offenders)])


def found(store: Store) -> dict[tuple[str, str], Finding]:
    """(asset, offender) → the finding with its history."""
    numbers = [one.number for one in store.findings.all()]
    return {(one.asset, one.offender): one for one in map(store.findings.with_history, numbers)}


def told(store: Store) -> dict[str, list[str]]:
    """``h1 root`` → what happened to it, in short."""
    return {
        f"{asset} {offender}".strip(): [
            " ".join(filter(None, (event.kind.value, event.run))) for event in one.history
        ]
        for (asset, offender), one in found(store).items()
    }
