"""Tables beside the standard: high-risk conditions, major hazards, support dates, products, mended flaws."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from secaudit.content.tables import Row, Table
from secaudit.errors import ContentError, Problem
from secaudit.language import _
from secaudit.model.content import (
    HighRiskCondition,
    Lifecycle,
    MajorHazard,
    MakersPackage,
    Mended,
    Protection,
)
from secaudit.model.text import Text

HIGH_RISK_COLUMNS: Final = (
    *("id", "basis", "ref_case", "legacy_tiseaa_2020", "min_level", "extra_scope", "layer", "control_point"),
    *("gbt22239_l3_clause", "condition_zh", "condition_en", "detect_mode", "scanner_evidence_zh"),
    *("mitigation_zh", "mitigation_en", "downgradable", "major_hazard_code", "remediation_zh", "confidence"),
    *("units_L1", "units_L2", "units_L3", "units_L4", "keys"),
)
STEP_COLUMNS: Final = ("id", "steps")
HAZARD_COLUMNS: Final = ("code", "layer", "trigger_zh", "trigger_en", "related_high_risk_id")
LIFECYCLE_COLUMNS: Final = (
    *("product", "cycle", "codename", "release_date", "end_of_active_support", "end_of_life"),
    *("end_of_extended_support", "latest_seen"),
)

PROTECTION_COLUMNS: Final = (
    *("product", "name_zh", "name_en", "does", "packages", "processes", "sure", "source"),
)
MENDED_COLUMNS: Final = ("flaw", "system", "package", "release", "source")
MAKERS_COLUMNS: Final = ("product", "package", "version", "source")


def load_high_risks(path: Path) -> dict[str, HighRiskCondition]:
    """Id (``HR-15``) → condition, with its steps from ``high_risk_steps.csv`` beside it; raises ContentError."""
    narrowed = Table(path.with_name("high_risk_steps.csv"), STEP_COLUMNS)
    rows = {row.text("id"): row for row in narrowed.rows()}
    steps = {name: row.words("steps") for name, row in rows.items()}
    table = Table(path, HIGH_RISK_COLUMNS)
    found = {row.text("id"): _high_risk(row, steps) for row in table.rows()}
    for name, row in rows.items():
        _complain_of_steps(row, found.get(name))
    _refuse([*narrowed.problems, *table.problems])
    return found


def _complain_of_steps(row: Row, condition: HighRiskCondition | None) -> None:
    if condition is None:
        row.complain("id", _("a condition of high_risk.csv expected"))
    elif not condition.steps or (
        condition.keys and not {step.partition("#")[0] for step in condition.steps} <= set(condition.keys)
    ):
        row.complain("steps", _("steps of {keys} expected").format(keys=", ".join(condition.keys)))


def _high_risk(row: Row, steps: Mapping[str, tuple[str, ...]]) -> HighRiskCondition:
    return HighRiskCondition(
        id=row.text("id"),
        basis=row.choice("basis", ("SG2025", "T2020")),
        min_level=row.number("min_level"),
        scope=row.optional("extra_scope"),
        condition=_text(row, "condition"),
        mitigation=_text(row, "mitigation"),
        downgradable=row.choice("downgradable", ("yes", "no", "partial")),
        hazard=row.optional("major_hazard_code"),
        keys=row.words("keys"),
        steps=steps.get(row.text("id"), ()),
    )


def load_hazards(path: Path) -> dict[str, MajorHazard]:
    """Code (``A-18``) → trigger item; raises ContentError."""
    table = Table(path, HAZARD_COLUMNS)
    found = [_hazard(row) for row in table.rows()]
    _refuse(table.problems)
    return {hazard.code: hazard for hazard in found}


def _hazard(row: Row) -> MajorHazard:
    related = tuple(filter(None, row.optional("related_high_risk_id").split("/")))
    return MajorHazard(row.text("code"), row.optional("layer"), _text(row, "trigger"), related)


def load_lifecycles(path: Path) -> tuple[Lifecycle, ...]:
    """The support dates in a file like ``end_of_life.csv``; raises ContentError."""
    table = Table(path, LIFECYCLE_COLUMNS)
    lifecycles = tuple(_lifecycle(row) for row in table.rows())
    _refuse(table.problems)
    return lifecycles


def _lifecycle(row: Row) -> Lifecycle:
    return Lifecycle(
        product=row.text("product"),
        cycle=row.text("cycle"),
        end_of_life=row.day("end_of_life"),
        end_of_extended_support=row.day("end_of_extended_support"),
    )


def load_protections(path: Path) -> tuple[Protection, ...]:
    """The products in a file like ``protection.csv``; raises ContentError."""
    table = Table(path, PROTECTION_COLUMNS)
    found = tuple(_protection(row) for row in table.rows())
    _refuse(table.problems)
    return found


def _protection(row: Row) -> Protection:
    return Protection(
        product=row.text("product"),
        name=_text(row, "name"),
        does=row.words("does"),
        packages=row.words("packages"),
        processes=row.words("processes"),
        documented=row.choice("sure", ("documented", "likely")) == "documented",
    )


def load_mended(path: Path) -> tuple[Mended, ...]:
    """The releases in a file like ``mended.csv``; raises ContentError."""
    table = Table(path, MENDED_COLUMNS)
    found = tuple(Mended(*(row.text(column) for column in MENDED_COLUMNS)) for row in table.rows())
    _refuse(table.problems)
    return found


def load_makers_packages(path: Path) -> tuple[MakersPackage, ...]:
    """The patterns in a file like ``makers_packages.csv``; raises ContentError."""
    table = Table(path, MAKERS_COLUMNS)
    found = tuple(MakersPackage(*(row.text(column) for column in MAKERS_COLUMNS)) for row in table.rows())
    _refuse(table.problems)
    return found


def _text(row: Row, name: str) -> Text:
    return Text(row.text(f"{name}_zh"), row.text(f"{name}_en"))


def _refuse(problems: Iterable[Problem]) -> None:
    found = tuple(problems)
    if found:
        raise ContentError(found)
