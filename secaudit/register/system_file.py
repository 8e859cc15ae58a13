"""A system file as pydantic reads it: the shape of ``systems/*.yaml``."""

from collections.abc import Mapping
from dataclasses import fields

from secaudit.model.content import Extension
from secaudit.model.register import (
    Asset,
    Contact,
    DataSet,
    Hop,
    Reach,
    Service,
    Sudo,
    System,
    Target,
)
from secaudit.register.duty_file import DutyPart
from secaudit.register.part import Many, Part
from secaudit.register.reach_values import (
    Address,
    AgentKey,
    JumpIds,
    KeyReference,
    Port,
    Protocol,
    SecretReference,
    SudoWord,
    TransportWord,
    User,
    WeakAlgorithm,
)
from secaudit.register.scope_file import PlatformPart, SamplePart
from secaudit.register.values import (
    Agency,
    Artefact,
    Count,
    DataGrade,
    DataKind,
    ExtensionWord,
    FreeText,
    GradeText,
    Hours,
    Id,
    Importance,
    Kind,
    Line,
    Personal,
    Role,
    grade_of,
)


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


class LoginPart(Part):
    """How an SSH server is logged in to; ``key: agent`` is short for ``agent: true``, which ``agent_key`` implies."""

    port: Port = 22
    user: User = ""
    key: KeyReference = ""
    passphrase: SecretReference = ""
    password: SecretReference = ""
    agent: bool = False
    agent_key: AgentKey = ""
    weak_algorithms: Many[WeakAlgorithm] = ()

    @property
    def key_reference(self) -> str:
        return "" if self.key == "agent" else self.key

    @property
    def by_agent(self) -> bool:
        return self.agent or self.key == "agent" or bool(self.agent_key)


class ReachPart(LoginPart):
    """How an asset is visited; ``jump`` names jump hosts of ``secaudit.yaml`` (a single one without a list too)."""

    transport: TransportWord = "none"
    sudo: SudoWord = "none"
    sudo_password: SecretReference = ""
    jump: JumpIds = ()

    def reach(self, jump_hosts: Mapping[str, Hop]) -> Reach:
        return Reach(
            transport=self.transport,
            port=self.port,
            user=self.user,
            key=self.key_reference,
            passphrase=self.passphrase,
            password=self.password,
            agent=self.by_agent,
            sudo=Sudo(self.sudo),
            sudo_password=self.sudo_password,
            agent_key=self.agent_key,
            weak_algorithms=self.weak_algorithms,
            jump=tuple(jump_hosts[name] for name in self.jump if name in jump_hosts),
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
    own_login: bool = True
    formerly: Many[Id] = ()

    def asset(self, jump_hosts: Mapping[str, Hop]) -> Asset:
        return Asset(
            id=self.id,
            kind=self.kind,
            name=self.name,
            address=self.address,
            zone=self.zone,
            importance=self.importance,
            reach=self.reach.reach(jump_hosts),
            services=tuple(part.service() for part in self.services),
            hypervisor=self.hypervisor,
            own_login=self.own_login,
            formerly=tuple(self.formerly),
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
    category: FreeText = ""
    data_grade: DataGrade = ""
    personal: Personal = ""
    persons: Count | None = None
    volume_gb: Count | None = None
    monthly_growth_gb: Count | None = None
    origin: FreeText = ""
    storage: FreeText = ""
    recipients: FreeText = ""
    cross_border: bool | None = None
    responsible: FreeText = ""

    def data_set(self) -> DataSet:
        said = {field.name: getattr(self, field.name) for field in fields(DataSet)}
        return DataSet(**{**said, "targets": tuple(part.target() for part in self.targets)})


class SystemPart(DutyPart):
    """A system file. What ``classified`` and ``secrecy`` may say is judged apart (``classified.py``)."""

    id: Id
    name: Line
    organisation: FreeText
    grade: GradeText
    description: FreeText = ""
    classified: bool = False
    secrecy: FreeText = ""
    internet_facing: bool = False
    profile: FreeText = ""
    extensions: Many[ExtensionWord] = ()
    agencies: Many[Agency] = ()
    contacts: Many[ContactPart] = ()
    assets: Many[AssetPart] = ()
    data_sets: Many[DataSetPart] = ()
    sampling: Many[SamplePart] = ()
    platform: PlatformPart | None = None

    def system(self, jump_hosts: Mapping[str, Hop]) -> System:
        """The system; its assets are reached through these jump hosts by id."""
        return System(
            id=self.id,
            name=self.name,
            organisation=self.organisation,
            grade=grade_of(self.grade),
            description=self.description,
            internet_facing=self.internet_facing,
            profile=self.profile,
            extensions=tuple(one for one in Extension if one in self.extensions),
            agencies=self.agencies,
            contacts=tuple(part.contact() for part in self.contacts),
            assets=tuple(part.asset(jump_hosts) for part in self.assets),
            data_sets=tuple(part.data_set() for part in self.data_sets),
            samples=tuple(part.sample() for part in self.sampling),
            platform=self.platform.platform() if self.platform else None,
            **self.duties(),
        )
