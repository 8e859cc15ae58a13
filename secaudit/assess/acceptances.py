"""What acceptances are worth on a day, and which failures they cover; no outcome or figure looks at them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from secaudit.model.acceptance import Acceptance, AcceptanceKind, Revocation
from secaudit.model.content import Check
from secaudit.model.register import System
from secaudit.model.result import Result, Verdict
from secaudit.register.acceptances import LONGEST_DAYS, AcceptancesOnRecord


class AcceptanceState(StrEnum):
    """What an acceptance is worth on a day; only VALID covers anything.

    GONE: its system, check, step or all its assets are no more. OVERDUE: its deadline has passed.
    """

    VALID = "valid"
    NOT_BEGUN = "not_begun"
    EXPIRED = "expired"
    OVERDUE = "overdue"
    REVOKED = "revoked"
    ALTERED = "altered"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Weighed:
    """An acceptance, its state, the last day on which it can hold, and what of its subject is gone."""

    acceptance: Acceptance
    state: AcceptanceState
    last_day: date
    gone: tuple[str, ...] = ()
    revocation: Revocation | None = None


@dataclass(frozen=True, slots=True)
class Cover:
    """That all of a failure is accepted: until which day, and by which acceptances.

    ``kind`` is DEFERRAL as soon as one of them defers.
    """

    kind: AcceptanceKind
    until: date
    acceptances: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ground:
    """What acceptances are held against: the day, the register and the content of today.

    ``steps`` gives the ids of the steps that a system owes; ``longest_days`` is how long one may hold.
    """

    day: date
    systems: Sequence[System]
    checks: Mapping[str, Check]
    steps: Callable[[System], Set[str]]
    longest_days: int = LONGEST_DAYS


@dataclass(frozen=True, slots=True)
class Acceptances:
    """Those of a workspace, weighed; made by ``weigh``. ``owed``: system → steps, of systems with valid ones."""

    weighed: tuple[Weighed, ...] = ()
    checks: Mapping[str, Check] = field(default_factory=dict)
    owed: Mapping[str, Set[str]] = field(default_factory=dict)
    valid: Mapping[tuple[str, str], Sequence[Weighed]] = field(default_factory=dict)

    def cover(self, system_id: str, result: Result) -> Cover | None:
        """What covers a failure wholly: acceptances of its check, or of each step that it moves."""
        if result.verdict not in (Verdict.FAIL, Verdict.PARTIAL) or result.check_id not in self.checks:
            return None
        of_check = _covering(self.valid.get((system_id, result.check_id), ()), result)
        return _cover(of_check or self._by_steps(system_id, result))

    def cover_of_step(self, system_id: str, answered: Result) -> Cover | None:
        """What covers the failing answer to a step, which stands in the place of the check."""
        return _cover(_covering(self.valid.get((system_id, answered.check_id), ()), answered))

    def _by_steps(self, system_id: str, result: Result) -> list[Weighed]:
        steps = [
            step
            for step in self.checks[result.check_id].proves
            if step in self.owed.get(system_id, frozenset())
        ]
        found = [_covering(self.valid.get((system_id, step), ()), result) for step in steps]
        return [one for part in found for one in part] if all(found) else []


NOTHING_ACCEPTED: Final = Acceptances()


def weigh(record: AcceptancesOnRecord, ground: Ground) -> Acceptances:
    """Every acceptance on record with its state; the valid ones ready to cover failures."""
    systems = {system.id: system for system in ground.systems}
    owed = {
        name: ground.steps(systems[name])
        for name in {one.system for one in record.acceptances} & set(systems)
    }
    weighed = tuple(_weighed(one, record, ground, systems, owed) for one in record.acceptances)
    valid: dict[tuple[str, str], list[Weighed]] = defaultdict(list)
    for one in weighed:
        if one.state is AcceptanceState.VALID:
            valid[one.acceptance.system, one.acceptance.check or one.acceptance.step].append(one)
    return Acceptances(weighed, ground.checks, owed, valid)


def _weighed(
    one: Acceptance,
    record: AcceptancesOnRecord,
    ground: Ground,
    systems: Mapping[str, System],
    owed: Mapping[str, Set[str]],
) -> Weighed:
    last_day = min(one.last_day, one.start + timedelta(days=ground.longest_days))
    revocation = record.revocation(one.id)
    gone, without_subject = _gone(one, ground.checks, systems, owed)
    if revocation:
        state = AcceptanceState.REVOKED
    elif without_subject:
        state = AcceptanceState.GONE
    elif record.altered & {file.sha256 for file in one.files}:
        state = AcceptanceState.ALTERED
    else:
        state = _by_day(one, last_day, ground.day)
    return Weighed(one, state, last_day, gone, revocation)


def _gone(
    one: Acceptance,
    checks: Mapping[str, Check],
    systems: Mapping[str, System],
    owed: Mapping[str, Set[str]],
) -> tuple[tuple[str, ...], bool]:
    """What of the subject is no more, and whether nothing of it is left."""
    if one.system not in systems:
        return (one.system,), True
    subject = one.check or one.step
    if subject not in (checks if one.check else owed[one.system]):
        return (subject,), True
    known = {asset.id for asset in systems[one.system].assets}
    gone = tuple(name for name in one.assets if name not in known)
    return gone, bool(one.assets) and len(gone) == len(one.assets)


def _by_day(one: Acceptance, last_day: date, day: date) -> AcceptanceState:
    if day > last_day:
        deferred = one.deadline is not None and day > one.deadline
        return AcceptanceState.OVERDUE if deferred else AcceptanceState.EXPIRED
    return AcceptanceState.NOT_BEGUN if day < one.start else AcceptanceState.VALID


def _covering(several: Iterable[Weighed], result: Result) -> list[Weighed]:
    """Of acceptances of one subject the one for all that was found, or one for each offender; [] if any is left."""
    here = [one for one in several if not one.acceptance.assets or result.asset_id in one.acceptance.assets]
    if whole := [one for one in here if not one.acceptance.offenders]:
        return [_longest(whole)]
    found = [
        [one for one in here if offender.id in one.acceptance.offenders] for offender in result.offenders
    ]
    return [_longest(part) for part in found] if all(found) else []


def _longest(several: Iterable[Weighed]) -> Weighed:
    return max(several, key=lambda one: (one.last_day, one.acceptance.id))


def _cover(used: Sequence[Weighed]) -> Cover | None:
    if not used:
        return None
    deferred = any(one.acceptance.kind is AcceptanceKind.DEFERRAL for one in used)
    return Cover(
        AcceptanceKind.DEFERRAL if deferred else AcceptanceKind.RISK,
        min(one.last_day for one in used),
        tuple(dict.fromkeys(one.acceptance.id for one in used)),
    )
