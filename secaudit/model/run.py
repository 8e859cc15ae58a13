"""One audit: what was planned, what happened, with which versions."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from secaudit.model.content import Profile
from secaudit.model.evidence import Gap, Probe
from secaudit.model.register import Authorisation, Organisation, System
from secaudit.model.result import Result


class RunState(StrEnum):
    """How far a run is. An interrupted run can be resumed."""

    RUNNING = "running"
    INTERRUPTED = "interrupted"
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class Expected:
    """One verdict that the plan owes: a check on an object of an asset."""

    check_id: str
    object_id: str


@dataclass(frozen=True, slots=True)
class AssetPlan:
    """What will be asked of one asset; ``outside_ports`` are TCP ports looked at from the controller.

    ``authorisation`` is "" where none covered the asset when the plan was made.
    """

    system_id: str
    asset_id: str
    probes: tuple[Probe, ...]
    expected: tuple[Expected, ...]
    authorisation: str
    outside_ports: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a run owes: the frozen systems and profiles, and a plan for each asset that is visited.

    ``profiles`` maps a system's id to its profile. ``only`` are the checks that a retest is limited to; () is all that
    the assets owe, and nothing less is a run of a whole system.
    """

    organisations: tuple[Organisation, ...]
    systems: tuple[System, ...]
    profiles: dict[str, Profile]
    assets: tuple[AssetPlan, ...]
    only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PluginVersion:
    """A plug-in: ``group`` is ``facts``, ``checks``, ``transports`` or ``formats``, ``name`` its entry point.

    ``reason`` says why it cannot be used ("" when it can); ``package`` is the distribution that brings it.
    """

    group: str
    name: str
    package: str
    version: str
    reason: str = ""

    def __str__(self) -> str:
        return f"{self.package} {self.version}, secaudit.{self.group}: {self.name}"


@dataclass(frozen=True, slots=True)
class Versions:
    """What judged: version of the tool, of Python, the hash over all content files, and the plug-ins there were."""

    tool: str
    python: str
    content_hash: str
    plugins: tuple[PluginVersion, ...] = ()

    def judge_like(self, other: "Versions") -> bool:
        """Whether verdicts of the one count as verdicts of the other: the same content and facts."""
        return (self.content_hash, self._judging()) == (other.content_hash, other._judging())

    def _judging(self) -> list[tuple[str, ...]]:
        """The plug-ins that have a say in a verdict, and whether they could be used; reasons may be worded anew."""
        return sorted(
            (plugin.group, plugin.name, plugin.package, plugin.version, str(not plugin.reason))
            for plugin in self.plugins
            if plugin.group in ("facts", "checks")
        )


@dataclass(frozen=True, slots=True)
class Run:
    """One audit as stored."""

    id: str
    state: RunState
    started_at: datetime
    ended_at: datetime | None
    plan: Plan
    versions: Versions


@dataclass(frozen=True, slots=True)
class AssetRecord:
    """What a report knows of one asset of a run without its raw outputs.

    ``observations`` are kept apart (the store loads them when evidence is shown); ``gap`` is set when the
    asset was not visited. ``authorised`` is the authorisation as it stood then.
    """

    asset_id: str
    started_at: datetime
    ended_at: datetime
    target_time: datetime | None
    authorisation: str
    gap: Gap | None
    channel: dict[str, str]
    results: tuple[Result, ...]
    clock_ahead_s: int | None = None
    authorised: Authorisation | None = None
