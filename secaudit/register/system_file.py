"""A system file as pydantic reads it: the shape of ``systems/*.yaml``."""

from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from secaudit.model.register import (
    Asset,
    Contact,
    DataSet,
    Reach,
    Service,
    Sudo,
    System,
    Target,
)
from secaudit.register.values import (
    Address,
    Agency,
    Artefact,
    DataKind,
    FilingNumber,
    FreeText,
    GradeText,
    Hours,
    Id,
    Importance,
    KeyReference,
    Kind,
    Line,
    PastDate,
    Port,
    Protocol,
    Role,
    SecretReference,
    SudoWord,
    TransportWord,
    User,
    grade_of,
)

T = TypeVar("T")
Many = Annotated[tuple[T, ...], Field(strict=False)]
"""A list of a file."""


class Part(BaseModel):
    """A mapping of a file: no unknown keys, no conversions (``"yes"`` is no boolean, ``22`` no text)."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class ContactPart(Part):
    """A person of ``contacts:``."""

    role: Role
    name: Line
    phone: FreeText = ""
    email: FreeText = ""

    def contact(self) -> Contact:
        return Contact(self.role, self.name, self.phone, self.email)


class ServicePart(Part):
    """A service of ``services:``."""

    port: Port
    protocol: Protocol = "tcp"
    purpose: Line

    def service(self) -> Service:
        return Service(self.port, self.protocol, self.purpose)


class ReachPart(Part):
    """How an asset is visited; ``key: agent`` is short for ``agent: true``."""

    transport: TransportWord = "none"
    port: Port = 22
    user: User = ""
    key: KeyReference = ""
    passphrase: SecretReference = ""
    password: SecretReference = ""
    agent: bool = False
    sudo: SudoWord = "none"
    sudo_password: SecretReference = ""

    def reach(self) -> Reach:
        agent = self.agent or self.key == "agent"
        key = "" if self.key == "agent" else self.key
        return Reach(
            self.transport,
            self.port,
            self.user,
            key,
            self.passphrase,
            self.password,
            agent,
            Sudo(self.sudo),
            self.sudo_password,
        )


class AssetPart(Part):
    """An asset of ``assets:``."""

    id: Id
    kind: Kind
    name: Line
    address: Address = ""
    zone: FreeText = ""
    importance: Importance = ""
    reach: ReachPart = ReachPart()
    services: Many[ServicePart] = ()
    hypervisor: FreeText = ""

    def asset(self) -> Asset:
        return Asset(
            id=self.id,
            kind=self.kind,
            name=self.name,
            address=self.address,
            zone=self.zone,
            importance=self.importance,
            reach=self.reach.reach(),
            services=tuple(part.service() for part in self.services),
            hypervisor=self.hypervisor,
        )


class TargetPart(Part):
    """A copy elsewhere, of ``targets:``: a registered ``asset``, or an ``address``."""

    asset: FreeText = ""
    address: FreeText = ""
    path: FreeText = ""
    off_site: bool = False

    def target(self) -> Target:
        return Target(self.address, self.path, self.asset, self.off_site)


class DataSetPart(Part):
    """A data set of ``data_sets:``."""

    id: Id
    name: Line
    kind: DataKind = "business"
    asset: FreeText
    artefacts: Many[Artefact] = ()
    method: Line
    job: FreeText = ""
    rpo_h: Hours
    rto_h: Hours
    targets: Many[TargetPart] = ()

    def data_set(self) -> DataSet:
        return DataSet(
            self.id,
            self.name,
            self.kind,
            self.asset,
            self.artefacts,
            self.method,
            self.job,
            self.rpo_h,
            self.rto_h,
            tuple(part.target() for part in self.targets),
        )


class SystemPart(Part):
    """A system file. What ``classified`` and ``secrecy`` may say is judged apart (``classified.py``)."""

    id: Id
    name: Line
    organisation: FreeText
    grade: GradeText
    description: FreeText = ""
    classified: bool = False
    secrecy: FreeText = ""
    filing_number: FilingNumber = ""
    filed_on: PastDate = None
    evaluated_on: PastDate = None
    internet_facing: bool = False
    agencies: Many[Agency] = ()
    contacts: Many[ContactPart] = ()
    assets: Many[AssetPart] = ()
    data_sets: Many[DataSetPart] = ()

    def system(self) -> System:
        return System(
            id=self.id,
            name=self.name,
            organisation=self.organisation,
            grade=grade_of(self.grade),
            description=self.description,
            filing_number=self.filing_number,
            filed_on=self.filed_on,
            evaluated_on=self.evaluated_on,
            internet_facing=self.internet_facing,
            agencies=self.agencies,
            contacts=tuple(part.contact() for part in self.contacts),
            assets=tuple(part.asset() for part in self.assets),
            data_sets=tuple(part.data_set() for part in self.data_sets),
        )
