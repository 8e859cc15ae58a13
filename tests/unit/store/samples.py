"""Runs, visits and results to store."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from secaudit.model.content import Profile
from secaudit.model.evidence import Gap, GapReason, Observation, Probe, Visit
from secaudit.model.register import Asset, Authorisation, DataSet, Grade, Organisation, Reach, System, Target
from secaudit.model.result import Offender, Result, Verdict
from secaudit.model.run import AssetPlan, Expected, Plan, Run, RunState, Versions
from secaudit.model.text import Text

START = datetime(2026, 11, 23, 22, 0, 0, 250_000, tzinfo=UTC)
VERSIONS = Versions("1.0", "3.11", "ab" * 32)
PROBES = tuple(Probe(f"probe.{n}", f"cat /etc/file{n}\necho done", root=n % 2 == 0) for n in range(40))

AUTHORISATION = Authorisation("2026-001", ("oa",), "张三", "doc 7", START, START + timedelta(days=1))


def system(hosts: int = 2) -> System:
    """A level-3 system with that many hosts and a data set."""
    assets = tuple(
        Asset(f"h{n}", "linux", f"主机 {n}", f"192.0.2.{n}", reach=Reach("ssh", user="audit"))
        for n in range(1, hosts + 1)
    )
    target = Target("192.0.2.9", "/copy", "", True)
    data_set = DataSet(
        "oa-db", "公文库", "business", "h1", ("/backup/*.gz",), "dump", "dump.sh", 24, 8, (target,)
    )
    return System("oa", "办公系统", "office", Grade(3, 2), assets=assets, data_sets=(data_set,))


def plan(hosts: int = 2) -> Plan:
    """Each host is asked everything and owes two verdicts; the first host one more for its data set."""
    registered = system(hosts)
    profile = Profile("level-3", 3, Text("三级", "Level 3"), {"linux.a": {"max_days": 90, "names": ["x"]}})
    return Plan(
        (Organisation("city", "市"), Organisation("office", "局", "city")),
        (registered,),
        {"oa": profile},
        tuple(_asset_plan(asset.id) for asset in registered.assets),
    )


def _asset_plan(asset_id: str) -> AssetPlan:
    expected = [Expected("linux.a", asset_id), Expected("linux.b", asset_id)]
    if asset_id == "h1":
        expected.append(Expected("linux.backup", "oa-db"))
    return AssetPlan("oa", asset_id, PROBES, tuple(expected), AUTHORISATION.id, (22, 6379))


def run(run_id: str = "r1", hosts: int = 2, started_at: datetime = START) -> Run:
    """A run that has begun."""
    return Run(run_id, RunState.RUNNING, started_at, None, plan(hosts), VERSIONS)


def visit(asset_id: str, at: datetime = START, noise: bytes = b"") -> Visit:
    """A visit that answered every probe; ``noise`` is added to the first answer."""
    return Visit(
        asset_id,
        at,
        at + timedelta(seconds=3),
        at + timedelta(milliseconds=100),
        AUTHORISATION.id,
        tuple(_answer(n, probe, asset_id, noise if n == 0 else b"") for n, probe in enumerate(PROBES)),
        channel={"user": "audit", "cipher": "aes256-ctr"},
        clock_ahead_s=-4,
    )


def _answer(n: int, probe: Probe, asset_id: str, noise: bytes) -> Observation:
    output = bytes(range(256)) * n if n % 3 else f"{asset_id} says {n}\n".encode() * 5
    gap = Gap(GapReason.PROBE_TIMEOUT, "10 s") if n == 7 else None
    return Observation(
        probe.id,
        probe.definition_hash,
        probe.command,
        gap,
        output + noise,
        b"oops \xff\x00" if n == 5 else b"",
        None if gap else n % 2,
        probe.root,
        offset_ms=n * 11,
        duration_ms=n,
    )


def unreached(asset_id: str, at: datetime = START) -> Visit:
    """A visit that never came to pass: every answer is the same gap."""
    gap = Gap(GapReason.UNREACHABLE, "no route to 192.0.2.1")
    answers = tuple(
        replace(o, gap=gap, output=b"", errors=b"", exit_status=None) for o in visit(asset_id).observations
    )
    return Visit(asset_id, at, at, None, AUTHORISATION.id, answers, gap)


def results(asset_id: str, verdict: Verdict = Verdict.FAIL) -> tuple[Result, ...]:
    """Results with every field in use."""
    offender = Offender("root", Text("99999 天", "99999 days"), Text("90", "90"))
    gap = Gap(GapReason.NEEDS_ROOT, "shadow")
    return (
        Result("linux.a", asset_id, asset_id, verdict, (offender,), None, "", ("accounts",), ("probe.1",)),
        Result("linux.b", asset_id, asset_id, Verdict.UNKNOWN, (), gap, "account_ageing"),
        Result("linux.backup", asset_id, "oa-db", Verdict.PASS),
    )
