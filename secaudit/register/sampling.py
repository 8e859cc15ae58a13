"""Which assets stand for all of their kind: chosen by name or by rule, and kept in the system's file."""

import dataclasses
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from secaudit.document.reader import parse_document
from secaudit.errors import UsageError
from secaudit.language import _
from secaudit.model.register import Asset, System
from secaudit.model.scope import Sample
from secaudit.register.amending import amended
from secaudit.register.folder import read_text, replace
from secaudit.register.loading import read_files, register_of

RANKS: Final = {"high": 0, "medium": 1, "": 2, "low": 3}


def choose(assets: Sequence[Asset], count: int) -> tuple[str, ...]:
    """So many assets, in the order of their ids: zone by zone the most important, until there are enough.

    The same assets give the same choice; what it was is kept, so that later assets do not change it.
    """
    ranked = sorted(assets, key=lambda asset: (RANKS[asset.importance], asset.id))
    turns: Counter[str] = Counter()
    by_turn: list[tuple[int, int, str]] = []
    for asset in ranked:
        by_turn.append((turns[asset.zone], RANKS[asset.importance], asset.id))
        turns[asset.zone] += 1
    return tuple(sorted(name for _turn, _rank, name in sorted(by_turn)[:count]))


def keep_sample(workspace: Path, system: System, sample: Sample) -> Path:
    """Write the choice into the system's file, in place of one of that kind; raises UsageError, ContentError."""
    others = [one for one in system.samples if one.kind != sample.kind]
    return _keep(workspace, system, [*others, sample])


def drop_sample(workspace: Path, system: System, kind: str) -> Path:
    """All assets of the kind are judged again; raises UsageError, ContentError."""
    others = [one for one in system.samples if one.kind != kind]
    if len(others) == len(system.samples):
        told = _("All assets of kind {kind} are judged already in {system}.")
        raise UsageError(told.format(kind=kind, system=system.id))
    return _keep(workspace, system, others)


def _keep(workspace: Path, system: System, samples: Sequence[Sample]) -> Path:
    files = read_files(workspace)
    register_of(files)
    document = next(one for one in files.systems if one.data["id"] == system.id)
    file = workspace / document.file
    before = read_text(file)
    said = [_written(one) for one in samples] or None
    text = amended(before, {("sampling",): said}, document.file)
    edited = parse_document(text, document.file)
    systems = tuple(edited if one is document else one for one in files.systems)
    register_of(dataclasses.replace(files, systems=systems))
    replace(file, text, before)
    return file


def _written(sample: Sample) -> dict[str, Any]:
    return {
        "kind": sample.kind,
        "assets": list(sample.assets),
        "person": sample.person,
        "date": sample.day.isoformat(),
        "reason": sample.reason,
    }
