"""The part of the view about checks: what each proves, what failed, what is not known and why."""

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from secaudit.model.content import Check, Severity
from secaudit.model.evidence import Gap, GapReason
from secaudit.model.result import Offender, Result, Verdict
from secaudit.model.text import Text
from secaudit.report.acceptances import failed_place
from secaudit.report.material import Material
from secaudit.report.safe import shown

SEVERITIES = ("high", "medium", "low")
OFFENDERS_SHOWN = 50
GAP_DETAILS_SHOWN = 5

# the facts and probes that a detail passed through: ``sudo_rules: sudo.rules: …``
_ORIGIN = re.compile(r"^(?:[a-z_]+(?:\.[a-z0-9_-]+)*: )+")


def both(text: Text) -> dict[str, str]:
    """A text as view data."""
    return {"zh": text.zh, "en": text.en}


def checks_view(material: Material, results: Sequence[Result]) -> dict[str, Any]:
    """Check id → its title, what it proves, remedy, references; only checks that have results."""
    clauses = _clauses(material)
    used = sorted({result.check_id for result in results})
    return {check_id: _check(known(material, check_id), clauses) for check_id in used}


def known(material: Material, check_id: str) -> Check:
    """The check, or what is left to say of one that today's content no longer has."""
    gone = Text(f"已停用的检查 {check_id}", f"Retired check {check_id}")
    nothing = Text("按当前内容重新判定。", "Judge the run again with today's content.")
    retired = Check(check_id, gone, Severity.LOW, "", (), nothing, advisory=True)
    return material.checks.get(check_id, retired)


def _clauses(material: Material) -> dict[str, str]:
    return {item.requirement.key: item.requirement.clause for item in material.assessment.items}


def _check(check: Check, clauses: dict[str, str]) -> dict[str, Any]:
    keys = list(dict.fromkeys(step.partition("#")[0] for step in check.proves))
    return {
        "title": both(check.title),
        "severity": check.severity.value,
        "advisory": check.advisory,
        "steps": list(check.proves),
        "clauses": [clauses[key] for key in keys if key in clauses],
        "remedy": both(check.remedy),
        "references": list(check.references),
        "high_risk": [{"id": risk.id, "case": both(risk.case)} for risk in check.high_risk],
        "hash": check.content_hash,
    }


def problems_view(material: Material, results: Sequence[Result]) -> list[dict[str, Any]]:
    """Failed and partly passed checks, the worst first; each with every object it was found on."""
    found: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        if result.verdict in (Verdict.FAIL, Verdict.PARTIAL):
            found[result.check_id].append(result)
    ordered = sorted(found, key=lambda check_id: _rank(material, check_id, found[check_id]))
    return [_problem(material, check_id, found[check_id]) for check_id in ordered]


def _rank(material: Material, check_id: str, results: list[Result]) -> tuple[bool, int, bool, str]:
    check = known(material, check_id)
    failed = any(result.verdict is Verdict.FAIL for result in results)
    return check.advisory, SEVERITIES.index(check.severity.value), not failed, check_id


def _problem(material: Material, check_id: str, results: list[Result]) -> dict[str, Any]:
    check = known(material, check_id)
    alike: dict[tuple[Verdict, tuple[Offender, ...]], list[Result]] = defaultdict(list)
    for result in sorted(results, key=lambda result: result.verdict is not Verdict.FAIL):
        alike[result.verdict, result.offenders].append(result)
    return {
        "check": check_id,
        "severity": check.severity.value,
        "advisory": check.advisory,
        "judged": any(result.asset_id not in material.assessment.unsampled for result in results),
        "verdict": next(iter(alike))[0].value,
        "objects": len(results),
        "groups": [_group(material, results) for results in alike.values()],
    }


def _group(material: Material, alike: list[Result]) -> dict[str, Any]:
    """Objects on which a check found the same."""
    first = alike[0]
    return {
        "verdict": first.verdict.value,
        "offenders": [_offender(offender) for offender in first.offenders[:OFFENDERS_SHOWN]],
        "offenders_total": len(first.offenders),
        "objects": [_place(material, result) for result in alike],
        "probes": list(first.probes),
    }


def _place(material: Material, result: Result) -> dict[str, Any]:
    unsampled = result.asset_id in material.assessment.unsampled
    return failed_place(material, result) | ({"unsampled": True} if unsampled else {})


def _offender(offender: Offender) -> dict[str, Any]:
    return {"id": shown(offender.id), "seen": _told(offender.seen), "expected": _told(offender.expected)}


def _told(text: Text) -> dict[str, str]:
    """What a target may have had a hand in, in both languages."""
    return {"zh": shown(text.zh), "en": shown(text.en)}


def gaps_view(material: Material) -> list[dict[str, Any]]:
    """Gap reason → on which assets it kept which checks from being judged, the most frequent first."""
    places: dict[GapReason, dict[str, list[Result]]] = defaultdict(lambda: defaultdict(list))
    unreached = {record.asset_id: record.gap for record in material.records if record.gap is not None}
    for record in material.records:
        for result in record.results:
            if result.gap is not None:
                places[result.gap.reason][record.asset_id].append(result)
    counts = {reason: sum(map(len, assets.values())) for reason, assets in places.items()}
    return [
        {
            "reason": reason.value,
            "count": counts[reason],
            "places": [
                _gap_place(material, asset, rows, unreached.get(asset))
                for asset, rows in places[reason].items()
            ],
        }
        for reason in sorted(places, key=lambda reason: (-counts[reason], reason))
    ]


def _gap_place(material: Material, asset_id: str, results: list[Result], whole: Gap | None) -> dict[str, Any]:
    """One asset: the facts that are missing and why; of an asset that was not reached the reason alone."""
    missing = [] if whole else [(result.gap_source, result.gap.detail) for result in results if result.gap]
    details = [whole.detail] if whole else [_ORIGIN.sub("", detail) for _fact, detail in missing]
    return {
        "asset": asset_id,
        "facts": [_title(material, fact) for fact in sorted({fact for fact, _detail in missing})],
        "details": [shown(detail, 300) for detail in dict.fromkeys(details) if detail][:GAP_DETAILS_SHOWN],
        "checks": sorted({result.check_id for result in results}),
    }


def _title(material: Material, fact: str) -> dict[str, str]:
    return both(material.facts[fact].title) if fact in material.facts else {"zh": fact, "en": fact}


def manual_view(results: Sequence[Result]) -> list[dict[str, Any]]:
    """Checks that only a person can answer, with the candidates that the machine saw."""
    asked: dict[tuple[str, tuple[Offender, ...]], list[Result]] = defaultdict(list)
    for result in results:
        if result.verdict is Verdict.MANUAL:
            asked[result.check_id, result.offenders].append(result)
    return [
        {
            "check": check_id,
            "objects": [{"asset": result.asset_id, "object": result.object_id} for result in alike],
            "offenders": [_offender(offender) for offender in offenders[:OFFENDERS_SHOWN]],
        }
        for (check_id, offenders), alike in sorted(asked.items(), key=lambda item: item[0][0])
    ]
