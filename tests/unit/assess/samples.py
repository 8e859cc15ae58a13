"""Small catalogues, systems, checks and records to assess."""

from datetime import UTC, date, datetime, timedelta

from secaudit.model.attestation import Answer, Attestation
from secaudit.model.content import Catalogue, Check, Requirement, SeenBy, Severity, Step
from secaudit.model.evidence import Gap, GapReason
from secaudit.model.register import Asset, DataSet, Grade, Reach, System
from secaudit.model.result import Result, Verdict
from secaudit.model.run import AssetRecord
from secaudit.model.text import Text

NOW = datetime(2026, 11, 23, tzinfo=UTC)
TODAY = NOW.date()
TEXT = Text("文", "text")


def step(
    number: int = 1,
    seen_by: SeenBy = SeenBy.MACHINE,
    objects: tuple[str, ...] = ("host", "database"),
    key: str = "ces.x.a",
) -> Step:
    """A step of an item."""
    return Step(f"{key}#{number}", number, ("核查",), objects, TEXT, seen_by, ("linux",))


def requirement(
    *steps: Step,
    key: str = "ces.x.a",
    rule: str = "all",
    level: int = 3,
    classification: str = "G",
    point: str = "身份鉴别",
) -> Requirement:
    """An item with these steps."""
    return Requirement(
        key=key,
        level=level,
        clause="8.1.4.1",
        item=key.rpartition(".")[2],
        domain="安全计算环境",
        domain_abbr=key.partition(".")[0].upper(),
        control_point=Text(point, point),
        unit=f"L{level}-CES1-01",
        classification=classification,
        summary=TEXT,
        automatable="full",
        rule=rule,
        steps=steps or (step(key=key),),
    )


def catalogue(*requirements: Requirement, level: int = 3) -> Catalogue:
    """A catalogue of these items."""
    return Catalogue("GB/T 22239-2019", level, requirements)


def check(
    name: str = "linux.one",
    proves: tuple[str, ...] = ("ces.x.a#1",),
    *,
    levels: tuple[int, ...] = (3,),
    advisory: bool = False,
    veto: bool = False,
    applies_to: str = "linux",
) -> Check:
    """A check that proves these steps."""
    return Check(
        id=name,
        title=TEXT,
        severity=Severity.MEDIUM,
        applies_to=applies_to,
        needs=("os",),
        remedy=TEXT,
        proves=proves,
        levels=levels,
        advisory=advisory,
        veto=veto,
    )


def checks(*several: Check) -> dict[str, Check]:
    """Checks by id."""
    return {one.id: one for one in several}


def asset(name: str = "h1", kind: str = "linux", transport: str = "ssh") -> Asset:
    """An asset that is visited."""
    return Asset(name, kind, name, reach=Reach(transport))


def system(*assets: Asset, data_sets: tuple[DataSet, ...] = (), grade: Grade | None = None) -> System:
    """A level-3 system with these assets."""
    return System(
        "oa", "OA", "office", grade or Grade(3, 3), assets=assets or (asset(),), data_sets=data_sets
    )


def data_set(name: str = "db", kind: str = "business", on: str = "h1") -> DataSet:
    """A declared data set."""
    return DataSet(name, name, kind, on, ("/backup/*",), "dump", "", 24, 8)


def answer(
    said: Answer = Answer.MET,
    step_id: str = "ces.x.a#1",
    object_id: str = "h1",
    *,
    day: date = TODAY,
    valid_days: int = 365,
    organisation: str = "",
) -> Attestation:
    """An answer of the system, or of an organisation."""
    system_id = "" if organisation else "oa"
    last = day + timedelta(days=valid_days)
    return Attestation(step_id, said, "某人", day, last, "理由", object_id, system_id, organisation)


def result(
    verdict: Verdict, check_id: str = "linux.one", asset_id: str = "h1", object_id: str = ""
) -> Result:
    """A result with a gap where its verdict has one."""
    gap = Gap(GapReason.NEEDS_ROOT) if verdict is Verdict.UNKNOWN else None
    return Result(check_id, asset_id, object_id or asset_id, verdict, gap=gap)


def record(*results: Result, asset_id: str = "h1") -> AssetRecord:
    """A visited asset with these results."""
    return AssetRecord(asset_id, NOW, NOW, NOW, "a", None, {}, results)
