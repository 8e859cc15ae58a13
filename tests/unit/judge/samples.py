"""Small checks, an asset and its system, for the judge."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from secaudit.judge import Judge
from secaudit.model.content import Check, Parameter, Profile, Severity
from secaudit.model.register import Asset, Grade, System
from secaudit.model.result import Result
from secaudit.model.run import Expected
from secaudit.model.text import Text

NOW = datetime(2026, 3, 2, 23, 0, tzinfo=UTC)
ASSET = Asset("web-1", "linux", "Web", zone="dmz")
SYSTEM = System("shop", "Shop", "office", Grade(3, 2), internet_facing=True, assets=(ASSET,))
PROFILE = Profile("level-3", 3, Text("三级", "Level 3"))


@dataclass(frozen=True, slots=True)
class Account:
    """A row of the fact ``accounts``."""

    name: str
    max_days: int


@dataclass(frozen=True, slots=True)
class Backup:
    """A row of the fact ``backups``."""

    object: str
    age_h: int


AGE = Check(
    id="linux.identity.password_max_age",
    title=Text("期限", "Age"),
    severity=Severity.MEDIUM,
    applies_to="linux",
    needs=("accounts",),
    remedy=Text("改", "Change"),
    advisory=True,
    parameters={"max_days": Parameter(90, "lower", "local policy")},
    pass_when="accounts.all(a, a.max_days <= params.max_days)",
    offenders="accounts.filter(a, a.max_days > params.max_days)"
    '.map(a, {"id": a.name, "seen": a.max_days, "expected": params.max_days})',
)
FRESH = replace(
    AGE,
    id="linux.backup.fresh",
    needs=("backups",),
    each="backups",
    parameters={},
    pass_when="each.age_h <= 24",
    offenders='[{"id": each.object, "seen": each.age_h, "expected": 24}]',
)


def judged(
    check: Check,
    facts: Mapping[str, Any],
    object_id: str = ASSET.id,
    profile: Profile = PROFILE,
    rests_on: Mapping[str, Sequence[str]] | None = None,
) -> Result:
    """One check on one object of the asset."""
    (result,) = Judge({check.id: check}).judge_asset(
        [Expected(check.id, object_id)], facts, ASSET, SYSTEM, profile, NOW, rests_on or {}
    )
    return result
