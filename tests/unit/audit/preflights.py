"""Visits of a preflight as samples answer, and what is made of them."""

from collections.abc import Iterator, Mapping, Sequence

from secaudit.audit import Asked, Subject, make_plan
from secaudit.audit.findings import Finding, Where
from secaudit.audit.planning import Authorise
from secaudit.audit.preflight import OF_THE_USER, AssetReport, Sounding, look_ahead
from secaudit.collect import Allow
from secaudit.facts.command_timeout import COMMAND_TIMEOUT
from secaudit.facts.os import OS_RELEASE
from secaudit.facts.programs import LOOKED_FOR
from secaudit.facts.readiness import HOST, LINK, LINK_LINE, LINK_LINES, ROOT
from secaudit.model.evidence import Gap, Observation, Probe, Visit
from secaudit.model.register import Asset, Reach, Sudo
from secaudit.model.run import AssetPlan, Plan
from tests.unit.audit import samples

NOW = samples.NOW
PROBES = (*OF_THE_USER, ROOT, COMMAND_TIMEOUT)
PUBLIC = "ssh-ed25519 AAAAC3Nza"
PROGRAMS = "".join(f"program {name}\n" for name in LOOKED_FOR)
SOUND = {
    OS_RELEASE.id: "ID=debian\n",
    HOST.id: f"{PROGRAMS}proc here\nproc all\nend\n",
    LINK.id: f"{LINK_LINE}\n" * LINK_LINES,
    ROOT.id: "root\n",
    COMMAND_TIMEOUT.id: "",
}
HOST_1 = Asset(
    "oa-1",
    "linux",
    "oa-1",
    "192.0.2.1",
    reach=Reach("ssh", 2222, "audit", key="file:~/keys/my key", sudo=Sudo.ALL),
)


def answer(probe: Probe, answers: Mapping[str, str | Gap]) -> Observation:
    told = answers[probe.id]
    if isinstance(told, Gap):
        return Observation(probe.id, probe.definition_hash, probe.command, told)
    return Observation(probe.id, probe.definition_hash, probe.command, output=told.encode(), exit_status=0)


def visit(gap: Gap | None = None, ahead_s: int | None = 0, **answers: str | Gap) -> Visit:
    """A visit to ``oa-1``; ``HOST``, ``ROOT`` … replace what a sound host answers."""
    ids = {
        "OS": OS_RELEASE.id,
        "HOST": HOST.id,
        "LINK": LINK.id,
        "ROOT": ROOT.id,
        "LIMIT": COMMAND_TIMEOUT.id,
    }
    told = {**SOUND, **{ids[name]: text for name, text in answers.items()}}
    seen = tuple(answer(probe, told) for probe in PROBES)
    channel = {"user": "audit", "uid": "1000", "limiter": "timeout"}
    return Visit("oa-1", NOW, NOW, NOW, "a-1", seen, gap, channel, ahead_s)


def planned(asset: Asset = HOST_1) -> Plan:
    register = samples.register(samples.system("oa", asset))
    made = samples.rules(samples.YOUNG, samples.NAMED)
    return make_plan(register, made.content, samples.FACTS, Asked(), samples.allowed(port_scan=True))


def sounding(*visits: Visit, authorise: Authorise | None = None) -> Sounding:
    """Gives back these visits, and holds that each plan asks what preflight asks and nothing else."""

    def visited(plans: Sequence[AssetPlan], subjects: Mapping[str, Subject], allow: Allow) -> Iterator[Visit]:
        coming = iter(visits)
        for asked in plans:
            plan = allow(asked)
            if plan is None:
                return
            assert isinstance(plan, AssetPlan)
            one = next(coming)
            assert [probe.id for probe in plan.probes] == [seen.probe_id for seen in one.observations]
            assert plan.outside_ports == ()
            assert plan.asset_id in subjects
            yield one

    return Sounding(
        visited,
        authorise or samples.allowed(),
        lambda _asset: PUBLIC,
        lambda arguments: f"secaudit {arguments}",
    )


def report(one: Visit, asset: Asset = HOST_1) -> AssetReport:
    made = samples.rules(samples.YOUNG, samples.NAMED)
    (told,) = look_ahead(planned(asset), made, sounding(one))
    return told


def only(one: Visit, asset: Asset = HOST_1) -> Finding:
    (finding,) = report(one, asset).findings
    return finding


def fixes(finding: Finding, where: Where = Where.ASSET_ROOT) -> list[str]:
    return [fix.text for fix in finding.fixes if fix.where is where]
