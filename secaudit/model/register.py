"""What the office owns and who allowed what: organisations, systems, assets, authorisations."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from secaudit.model.content import Extension
from secaudit.model.duties import DutyRecord
from secaudit.model.scope import Platform, Sample


class Sudo(StrEnum):
    """How root is had on an asset: declared, never found out by trial.

    ``all``: everything without a password; ``listed``: the commands of the sudoers file that secaudit prints,
    without a password; ``password``: everything with one.
    """

    NONE = "none"
    ALL = "all"
    LISTED = "listed"
    PASSWORD = "password"


@dataclass(frozen=True, slots=True)
class SharedObject:
    """Something that serves systems of an organisation and those below (a machine room, a rule, a person).

    ``systems`` limits which; empty means all.
    """

    id: str
    kind: str
    name: str
    systems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Contact:
    """A responsible person of a system, or of an organisation and all below it."""

    role: str
    name: str
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Organisation:
    """Who owns systems; ``parent`` makes the tree (province, city, county, department)."""

    id: str
    name: str
    parent: str | None = None
    objects: tuple[SharedObject, ...] = ()
    contacts: tuple[Contact, ...] = ()


@dataclass(frozen=True, slots=True)
class Grade:
    """The grading of a system (GB/T 22240-2020): S business information, A system service, both 1 to 4."""

    s: int
    a: int

    @property
    def level(self) -> int:
        """G, the level of the system: max(S, A)."""
        return max(self.s, self.a)

    def __str__(self) -> str:
        return f"S{self.s}A{self.a}G{self.level}"


@dataclass(frozen=True, slots=True)
class Service:
    """A service that an asset is meant to offer: why this port is open. ``port`` 0 means none is opened."""

    port: int
    protocol: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Target:
    """A copy of a data set elsewhere. ``asset`` is a registered asset, or "" with ``address`` for another place."""

    address: str
    path: str = ""
    asset: str = ""
    off_site: bool = False


@dataclass(frozen=True, slots=True)
class DataSet:
    """Data that must survive: what is backed up from where, how, and how old a backup may be.

    ``artefacts`` are absolute paths or shell patterns (``/backup/db-*.gz``) on ``asset``, where the backups
    lie. ``job`` is a text that the backup job's command line or unit name holds as whole words, in a job of
    the system or in root's crontab; "" when no job runs on the asset. ``kind`` is ``business`` or
    ``configuration``. RPO and RTO in hours (GB/T 20988).

    The rest is what the data survey (数据摸底) asks: ``data_grade`` general, important or core (数据安全法 art. 21),
    ``personal`` none, personal or sensitive and of how many ``persons``; volumes in whole GB; where it comes
    from, where it lies, who else receives it, whether it leaves the country, who is responsible.
    """

    id: str
    name: str
    kind: str
    asset: str
    artefacts: tuple[str, ...]
    method: str
    job: str
    rpo_h: int
    rto_h: int
    targets: tuple[Target, ...] = ()
    category: str = ""
    data_grade: str = ""
    personal: str = ""
    persons: int | None = None
    volume_gb: int | None = None
    monthly_growth_gb: int | None = None
    origin: str = ""
    storage: str = ""
    recipients: str = ""
    cross_border: bool | None = None
    responsible: str = ""


@dataclass(frozen=True, slots=True)
class Hop:
    """A jump host: an SSH server on the way to assets, with credentials of its own (references).

    ``agent_key`` is the fingerprint of the only key of the agent that is offered; ``weak_algorithms`` may be
    agreed on although they are refused elsewhere.
    """

    id: str
    address: str
    port: int = 22
    user: str = ""
    key: str = ""
    passphrase: str = ""
    password: str = ""
    agent: bool = False
    agent_key: str = ""
    weak_algorithms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reach:
    """How an asset is visited. Credentials are references (``env:NAME``, ``file:PATH``, ``agent``, ``prompt``).

    ``sudo_password`` is for ``sudo: password``; "" where it is the login's. ``jump`` are the jump hosts in the
    order in which they are passed; the rest is as in ``Hop``.
    """

    transport: str = "none"
    port: int = 22
    user: str = ""
    key: str = ""
    passphrase: str = ""
    password: str = ""
    agent: bool = False
    sudo: Sudo = Sudo.NONE
    sudo_password: str = ""
    agent_key: str = ""
    weak_algorithms: tuple[str, ...] = ()
    jump: tuple[Hop, ...] = ()

    @property
    def password_of_sudo(self) -> tuple[str, str]:
        """What sudo is answered when it asks: the kind of secret and its reference."""
        if self.sudo_password:
            return "sudo password", self.sudo_password
        return "password", self.password


@dataclass(frozen=True, slots=True)
class Asset:
    """Something of a system that is owned and perhaps reached; ``kind`` is ``linux``, ``application`` …

    ``hypervisor`` names the machine on which a virtual one runs. ``own_login`` is False of software that nobody
    logs in to (a web server): who administers it logs in to its host. ``formerly`` are ids that it had before.
    """

    id: str
    kind: str
    name: str
    address: str = ""
    zone: str = ""
    importance: str = ""
    reach: Reach = field(default_factory=Reach)
    services: tuple[Service, ...] = ()
    hypervisor: str = ""
    own_login: bool = True
    formerly: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class System(DutyRecord):
    """A registered system (定级对象) with its grading, filing, people, assets and data sets.

    ``profile`` is what it is audited by; "" stands for that of its level. ``extensions`` are the extension
    requirements that it owes beside the general ones. ``samples`` say which assets stand for their kind; of the
    other kinds all are judged. ``shared`` are the objects of its organisations that serve it. ``platform`` is
    the cloud that it is a tenant of.
    """

    id: str
    name: str
    organisation: str
    grade: Grade
    description: str = ""
    internet_facing: bool = False
    agencies: tuple[str, ...] = ()
    contacts: tuple[Contact, ...] = ()
    assets: tuple[Asset, ...] = ()
    data_sets: tuple[DataSet, ...] = ()
    profile: str = ""
    extensions: tuple[Extension, ...] = ()
    samples: tuple[Sample, ...] = ()
    shared: tuple[Asset, ...] = ()
    platform: Platform | None = None

    @property
    def level(self) -> int:
        """The level whose requirements apply."""
        return self.grade.level

    def is_judged(self, asset: Asset) -> bool:
        """Whether items are judged on that asset: all of its kind are, or it was chosen."""
        return all(asset.id in sample.assets for sample in self.samples if sample.kind == asset.kind)

    def data_sets_of(self, asset_id: str) -> tuple[DataSet, ...]:
        """The data sets whose backups lie on that asset."""
        return tuple(d for d in self.data_sets if d.asset == asset_id)


@dataclass(frozen=True, slots=True)
class Window:
    """Hours of the week on the office's clock.

    ``days`` are those on which it opens (0 is Monday); ``start_min`` and ``end_min`` are minutes after midnight.
    An end that is not after the start is of the next day.
    """

    days: tuple[int, ...]
    start_min: int
    end_min: int


@dataclass(frozen=True, slots=True)
class Authorisation:
    """Who allowed which scan of which assets, and when: of the systems named those in ``zones`` and of ``kinds``.

    An empty ``zones`` or ``kinds`` means all; without ``windows`` it is open all the time until
    ``valid_until``. ``port_scan`` allows the view from outside. ``file`` is the approval as a file of the
    workspace, ``file_sha256`` what it was when it was put on record.
    """

    id: str
    systems: tuple[str, ...]
    approver: str
    document: str
    valid_from: datetime
    valid_until: datetime
    port_scan: bool = False
    revoked_at: datetime | None = None
    reason: str = ""
    zones: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    windows: tuple[Window, ...] = ()
    file: str = ""
    file_sha256: str = ""

    def covers(self, system_id: str, asset: Asset) -> bool:
        """Whether the asset is of what was allowed, whenever that is."""
        in_zone = not self.zones or asset.zone in self.zones
        return system_id in self.systems and in_zone and (not self.kinds or asset.kind in self.kinds)


@dataclass(frozen=True, slots=True)
class Blackout:
    """A period in which nothing is scanned; of these systems and zones, when any are named."""

    start: datetime
    end: datetime
    reason: str
    systems: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()

    def covers(self, system_id: str, asset: Asset) -> bool:
        """Whether the asset is one of those that are left alone."""
        of_system = not self.systems or system_id in self.systems
        return of_system and (not self.zones or asset.zone in self.zones)


@dataclass(frozen=True, slots=True)
class Register:
    """Everything registered in a workspace.

    ``altered`` are the authorisations whose file is missing, or another one than was put on record.
    """

    organisations: tuple[Organisation, ...]
    systems: tuple[System, ...]
    authorisations: tuple[Authorisation, ...] = ()
    blackouts: tuple[Blackout, ...] = ()
    jump_hosts: tuple[Hop, ...] = ()
    altered: tuple[str, ...] = ()
