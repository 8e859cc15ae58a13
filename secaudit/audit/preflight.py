"""The use case before a scan: one login an asset with a few questions; nothing is judged, stored or written there."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from secaudit.audit.findings import Finding, Topic, Weight, gravest
from secaudit.audit.host_findings import host_findings
from secaudit.audit.judging import Rules, Subject, subjects_of
from secaudit.audit.permits import Permits
from secaudit.audit.planning import Authorise
from secaudit.audit.reach_findings import Command, not_entered
from secaudit.audit.root_findings import root_findings
from secaudit.audit.stakes import Stakes, stakes_of
from secaudit.collect import Allow
from secaudit.facts.command_timeout import COMMAND_TIMEOUT
from secaudit.facts.os import OS_RELEASE
from secaudit.facts.readiness import HOST, LINK, as_long_as, listed_question
from secaudit.model.evidence import Gap, Visit
from secaudit.model.register import Asset, Sudo
from secaudit.model.run import AssetPlan, Plan

OF_THE_USER: Final = (OS_RELEASE, HOST, LINK)


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
    for visit in sounding.visits(tuple(planned.values()), subjects, _asking_little(permits.allow, subjects)):
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
        findings += tuple(root_findings(asset, planned.probes, visit, stakes, sounding.command))
    return AssetReport(planned.system_id, asset.id, True, findings)


def _asking_little(allow: Allow, subjects: Mapping[str, Subject]) -> Allow:
    def few(planned: AssetPlan) -> AssetPlan | Gap | None:
        allowed = allow(planned)
        if isinstance(allowed, AssetPlan):
            return _with_few_questions(allowed, subjects[allowed.asset_id].asset)
        return allowed

    return few


def _with_few_questions(planned: AssetPlan, asset: Asset) -> AssetPlan:
    """Root is asked once; where it is had by listed commands, each of them is tried."""
    to_root = (
        tuple(listed_question(probe) for probe in planned.probes if probe.as_root)
        if asset.reach.sudo is Sudo.LISTED
        else (as_long_as(planned.probes), COMMAND_TIMEOUT)
    )
    return replace(planned, probes=(*OF_THE_USER, *to_root), expected=(), outside_ports=())


def _answered(visit: Visit) -> bool:
    """Whether the questions to the user were answered: else those to root say nothing new."""
    own = {probe.id for probe in OF_THE_USER}
    return all(seen.gap is None for seen in visit.observations if seen.probe_id in own)
