"""The stages of a night, one after the other: what is done is not done again, what fails stops only what needs it."""

import logging
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from secaudit.errors import SecauditError, StoreError
from secaudit.language import _
from secaudit.schedule.journal import End, Ended, Journal

log = logging.getLogger(__name__)

# exit codes from the lightest to the gravest; whatever else there is counts as a stage that failed
FINE: Final = 0
FINDINGS: Final = 1
GAP: Final = 3
NOTHING_REACHED: Final = 4
STORE: Final = 5
_ORDER: Final = (FINE, FINDINGS, GAP, NOTHING_REACHED, STORE)
# ends after which a stage is not begun again in the same night
_OVER: Final = (End.DONE, End.IDLE)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a stage did; ``code`` is the exit code of what it found, ``figures`` what others show of it."""

    end: End
    told: str
    code: int = FINE
    figures: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stage:
    """``needs``: the stages without which it cannot begin; ``repeats``: it prepares the others, so it always runs."""

    name: str
    act: Callable[[], Outcome]
    needs: Collection[str] = ()
    repeats: bool = False


def carry_out(
    stages: Iterable[Stage],
    journal: Journal,
    done: Mapping[str, Ended],
    clock: Callable[[], datetime],
    tell: Callable[[Ended], None],
) -> dict[str, Ended]:
    """How every stage ended, those of an earlier call (``done``) too. A journal without room stops no stage.

    ``done`` is in the order in which the stages ended last. One that ended before an earlier one did something is done
    again: a system that could not be scanned at first has its report yet to come.
    """
    ended = dict(done)
    order = {name: place for place, name in enumerate(done)}
    failed: set[str] = set()
    newest = -1
    for stage in stages:
        before = ended.get(stage.name)
        if before and before.end in _OVER and not stage.repeats and order[stage.name] >= newest:
            newest = max(newest, order[stage.name] if before.end is End.DONE else -1)
            continue
        now_ended = _ended(stage, failed)
        if now_ended.end is End.DONE and not stage.repeats:
            newest = len(order)
        if now_ended.end is End.FAILED:
            failed.add(stage.name)
        ended[stage.name] = _entered(now_ended, journal, clock)
        tell(ended[stage.name])
    return ended


def gravest(codes: Iterable[int]) -> int:
    """Of several exit codes the one that is told."""
    return max(codes, key=_gravity, default=FINE)


def is_over(ended: Mapping[str, Ended], names: Iterable[str]) -> bool:
    """Whether each of these stages has done all it is to do."""
    return all(name in ended and ended[name].end in _OVER for name in names)


def _gravity(code: int) -> int:
    return _ORDER.index(code) if code in _ORDER else _ORDER.index(GAP)


def _ended(stage: Stage, failed: Collection[str]) -> Ended:
    missing = [name for name in stage.needs if name in failed]
    if missing:
        told = _("not begun: it needs {stages}").format(stages=", ".join(missing))
        return Ended(stage.name, End.SKIPPED, told, GAP)
    try:
        outcome = stage.act()
    except StoreError as error:
        return Ended(stage.name, End.FAILED, _said(error), STORE)
    except SecauditError as error:
        return Ended(stage.name, End.FAILED, _said(error), GAP)
    except Exception as error:  # the guard around one stage
        log.exception("stage %s", stage.name)
        told = _("internal error: {what}").format(what=f"{type(error).__name__}: {error}")
        return Ended(stage.name, End.FAILED, told, GAP)
    return Ended(stage.name, outcome.end, outcome.told, outcome.code, outcome.figures)


def _entered(ended: Ended, journal: Journal, clock: Callable[[], datetime]) -> Ended:
    """As it stands on record; where the record has no room, that it does not is its end."""
    try:
        journal.enter(ended, clock())
    except StoreError as error:
        return Ended(ended.stage, ended.end, f"{ended.told}; {error}", STORE, ended.figures)
    return ended


def _said(error: SecauditError) -> str:
    return f"{error} {error.hint}" if error.hint else str(error)
