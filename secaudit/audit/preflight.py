"""The use case before a scan: one login an asset with a few questions; nothing is judged, stored or written there."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from secaudit.audit.findings import Finding, Topic, Weight, gravest
from secaudit.audit.host_findings import host_findings
from secaudit.audit.judging import Rules, Subject, subjects_of
from secaudit.audit.permits import Permits
from secaudit.audit.planning import Authorise
from secaudit.audit.reach_findings import Command, not_entered
from secaudit.audit.root_findings import root_findings
from secaudit.audit.stakes import Stakes, stakes_of
from secaudit.collect import Allow
from secaudit.facts.os import OS_RELEASE
from secaudit.facts.readiness import HOST, LINK, ROOT
from secaudit.model.evidence import Gap, Visit
from secaudit.model.register import Asset
from secaudit.model.run import AssetPlan, Plan

PROBES = (OS_RELEASE, HOST, LINK, ROOT)


@dataclass(frozen=True, slots=True)
class AssetReport:
    """What preflight knows of one asset; ``reached``: a login took place."""

    system_id: str
    asset_id: str
    reached: bool
    findings: tuple[Finding, ...]

    @property
    def weight(self) -> Weight | None:
        """The gravest of its findings."""
        return gravest(self.findings)


@dataclass(frozen=True, slots=True)
class Sounding:
    """What preflight is handed: how assets are visited, who allows it, the public key of an asset or "",
    and what makes a command line of our own arguments."""

    visits: Callable[[Sequence[AssetPlan], Mapping[str, Subject], Allow], Iterator[Visit]]
    authorise: Authorise
    public_key: Callable[[Asset], str]
    command: Command


def look_ahead(plan: Plan, rules: Rules, sounding: Sounding) -> Iterator[AssetReport]:
    """A report for each authorised asset as its visit ends; those that are no longer allowed by then come last."""
    subjects = subjects_of(plan)
    planned = {asset.asset_id: asset for asset in plan.assets if asset.authorisation}
    permits = Permits(sounding.authorise, subjects)
    for visit in sounding.visits(tuple(planned.values()), subjects, _asking_little(permits.allow)):
        own = planned.pop(visit.asset_id)
        subject = subjects[own.asset_id]
        stakes = stakes_of(own, subject, rules.content, rules.facts)
        yield report_of(own, subject.asset, visit, stakes, sounding)
    for own in planned.values():
        why = permits.refusals.get(own.asset_id) or next(iter(permits.refusals.values()))
        late = Finding(Weight.BLOCKS, Topic.AUTHORISATION, str(why))
        yield AssetReport(own.system_id, own.asset_id, False, (late,))


def report_of(
    planned: AssetPlan, asset: Asset, visit: Visit, stakes: Stakes, sounding: Sounding
) -> AssetReport:
    """What the answers of one visit say."""
    if visit.gap is not None:
        found = not_entered(asset, visit.gap, sounding.public_key(asset), sounding.command)
        return AssetReport(planned.system_id, asset.id, False, (found,))
    findings = tuple(host_findings(asset, visit, stakes))
    if _answered(visit):
        findings += tuple(root_findings(asset, _root_gap(visit), stakes))
    return AssetReport(planned.system_id, asset.id, True, findings)


def _asking_little(allow: Allow) -> Allow:
    def few(planned: AssetPlan) -> AssetPlan | Gap | None:
        allowed = allow(planned)
        if isinstance(allowed, AssetPlan):
            return replace(allowed, probes=PROBES, expected=(), outside_ports=())
        return allowed

    return few


def _answered(visit: Visit) -> bool:
    """Whether the login's own questions were answered: else those to root say nothing new."""
    return all(
        observation.gap is None for observation in visit.observations if observation.probe_id != ROOT.id
    )


def _root_gap(visit: Visit) -> Gap | None:
    return next(observation.gap for observation in visit.observations if observation.probe_id == ROOT.id)
