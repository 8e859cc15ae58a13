"""Following: findings hear of every run that they have not heard of, of the answers in force and of the register."""

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime

from secaudit.assess.finding_state import applied
from secaudit.assess.findings import (
    DECISIVE,
    Changes,
    Evidence,
    FailedAnswer,
    Rulebook,
    after_answers,
    after_evidence,
    after_move,
    after_register,
    moved_to,
)
from secaudit.audit.owner import is_alive
from secaudit.model.finding import CloseReason, EventKind, Source
from secaudit.model.run import RunState
from secaudit.store import Store, UnreadableRun
from secaudit.store.finding_digests import REGISTER
from secaudit.store.findings import Changing
from secaudit.store.following import Owed, Shown

Happened = EventKind | CloseReason
"""What is counted: what happened, and of what was closed what nobody has fixed (ASSET_REMOVED)."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What following rests on beside the runs: the register, the checks and the failing answers of today.

    ``registered``: system → its assets; ``whole``: the database is this register's alone, so that a system which
    is not in it was removed. ``formerly``: id that an asset had → the id that it has.
    """

    registered: Mapping[str, Set[str]]
    rules: Rulebook
    answers: Sequence[FailedAnswer]
    now: datetime
    whole: bool = True
    formerly: Mapping[str, str] = field(default_factory=dict)


def follow(store: Store, ground: Ground) -> Counter[Happened]:
    """Bring findings up to date; returns how many of what happened. A second time changes nothing.

    Each run is one transaction: whoever is killed leaves the rest to the next. Runs that go on still, runs of other
    registers and runs that this version cannot read are left for later.
    """
    happened: Counter[Happened] = Counter()
    with store.findings.changing(REGISTER, ground.now) as changing:
        happened += _by_moves(changing, ground)
        happened += _by_register(changing, ground)
    for one in store.findings.owed():
        going = one.state is RunState.RUNNING and is_alive(one.owner)
        if not going and any(system in ground.registered for system in one.systems):
            happened += _follow_run(store, one, ground)
    with store.findings.changing("answers", ground.now) as changing:
        known = changing.from_source(Source.ANSWER)
        happened += _write(changing, after_answers(known, ground.answers))
    return happened


def _follow_run(store: Store, one: Owed, ground: Ground) -> Counter[Happened]:
    happened: Counter[Happened] = Counter()
    try:
        plan = store.run(one.run_id).plan
    except UnreadableRun:
        return happened
    owners = {planned.asset_id: planned.system_id for planned in plan.assets}
    with store.findings.changing("follow", ground.now, one.run_id) as changing:
        if changing.is_owed(one):  # nobody was faster
            for shown in changing.shown(one):
                system = owners.get(shown.asset, "")
                if shown.asset in ground.registered.get(system, frozenset()):
                    evidence = _evidence(changing, one, system, shown)
                    known = changing.at_place(system, shown.asset)
                    happened += _write(changing, after_evidence(known, evidence, ground.rules))
            changing.mark(one)
    return happened


def _evidence(changing: Changing, one: Owed, system: str, shown: Shown) -> Evidence:
    again = one.judgement > 0 or any(heard.at == shown.at for heard in shown.heard)
    newer = [heard.results for heard in shown.heard if heard.at > shown.at]
    decided = {
        (seen.check, seen.object_id)
        for results in dict.fromkeys(newer)
        for seen in changing.seen_in(results)
        if seen.verdict in DECISIVE
    }
    return Evidence(system, shown.asset, one.run_id, shown.at, shown.seen, again, decided)


def _by_moves(changing: Changing, ground: Ground) -> Counter[Happened]:
    happened: Counter[Happened] = Counter()
    for place in changing.all_places():
        if to := moved_to(place, ground.registered, ground.formerly, whole=ground.whole):
            known, there = changing.at_place(*place), changing.at_place(*to)
            happened += _write(changing, after_move(known, there, to, ground.now))
    return happened


def _by_register(changing: Changing, ground: Ground) -> Counter[Happened]:
    """Only the places where something may have changed are read."""
    happened: Counter[Happened] = Counter()
    for system, asset, removed in changing.places():
        there = system in ground.registered and asset in ground.registered[system] | {""}
        if there is removed:
            known = changing.at_place(system, asset)
            found = after_register(known, ground.registered, ground.now, whole=ground.whole)
            happened += _write(changing, found)
    return happened


def _write(changing: Changing, changes: Changes) -> Counter[Happened]:
    after = [(applied(finding, event), event) for finding, event in changes.happened]
    changing.change.write(changes.opened, after)
    happened: Counter[Happened] = Counter(event.kind for _finding, event in changes.happened)
    removed = CloseReason.ASSET_REMOVED
    if count := sum(event.reason is removed for _finding, event in changes.happened):
        happened[removed] = count
    if changes.opened:
        happened[EventKind.OPENED] += len(changes.opened)
    return happened
