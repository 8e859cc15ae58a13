"""``secaudit.yaml`` and ``authorisations/*.yaml`` as pydantic reads them."""

import re
from datetime import datetime
from fractions import Fraction
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from secaudit.language import _
from secaudit.model.due import Duty
from secaudit.model.pace import Pace, ZonePace
from secaudit.model.register import Authorisation, Blackout, Hop, Organisation, Window
from secaudit.register.cycles import CYCLES
from secaudit.register.findings_file import FindingsPart
from secaudit.register.nightly_file import NightlyPart
from secaudit.register.notices_file import NoticesPart
from secaudit.register.numbering import NumberPattern
from secaudit.register.part import Many, Part
from secaudit.register.reach_values import Address, SecretReference, User
from secaudit.register.scope_file import SharedPart
from secaudit.register.system_file import ContactPart, LoginPart
from secaudit.register.times import DEFAULT_ZONE, Beginning, Ending, beginning, zone_of
from secaudit.register.upkeep_file import BackupPart, RetentionPart
from secaudit.register.values import (
    AcceptanceDays,
    CycleMonths,
    Delay,
    Digest,
    Failures,
    FreeText,
    Id,
    Inside,
    Jobs,
    Kind,
    LanguageWord,
    Line,
    Room,
    VisitTime,
    readable,
    share,
)
from secaudit.register.weights import WeightSettings
from secaudit.register.windows import days_from, make_window, minute_from

ByLevel = dict[Literal["1", "2", "3", "4"], CycleMonths]


def _database(text: str) -> str:
    if re.fullmatch(r"env:[A-Za-z_][A-Za-z0-9_]*", text):
        return text
    match = re.fullmatch(r"[a-z0-9+]+://([^/@]*@)?[^@\s]*", text)
    if match is None or ":" in (match[1] or ""):
        raise ValueError(
            _("a database URL without a password, or env:NAME of a variable that holds one, expected")
        )
    return text


def _zone(text: str) -> str:
    zone_of(text)
    return text


class OrganisationPart(Part):
    """A node of the tree of organisations."""

    id: Id
    name: Line
    parent: FreeText = ""
    objects: Many[SharedPart] = ()
    contacts: Many[ContactPart] = ()

    def organisation(self) -> Organisation:
        objects = tuple(part.shared() for part in self.objects)
        contacts = tuple(part.contact() for part in self.contacts)
        return Organisation(self.id, self.name, self.parent or None, objects, contacts)


class BlackoutPart(Part):
    """A period in which nothing (of these systems and zones) is scanned; a date as ``end`` includes the day."""

    start: Beginning
    end: Ending
    reason: Line
    systems: Many[Id] = ()
    zones: Many[Line] = ()

    def blackout(self) -> Blackout:
        return Blackout(self.start, self.end, self.reason, self.systems, self.zones)


class JumpHostPart(LoginPart):
    """An SSH server on the way to assets, of ``jump_hosts:``."""

    id: Id
    address: Address
    user: User

    def hop(self) -> Hop:
        return Hop(
            id=self.id,
            address=self.address,
            port=self.port,
            user=self.user,
            key=self.key_reference,
            passphrase=self.passphrase,
            password=self.password,
            agent=self.by_agent,
            agent_key=self.agent_key,
            weak_algorithms=self.weak_algorithms,
        )


class ZonePart(Part):
    """What a zone sets for itself, of ``limits.zones:``."""

    jobs: Room | None = None
    failures: Failures | None = None

    def pace(self) -> ZonePace:
        return ZonePace(self.jobs, self.failures)


class LimitsPart(Part):
    """How much at once, how fast, and when a run gives up; 0 means no limit (``Pace``)."""

    jobs: Jobs = 10
    per_segment: Room = 0
    per_hypervisor: Room = 2
    jitter_s: Delay = 0
    visit_s: VisitTime = 300
    run_s: Delay = 0
    failures: Failures = 10
    logins: Failures = 3
    zones: dict[Line, ZonePart] = Field(default_factory=dict)

    def pace(self) -> Pace:
        return Pace(
            jobs=self.jobs,
            per_segment=self.per_segment,
            per_hypervisor=self.per_hypervisor,
            jitter_s=self.jitter_s,
            visit_s=self.visit_s,
            run_s=self.run_s,
            failures=self.failures,
            logins=self.logins,
            zones={name: part.pace() for name, part in self.zones.items()},
        )


class PluginsPart(Part):
    """``require``: packages without whose plug-ins nothing is audited."""

    require: Many[Line] = ()


class HandoverPart(Part):
    """How packages are sealed and numbered; key and certificate are files, relative to the workspace."""

    key: Line
    certificate: Line
    password: SecretReference = ""
    number: NumberPattern = "{year}-{n}"


class CyclesPart(Part):
    """Months between two, by level, where the office sets them more strictly; a rule in force is not stretched."""

    evaluation: ByLevel = Field(default_factory=dict)
    self_assessment: ByLevel = Field(default_factory=dict)
    cryptography: ByLevel = Field(default_factory=dict)
    emergency_drill: ByLevel = Field(default_factory=dict)
    recovery_drill: ByLevel = Field(default_factory=dict)

    @model_validator(mode="after")
    def _stricter(self) -> Self:
        for duty, months in self.months().items():
            in_force = next(cycle.months for cycle in CYCLES if cycle.duty is duty)
            for level, own in months.items():
                if own > in_force.get(level, own):
                    told = _("{duty} at level {level}: at most {months} months expected")
                    raise ValueError(told.format(duty=duty, level=level, months=in_force[level]))
        return self

    def months(self) -> dict[Duty, dict[int, int]]:
        said = {duty: getattr(self, duty.value.replace("-", "_"), {}) for duty in Duty}
        return {
            duty: {int(level): own for level, own in months.items()}
            for duty, months in said.items()
            if months
        }


class WeightsPart(Part):
    """``weights:``: what the office lays down for the score of the 2021 template; ``source`` says who did."""

    source: Line
    table: Inside = ""
    technical_share: Annotated[Fraction, BeforeValidator(share)] = Fraction(1, 2)

    def settings(self) -> WeightSettings:
        return WeightSettings(self.technical_share, self.source, self.table)


class WorkspacePart(Part):
    """``secaudit.yaml``."""

    office: Line
    language: LanguageWord = "zh"
    time_zone: Annotated[str, AfterValidator(_zone)] = DEFAULT_ZONE
    database: Annotated[str, AfterValidator(_database)] = "sqlite:///secaudit.db"
    content_folders: Many[Line] = ()
    limits: LimitsPart = LimitsPart()
    plugins: PluginsPart = PluginsPart()
    organisations: Many[OrganisationPart] = ()
    blackouts: Many[BlackoutPart] = ()
    jump_hosts: Many[JumpHostPart] = ()
    hash_known_hosts: bool = False
    acceptance_days: AcceptanceDays = 365
    weights: WeightsPart | None = None
    handover: HandoverPart | None = None
    cycles: CyclesPart = CyclesPart()
    findings: FindingsPart = FindingsPart()
    retention: RetentionPart = RetentionPart()
    backup: BackupPart | None = None
    nightly: NightlyPart = NightlyPart()
    notices: NoticesPart | None = None


class WindowPart(Part):
    """``{days: mon-fri, from: "22:00", until: "05:00"}``."""

    days: Annotated[str, readable(days_from)]
    start: Annotated[str, readable(minute_from)] = Field(alias="from")
    end: Annotated[str, readable(minute_from)] = Field(alias="until")

    @model_validator(mode="after")
    def _lasts(self) -> Self:
        self.window()
        return self

    def window(self) -> Window:
        return make_window(days_from(self.days), minute_from(self.start), minute_from(self.end))


class AuthorisationPart(Part):
    """An authorisation file; a date as ``valid_until`` includes the day."""

    id: Id
    systems: Many[Id]
    approver: Line
    document: Line
    valid_from: Beginning
    valid_until: Ending
    port_scan: bool = False
    revoked_at: Annotated[datetime | None, BeforeValidator(beginning)] = None
    reason: FreeText = ""
    zones: Many[Line] = ()
    kinds: Many[Kind] = ()
    windows: Many[WindowPart] = ()
    file: Inside = ""
    file_sha256: Digest = ""

    def authorisation(self) -> Authorisation:
        return Authorisation(
            id=self.id,
            systems=self.systems,
            approver=self.approver,
            document=self.document,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            port_scan=self.port_scan,
            revoked_at=self.revoked_at,
            reason=self.reason,
            zones=self.zones,
            kinds=self.kinds,
            windows=tuple(part.window() for part in self.windows),
            file=self.file,
            file_sha256=self.file_sha256,
        )
