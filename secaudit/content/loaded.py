"""What loading gives, and how it is kept between runs (docs/adr/0019)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache

from pydantic import TypeAdapter, ValidationError

from secaudit.kept import keep, recall
from secaudit.model.content import (
    Catalogue,
    Check,
    HighRiskCondition,
    MajorHazard,
    Profile,
    References,
)
from secaudit.model.text import Text


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that is data: checks and profiles by id, catalogues by level, tables.

    ``content_hash`` is SHA-256 (hex) over the names and bytes of all files it was read from. ``faults`` maps a
    plug-in to the first thing that is wrong with the checks it brings.
    """

    checks: Mapping[str, Check]
    catalogues: Mapping[int, Catalogue]
    profiles: Mapping[str, Profile]
    references: References
    high_risks: Mapping[str, HighRiskCondition]
    hazards: Mapping[str, MajorHazard]
    content_hash: str
    faults: Mapping[str, str] = field(default_factory=dict)


def recalled(name: str) -> Content | None:
    """The content that was kept under that name; None where none is, or none that can be read."""
    written = recall(name)
    return None if written is None else _decoded(written)


def keep_content(name: str, content: Content) -> None:
    """Keep it under that name, if all of it comes back as it was (a number like 1.0e999 does not)."""
    try:
        written = _adapter().dump_json(_packed(content))
    except ValueError:
        return
    if _decoded(written) == content:
        keep(name, written)


@dataclass(frozen=True, slots=True)
class _Catalogue:
    """JSON has no pairs as keys: ``left`` is what the catalogue leaves to people, (step id, kind of asset, text)."""

    rest: Catalogue
    left: tuple[tuple[str, str, Text], ...]


@dataclass(frozen=True, slots=True)
class _Content:
    """As ``Content``; checks, catalogues and profiles know their own keys."""

    checks: tuple[Check, ...]
    catalogues: tuple[_Catalogue, ...]
    profiles: tuple[Profile, ...]
    references: References
    high_risks: Mapping[str, HighRiskCondition]
    hazards: Mapping[str, MajorHazard]
    content_hash: str
    faults: Mapping[str, str]


@cache
def _adapter() -> TypeAdapter[_Content]:
    return TypeAdapter(_Content)


def _packed(content: Content) -> _Content:
    catalogues = tuple(
        _Catalogue(
            replace(one, left_to_people={}), tuple((*at, text) for at, text in one.left_to_people.items())
        )
        for one in content.catalogues.values()
    )
    return _Content(
        tuple(content.checks.values()),
        catalogues,
        tuple(content.profiles.values()),
        content.references,
        content.high_risks,
        content.hazards,
        content.content_hash,
        content.faults,
    )


def _decoded(written: bytes) -> Content | None:
    try:
        packed = _adapter().validate_json(written)
    except ValidationError:
        return None
    catalogues = {
        one.rest.level: replace(
            one.rest, left_to_people={(step, kind): text for step, kind, text in one.left}
        )
        for one in packed.catalogues
    }
    return Content(
        {check.id: check for check in packed.checks},
        catalogues,
        {profile.id: profile for profile in packed.profiles},
        packed.references,
        packed.high_risks,
        packed.hazards,
        packed.content_hash,
        packed.faults,
    )
