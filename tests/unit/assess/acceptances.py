"""Acceptances to weigh, and what they are weighed on."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from secaudit.assess.acceptances import Acceptances, Ground, weigh
from secaudit.model.acceptance import Acceptance, AcceptanceKind, Revocation
from secaudit.model.content import Check
from secaudit.model.register import System
from secaudit.register.acceptances import AcceptancesOnRecord
from tests.unit.assess import samples

DAY = date(2026, 11, 28)
STEPS = frozenset({"ces.x.a#1", "ces.x.b#1"})
ONE = Acceptance(
    id="oa-20261101-1",
    system="oa",
    kind=AcceptanceKind.RISK,
    reason="老设备不支持",
    measure="仅允许堡垒机访问",
    requester="张三",
    approver="李四",
    document="安办〔2026〕7号",
    start=date(2026, 11, 1),
    until=date(2027, 3, 1),
    check="linux.one",
)


def deferral(deadline: date, until: date = ONE.until) -> Acceptance:
    """A rectification deferred to that day."""
    return replace(ONE, kind=AcceptanceKind.DEFERRAL, deadline=deadline, until=until)


def weighed(
    *several: Acceptance,
    systems: Iterable[System] = (),
    checks: Mapping[str, Check] | None = None,
    day: date = DAY,
    revoked: Iterable[str] = (),
    altered: Iterable[str] = (),
    longest_days: int = 365,
) -> Acceptances:
    """These on record, on a system ``oa`` with the assets h1 and h2."""
    known = samples.system(samples.asset("h1"), samples.asset("h2"))
    ground = Ground(
        day,
        tuple(systems) or (known,),
        checks if checks is not None else samples.checks(samples.check()),
        lambda _system: STEPS,
        longest_days,
    )
    revocations = {name: Revocation(name, "王五", DAY, "已整改") for name in revoked}
    return weigh(AcceptancesOnRecord(several, revocations, frozenset(altered)), ground)
