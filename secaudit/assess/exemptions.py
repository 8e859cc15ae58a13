"""What the register says against judging an item on an object: it is the provider's, or nobody can log in there."""

from datetime import date, timedelta
from typing import Final

from secaudit.assess.objects import Object
from secaudit.model.assessment import Exemption
from secaudit.model.content import ITSELF, Requirement
from secaudit.model.register import System
from secaudit.model.scope import Platform

LOGIN: Final = "ces.authentication."


def exemptions_for(
    requirement: Requirement, found: Object, system: System, day: date
) -> tuple[Exemption, ...]:
    """Why the item is 不适用 on the object, or what is missing before it is; empty where it is judged.

    What the tenant itself has registered (a machine room, a host, data) is never the provider's.
    """
    platform = system.platform
    if platform and platform.owns(requirement.key) and (not found.registered or found.kind == ITSELF):
        return _missing(platform, system.level, day) or (Exemption.PROVIDER,)
    bare = any(asset.id == found.own and not asset.own_login for asset in found.assets)
    return (Exemption.NO_LOGIN,) if bare and requirement.key.startswith(LOGIN) else ()


def _missing(platform: Platform, level: int, day: date) -> tuple[Exemption, ...]:
    report_day = platform.report_date
    found = {
        Exemption.FILING_MISSING: not platform.filing_number,
        Exemption.LEVEL_MISSING: not platform.level,
        Exemption.LEVEL_LOWER: 0 < platform.level < level,
        Exemption.REPORT_MISSING: not platform.report_number,
        Exemption.REPORT_DATE_MISSING: report_day is None,
        Exemption.REPORT_LATER: report_day is not None and report_day > day,
        Exemption.REPORT_EXPIRED: report_day is not None and day > last_day(report_day, platform.level),
        Exemption.SPLIT_MISSING: not platform.split,
    }
    return tuple(exemption for exemption, holds in found.items() if holds)


def last_day(report_date: date, level: int) -> date:
    """Until when a report holds: the evaluation of level 3 and above is yearly, below it every two years."""
    years = 1 if level >= 3 else 2
    following = (report_date + timedelta(days=1)).replace(day=1) if _is_leap_day(report_date) else report_date
    return following.replace(year=following.year + years) - timedelta(days=1)


def _is_leap_day(day: date) -> bool:
    return (day.month, day.day) == (2, 29)
