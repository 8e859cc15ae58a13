"""Bundles into a run: the same plan, evidence and verdicts as of a visit over the network."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from secaudit.audit.judging import Rules, Subject, judge_evidence, moment_of, subjects_of
from secaudit.audit.owner import this_process
from secaudit.audit.planning import Asked, make_plan
from secaudit.audit.running import new_id
from secaudit.collect.bundle import Collected, open_bundle
from secaudit.collect.bundle_header import Header
from secaudit.collect.bundle_signature import Signer
from secaudit.errors import BundleError, UsageError
from secaudit.language import _
from secaudit.model.evidence import BUNDLE, Gap, GapReason, Observation, Visit
from secaudit.model.register import Asset, Authorisation, Register
from secaudit.model.result import Result
from secaudit.model.run import AssetPlan, Run, RunState
from secaudit.register.times import in_zone, shown
from secaudit.store import Store
from secaudit.store.bundles import already_imported

# what two clocks may differ without anybody having set one wrong
CLOCKS_APART: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms bundles are taken in. ``asset`` and ``collected_at`` overrule what a bundle says.

    ``authorise`` says who allowed the scan of an asset of a system at a moment; raises NotAuthorised. ``signer``
    is the key that must have signed: a bundle without a signature is refused then, or cutting it off would help.
    """

    authorise: Callable[[str, Asset, datetime], Authorisation]
    now: datetime
    asset: str = ""
    collected_at: datetime | None = None
    signer: Signer | None = None


# a visit with what was judged of it
Judged = tuple[Visit, tuple[Result, ...]]


@dataclass(frozen=True, slots=True)
class Received:
    """A bundle that was read and may be kept: as the visit that it stands for."""

    plan: AssetPlan
    visit: Visit


def receive(path: Path, register: Register, rules: Rules, store: Store, terms: Terms) -> Received:
    """Read one bundle whole. Raises BundleError, UsageError: nothing of it is kept then."""
    with open_bundle(path) as bundle:
        asset_id = terms.asset or bundle.header.asset
        asset = _asset(bundle.header, asset_id, register)
        planned = _planned(asset, register, rules)
        collected = bundle.read(planned.probes)
    known = store.run_of_bundle(collected.sha256)
    if known is not None:
        raise already_imported(asset_id, known)
    at = _collection_moment(collected, terms)
    allowed = terms.authorise(planned.system_id, asset, at)
    planned = replace(planned, authorisation=allowed.id)
    visit = _visit(planned, bundle.header, collected, at, terms)
    return Received(planned, replace(visit, authorised=allowed))


def store_received(
    store: Store, received: Sequence[Received], register: Register, rules: Rules, now: datetime
) -> tuple[str, list[Judged]]:
    """Judge bundles and keep them as one run, whole or not at all; returns its id, and each visit with its results.

    Raises BundleError where another import was faster with one of them.
    """
    by_asset = {one.plan.asset_id: one for one in received}
    made = make_plan(
        register, rules.content, rules.facts, Asked(assets=tuple(by_asset)), lambda _system, _asset: None
    )
    plan = replace(made, assets=tuple(by_asset[planned.asset_id].plan for planned in made.assets))
    subjects = subjects_of(plan)
    judged = [_judged(by_asset[planned.asset_id], subjects, rules) for planned in plan.assets]
    run = Run(new_id(now), RunState.COMPLETE, now, now, plan, rules.versions)
    store.import_run(run, this_process(), judged)
    return run.id, judged


def _judged(one: Received, subjects: Mapping[str, Subject], rules: Rules) -> Judged:
    visit, owed = one.visit, one.plan.expected
    subject, moment = subjects[visit.asset_id], moment_of(visit)
    return visit, judge_evidence(subject, owed, visit.observations, moment, rules)


def taken_over(planned: AssetPlan, newest: Visit | None, now: datetime) -> Visit:
    """What a scan knows of an asset that it does not visit: the newest bundle, or that there is none yet."""
    if newest is None:
        gap = Gap(GapReason.NOT_COLLECTED, _("no bundle of it was imported yet (secaudit collector build)"))
        observations = _all(planned, gap)
        channel = {"transport": BUNDLE}
        return Visit(planned.asset_id, now, now, None, planned.authorisation, observations, gap, channel)
    answers = {seen.probe_id: seen for seen in newest.observations}
    gap = Gap(GapReason.NOT_COLLECTED, _("the collector did not ask this"))
    observations = tuple(answers.get(seen.probe_id, seen) for seen in _all(planned, gap))
    return replace(newest, observations=observations, ended_at=now)


def _all(planned: AssetPlan, gap: Gap) -> tuple[Observation, ...]:
    return tuple(Observation(p.id, p.definition_hash, p.command, gap) for p in planned.probes)


def _planned(asset: Asset, register: Register, rules: Rules) -> AssetPlan:
    asked = Asked(assets=(asset.id,))
    return make_plan(register, rules.content, rules.facts, asked, lambda _system, _asset: None).assets[0]


def _asset(header: Header, asset_id: str, register: Register) -> Asset:
    """The registered asset that the bundle is of. Raises BundleError."""
    assets = (asset for system in register.systems for asset in system.assets)
    asset = next((asset for asset in assets if asset.id == asset_id), None)
    if asset is None:
        raise BundleError(
            _("asset {id} is not registered").format(id=asset_id),
            hint=_("See what is registered with: secaudit system list, or name the asset: --asset ID"),
        )
    if asset.kind != header.kind:
        told = _("it was collected on a machine of kind {found}; asset {id} is of kind {kind}")
        raise BundleError(told.format(found=header.kind, id=asset.id, kind=asset.kind))
    return asset


def _collection_moment(collected: Collected, terms: Terms) -> datetime:
    if terms.collected_at is not None:
        if terms.collected_at > terms.now:
            raise UsageError(
                _("--collected-at: {at} is still to come.").format(at=shown(terms.collected_at)),
                hint=_("It would count as the newest until then."),
            )
        return terms.collected_at
    if collected.target_time > terms.now + CLOCKS_APART:
        raise BundleError(
            _("the clock of its machine said {at}, which is still to come").format(
                at=shown(collected.target_time)
            ),
            hint=_("Say when it was collected: --collected-at TIME"),
        )
    return collected.target_time


def _visit(planned: AssetPlan, header: Header, collected: Collected, at: datetime, terms: Terms) -> Visit:
    ahead = round((collected.target_time - at).total_seconds()) if terms.collected_at else None
    return Visit(
        asset_id=planned.asset_id,
        started_at=at,
        ended_at=terms.now,
        target_time=collected.target_time,
        authorisation=planned.authorisation,
        observations=collected.observations,
        channel=_channel(header, collected, terms),
        clock_ahead_s=ahead,
    )


def _channel(header: Header, collected: Collected, terms: Terms) -> dict[str, str]:
    told = {
        "transport": BUNDLE,
        "named": header.asset if terms.asset not in ("", header.asset) else "",
        "operator": header.operator,
        "place": header.place,
        "note": header.note,
        "signature": _signature(header, collected, terms),
        "digests": "verified" if header.digests else "none",
        "sha256": collected.sha256,
        "collector": header.collector_sha256,
        "tool": header.tool,
        "imported_at": in_zone(terms.now).isoformat(timespec="seconds"),
        **collected.login,
    }
    return {name: value for name, value in told.items() if value}


def _signature(header: Header, collected: Collected, terms: Terms) -> str:
    """``valid SHA256:…``, ``unchecked``, ``none``. Raises BundleError where a signer is named and did not sign it."""
    if terms.signer is None:
        return "unchecked" if collected.signature else "none"
    if not collected.signature:
        raise BundleError(_("it is not signed"), hint=_("Collect again with -k KEY."))
    if not header.digests:
        raise BundleError(
            _("its signature says nothing of its answers: that machine had no program for SHA-256"),
            hint=_("Import it without --signer if you trust the way that it came."),
        )
    if not terms.signer.signed(collected.sealed, collected.signature):
        raise BundleError(
            _("its signature was not made by {key}").format(key=terms.signer.fingerprint),
            hint=_("Find out who signed it; nothing of it is taken over."),
        )
    return f"valid {terms.signer.fingerprint}"
