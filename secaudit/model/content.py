"""Content as types: requirements with steps, profiles, checks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Final

from secaudit.model.text import Text


class SeenBy(StrEnum):
    """Who can see whether a step is met."""

    MACHINE = "machine"
    PART = "part"
    PERSON = "person"


class Severity(StrEnum):
    """How much a failure of a check matters."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Extension(StrEnum):
    """The extension requirements of GB/T 22239-2019: 云计算, 移动互联, 物联网, 工业控制."""

    CLOUD = "cloud"
    MOBILE = "mobile"
    IOT = "iot"
    INDUSTRIAL = "industrial-control"


ITSELF: Final = "system"  # the kind of object: the system itself


@dataclass(frozen=True, slots=True)
class Step:
    """A numbered evaluation step of an item (GB/T 28448-2019); ``id`` is ``ces.authentication.a#4``."""

    id: str
    number: int
    methods: tuple[str, ...]
    objects: tuple[str, ...]
    question: Text
    seen_by: SeenBy
    kinds: tuple[str, ...]
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Requirement:
    """An item of GB/T 22239-2019 at one level, with its steps and the judging rule of its unit."""

    key: str
    level: int
    clause: str
    item: str
    domain: str
    domain_abbr: str
    control_point: Text
    unit: str
    classification: str
    summary: Text
    automatable: str
    rule: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The requirements of one level in the order of the standard.

    ``left_to_people``: (step id, kind of asset) → what such an asset cannot show of a step that it shows in part.
    ``extensions``: what systems of that kind owe beside them.
    """

    standard: str
    level: int
    requirements: tuple[Requirement, ...]
    left_to_people: Mapping[tuple[str, str], Text] = field(default_factory=dict)
    extensions: Mapping[Extension, tuple[Requirement, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A threshold of a check. ``tighten`` is ``lower``, ``higher``, ``subset``, ``superset`` or ``fixed``."""

    default: Any
    tighten: str
    source: str


@dataclass(frozen=True, slots=True)
class HighRisk:
    """The high-risk condition that a failure of the check is a candidate for, and in which case."""

    id: str
    case: Text


@dataclass(frozen=True, slots=True)
class HighRiskCondition:
    """A high-risk condition of a guide. ``basis`` is ``SG2025`` (current) or ``T2020`` (legacy).

    ``scope`` limits it further ("" everywhere); ``downgradable`` is ``yes``, ``no`` or ``partial`` (only in
    the case that ``mitigation`` names); ``hazard`` is the code of the major hazard it may be.
    A person's answer shows it at the items ``keys``, there at ``steps`` alone where any are named.
    """

    id: str
    basis: str
    min_level: int
    scope: str
    condition: Text
    mitigation: Text
    downgradable: str
    hazard: str
    keys: tuple[str, ...]
    steps: tuple[str, ...] = ()

    def shown_at(self, step_id: str) -> bool:
        """Whether that step, not met, is what the condition says."""
        return step_id in self.steps if self.steps else step_id.partition("#")[0] in self.keys


@dataclass(frozen=True, slots=True)
class MajorHazard:
    """A trigger item of 重大风险隐患 (2025 report template, appendix G)."""

    code: str
    layer: str
    trigger: Text
    high_risks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """An example a check carries: facts given (or ``{"gap": reason}``), and the verdict they must lead to.

    ``given`` may also hold ``asset``, ``system`` and ``now``. ``object_id`` names the object where the check
    has ``each``; "" is the object of the first row given.
    """

    name: str
    given: dict[str, Any]
    expect: str
    object_id: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)
    offenders: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """A check as its YAML file states it; expressions are CEL text, compiled by ``judge``.

    ``each`` names a list variable (``data_set_backups``): the check is judged once for each row whose field
    ``object`` names the object, and the row is the variable ``each``.
    Order: ``applies_when``, ``manual_when``, ``pass_when``, ``partial_when``, else FAIL.
    ``broken`` says why a plug-in's check cannot be judged: it is owed all the same, and UNKNOWN.
    """

    id: str
    title: Text
    severity: Severity
    applies_to: str
    needs: tuple[str, ...]
    remedy: Text
    proves: tuple[str, ...] = ()
    levels: tuple[int, ...] = (1, 2, 3, 4)
    advisory: bool = False
    veto: bool = False
    each: str = ""
    parameters: dict[str, Parameter] = field(default_factory=dict)
    applies_when: str = ""
    manual_when: str = ""
    pass_when: str = ""
    partial_when: str = ""
    offenders: str = ""
    high_risk: tuple[HighRisk, ...] = ()
    references: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()
    file: str = ""
    content_hash: str = ""
    broken: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """Which level applies and which parameter values: check id → parameter → value.

    ``heavy_searches``: checks that search whole file systems are owed too.
    """

    id: str
    level: int
    title: Text
    parameters: dict[str, dict[str, Any]] = field(default_factory=dict)
    heavy_searches: bool = False


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """Support dates of one release of a product.

    None where no end is published; ``date.min`` where it has ended on a day that nobody published.
    """

    product: str
    cycle: str
    end_of_life: date | None
    end_of_extended_support: date | None


@dataclass(frozen=True, slots=True)
class Protection:
    """A product that protects a host, and the names of packages and processes it is known by.

    ``does``: ``malware``, ``blocks``, ``detects``, ``allows``, ``trusted``. ``documented``: its names are published.
    """

    product: str
    name: Text
    does: tuple[str, ...]
    packages: tuple[str, ...]
    processes: tuple[str, ...]
    documented: bool


@dataclass(frozen=True, slots=True)
class Mended:
    """From which release of a package on a flaw is mended, on one release of a distribution (``debian 12``)."""

    flaw: str
    system: str
    package: str
    release: str
    source: str


@dataclass(frozen=True, slots=True)
class MakersPackage:
    """How a package is known to come from the maker of a product: patterns (fnmatch) of its name and version."""

    product: str
    package: str
    version: str
    source: str


@dataclass(frozen=True, slots=True)
class References:
    """Reference tables that facts may join with."""

    lifecycles: tuple[Lifecycle, ...] = ()
    protections: tuple[Protection, ...] = ()
    mended: tuple[Mended, ...] = ()
    makers_packages: tuple[MakersPackage, ...] = ()
