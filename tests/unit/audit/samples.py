"""A tiny world to audit: two facts, a few checks, a register, hosts that answer what they are told to."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from secaudit.audit import Rules, Steps, Subject
from secaudit.collect import Allow
from secaudit.collect.visit import unvisited
from secaudit.content import Content
from secaudit.facts.fact import Evidence, Fact
from secaudit.judge import Judge
from secaudit.model.content import Catalogue, Check, Profile, References, Severity
from secaudit.model.evidence import Gap, GapReason, Observation, Probe, Visit
from secaudit.model.register import (
    Asset,
    Authorisation,
    DataSet,
    Grade,
    Organisation,
    Reach,
    Register,
    Service,
    System,
)
from secaudit.model.result import Result
from secaudit.model.run import AssetPlan, Versions
from secaudit.model.text import Text
from tests.unit.assess import samples as assess_samples

NOW = datetime(2026, 11, 23, 22, 0, tzinfo=UTC)
TEXT = Text("文", "text")
AGE = Probe("age", "cat /age")
NAME = Probe("name", "cat /name", root=True)


@dataclass(frozen=True, slots=True)
class Copy:
    """A backup of a data set."""

    object: str
    age: int


def _age(evidence: Evidence) -> int:
    return int(evidence.text("age"))


def _name(evidence: Evidence) -> str:
    return evidence.text("name").strip() + str(evidence.fact("age"))


def _copies(evidence: Evidence) -> tuple[Copy, ...]:
    declared = evidence.system.data_sets_of(evidence.asset.id)
    return tuple(Copy(d.id, int(evidence.text(f"copy.{d.id}"))) for d in declared)


def _copy_probes(asset: Asset, system: System) -> tuple[Probe, ...]:
    return tuple(Probe(f"copy.{d.id}", f"stat {d.artefacts[0]}") for d in system.data_sets_of(asset.id))


FACTS = {
    "age": Fact("age", TEXT, int, _age, (AGE,)),
    "name": Fact("name", TEXT, str, _name, (NAME,), uses=("age",)),
    "copies": Fact("copies", TEXT, tuple[Copy, ...], _copies, probes_for=_copy_probes),
}


def check(name: str, needs: str, passes: str, proves: str = "ces.x.a#1", **more: object) -> Check:
    """A check on one fact."""
    plain = Check(name, TEXT, Severity.MEDIUM, "linux", (needs,), TEXT, (proves,), (3,), pass_when=passes)
    return replace(plain, **more)  # type: ignore[arg-type]


YOUNG = check("linux.young", "age", "age < 10")
NAMED = check("linux.named", "name", "name == 'ada5'")
COPIED = check("linux.copied", "copies", "each.age < 24", "ces.backup.a#1", each="copies")


def content(*checks: Check, content_hash: str = "one") -> Content:
    """Content with these checks and catalogues in which backup is an item of class A."""

    def items(level: int) -> Catalogue:
        backup = assess_samples.step(key="ces.backup.a", objects=("business-data",))
        return assess_samples.catalogue(
            assess_samples.requirement(level=level),
            assess_samples.requirement(backup, key="ces.backup.a", level=level, classification="A"),
            level=level,
        )

    profiles = {f"level-{n}": Profile(f"level-{n}", n, TEXT) for n in (1, 2, 3, 4)}
    chosen = {one.id: one for one in (checks or (YOUNG, NAMED, COPIED))}
    return Content(chosen, {n: items(n) for n in (1, 2, 3, 4)}, profiles, References(), {}, {}, content_hash)


def rules(*checks: Check, content_hash: str = "one") -> Rules:
    """What judges."""
    made = content(*checks, content_hash=content_hash)
    return Rules(made, FACTS, Judge(made.checks), Versions("1.0", "3.11", content_hash))


def host(name: str, transport: str = "ssh", **more: object) -> Asset:
    """A Linux host."""
    plain = Asset(name, "linux", name, "192.0.2.1", reach=Reach(transport))
    return replace(plain, **more)  # type: ignore[arg-type]


def data_set(name: str, on: str) -> DataSet:
    """A declared data set."""
    return DataSet(name, name, "business", on, (f"/backup/{name}",), "dump", "", 24, 8)


def system(name: str = "oa", *assets: Asset, data_sets: tuple[DataSet, ...] = (), a: int = 3) -> System:
    """A system of S3."""
    hosts = assets or (host(f"{name}-1"), host(f"{name}-2"))
    return System(name, name, "office", Grade(3, a), assets=hosts, data_sets=data_sets)


def register(*systems: System) -> Register:
    """A register with these systems."""
    return Register((Organisation("office", "Office"),), systems or (system(),))


def authorisation(*, port_scan: bool = False) -> Authorisation:
    """Valid, whenever it is."""
    return Authorisation("a-1", ("oa",), "p", "d", NOW, NOW + timedelta(days=1), port_scan)


SERVICES = (Service(443, "tcp", "web"), Service(53, "udp", "names"), Service(0, "tcp", "none"))


@dataclass(slots=True)
class Hosts:
    """Hosts that answer every probe: what is told here, else ``5``; a host in ``down`` cannot be reached.

    ``stop_after`` visits Ctrl-C is pressed.
    """

    answers: dict[str, str] = field(default_factory=dict)
    down: tuple[str, ...] = ()
    stop_after: int | None = None
    visited: list[AssetPlan] = field(default_factory=list)
    told: list[tuple[str, int]] = field(default_factory=list)

    def steps(self) -> Steps:
        """What an audit is handed."""
        ticks = iter(range(10_000))
        return Steps(self.visits, allowed(), lambda: NOW + timedelta(seconds=next(ticks)), self._tell)

    def visits(
        self, plans: Sequence[AssetPlan], subjects: Mapping[str, Subject], allow: Allow
    ) -> Iterator[Visit]:
        """One visit for each plan that is allowed."""
        for done, planned in enumerate(plans):
            if done == self.stop_after:
                raise KeyboardInterrupt
            assert subjects[planned.asset_id].asset.id == planned.asset_id
            plan = allow(planned)
            if isinstance(plan, Gap):
                yield unvisited(planned, plan)
            elif plan is not None:
                self.visited.append(plan)
                yield self._visit(plan)

    def _visit(self, plan: AssetPlan) -> Visit:
        gap = Gap(GapReason.UNREACHABLE, "no route") if plan.asset_id in self.down else None
        answers = tuple(self._answer(probe, gap) for probe in plan.probes)
        clock = None if gap else NOW - timedelta(minutes=3)
        return Visit(plan.asset_id, NOW, NOW, clock, plan.authorisation, answers, gap)

    def _answer(self, probe: Probe, gap: Gap | None) -> Observation:
        output = b"" if gap else self.answers.get(probe.id, "5").encode()
        status = None if gap else 0
        return Observation(probe.id, probe.definition_hash, probe.command, gap, output, exit_status=status)

    def _tell(self, visit: Visit, results: Sequence[Result]) -> None:
        self.told.append((visit.asset_id, len(results)))


def allowed(*, port_scan: bool = False) -> Callable[[str, Asset], Authorisation]:
    """Everything is authorised."""
    return lambda _system, _asset: authorisation(port_scan=port_scan)
