"""The view: everything a report says, as JSON data in both languages; its schema is view.schema.json."""

from collections import Counter
from typing import Any

from secaudit.assess.figures import figures_of, template_for
from secaudit.assess.previous import Previous
from secaudit.model.assessment import Conclusion, Coverage
from secaudit.model.result import Result, Verdict
from secaudit.model.run import PluginVersion
from secaudit.register.times import in_zone
from secaudit.report.acceptances import acceptances_view
from secaudit.report.assessment import figures_data
from secaudit.report.evidence import asset_view
from secaudit.report.items import items_view
from secaudit.report.material import Material
from secaudit.report.permission import permission_view
from secaudit.report.problems import SEVERITIES, checks_view, gaps_view, manual_view, problems_view
from secaudit.report.rectified import rectification_view
from secaudit.report.risks import risks_view
from secaudit.report.safe import shown, stamp
from secaudit.report.scope import platform_view, sampling_view, shared_view
from secaudit.report.tables import tables_view

SCHEMA = "secaudit/self-assessment"
SCHEMA_VERSION = "1.8"

# whatever is still open, such an item cannot become compliant any more
FAILED = (Conclusion.NOT_COMPLIANT, Conclusion.PARTLY)

View = dict[str, Any]


def view_of(material: Material) -> View:
    """The view of one system's assessment; raises AssertionError when planned is not the sum of verdicts."""
    results = [result for record in material.records for result in record.results]
    counts = _counted(results, material)
    problems = problems_view(material, results)
    outputs: dict[str, Any] = {}
    assets, tables = [], []
    for record in material.records:
        observations = material.observations(record.asset_id)
        assets.append(asset_view(material, record, observations, outputs))
        tables.append(tables_view(material, record, observations))
    return {
        "schema": SCHEMA,
        "schema_version": SCHEMA_VERSION,
        "title": {"zh": "等级保护自查报告", "en": "MLPS self-assessment report"},
        "kind": "self-assessment",
        "document": _document(material),
        "system": _system(material),
        "summary": _summary(material, counts, assets, problems),
        "coverage": [_coverage(row) for row in material.assessment.coverage],
        "checks": checks_view(material, results),
        "problems": problems,
        "acceptances": acceptances_view(material),
        "prediction": _prediction(material),
        "risks": risks_view(material.risks.risks),
        "rectification": rectification_view(material.previous or _nothing_known(material)),
        "gaps": gaps_view(material),
        "manual": manual_view(results),
        "assets": assets,
        "tables": tables,
        "items": items_view(material.assessment),
        "outputs": outputs,
    }


def _nothing_known(material: Material) -> Previous:
    return Previous(None, in_zone(material.generated_at).date())


def _prediction(material: Material) -> View:
    """Figures and conclusion under the template of the day, a range while anything is open."""
    template = template_for(in_zone(material.generated_at).date())
    figures = figures_of(material.assessment.items, material.risks, template, weights=material.weights)
    return {"template": template.value, **figures_data(figures, provisional=True)}


def _counted(results: list[Result], material: Material) -> dict[str, int]:
    tally = Counter(result.verdict for result in results)
    counts = {verdict.value: tally[verdict] for verdict in Verdict}
    if material.planned != sum(counts.values()):
        raise AssertionError(f"planned {material.planned} verdicts, have {sum(counts.values())}")
    return counts


def _document(material: Material) -> View:
    run, versions = material.run, material.judged_by
    return {
        "office": material.office,
        "generated_at": stamp(material.generated_at),
        "standards": ["GB/T 22239-2019", "GB/T 28448-2019", "GB/T 22240-2020"],
        "profile": material.profile,
        "run": {
            "id": run.id,
            "state": run.state.value,
            "started_at": stamp(run.started_at),
            "ended_at": stamp(run.ended_at),
            "judgement": material.judgement,
            "judged_at": stamp(material.judged_at),
        },
        "versions": {
            "tool": versions.tool,
            "python": versions.python,
            "content_hash": versions.content_hash,
            "collected_by": run.versions.tool,
            "plugins": [_plugin(plugin) for plugin in versions.plugins],
        },
        "authorisations": _authorisations(material),
    }


def _authorisations(material: Material) -> list[View]:
    """What the assets were visited under, as it stood then: by id, then in the order of the visits."""
    seen = dict.fromkeys(record.authorised for record in material.records if record.authorised)
    return [permission_view(item) for item in sorted(seen, key=lambda item: item.id)]


def _plugin(plugin: PluginVersion) -> View:
    return {
        "group": plugin.group,
        "name": plugin.name,
        "package": shown(plugin.package),
        "version": shown(plugin.version),
        "state": "broken" if plugin.reason else "ready",
        "reason": shown(plugin.reason, 300),
    }


def _system(material: Material) -> View:
    system = material.system
    return {
        "id": system.id,
        "name": system.name,
        "organisations": list(material.organisations),
        "grade": str(system.grade),
        "level": system.level,
        "extensions": list(system.extensions),
        "sampling": sampling_view(system),
        "shared": shared_view(system),
        "platform": platform_view(system.platform),
        "description": system.description,
        "filing_number": system.filing_number,
        "filed_on": system.filed_on.isoformat() if system.filed_on else "",
        "internet_facing": system.internet_facing,
        "agencies": list(system.agencies),
        "data_sets": sorted({data_set.asset for data_set in system.data_sets}),
        "contacts": [
            {"role": c.role, "name": c.name, "phone": c.phone, "email": c.email} for c in system.contacts
        ],
    }


def _summary(material: Material, counts: dict[str, int], assets: list[View], problems: list[View]) -> View:
    conclusions = Counter(item.conclusion for item in material.assessment.items)
    severities = Counter(p["severity"] for p in problems if p["judged"] and not p["advisory"])
    coverage = material.assessment.coverage
    return {
        "planned": sum(counts.values()),
        "verdicts": counts,
        "problems": {severity: severities[severity] for severity in SEVERITIES},
        "advisory": sum(p["judged"] and p["advisory"] for p in problems),
        "problems_unsampled": sum(not p["judged"] for p in problems),
        "unsampled": list(material.assessment.unsampled),
        "assets": len(material.system.assets),
        "visited": sum(1 for asset in assets if asset["gap"] is None),
        "unreachable": [asset["id"] for asset in assets if asset["gap"] is not None],
        "not_visited": sorted({a.id for a in material.system.assets} - {asset["id"] for asset in assets}),
        "items": {conclusion.value: conclusions[conclusion] for conclusion in Conclusion},
        "items_failed": sum(item.best in FAILED for item in material.assessment.items),
        "steps": {
            "all": sum(row.steps for row in coverage),
            "machine": sum(row.machine for row in coverage),
            "attested": sum(row.attested for row in coverage),
            "person": sum(row.person for row in coverage),
            "evidence_missing": sum(row.evidence_missing for row in coverage),
            "register": sum(row.register for row in coverage),
        },
    }


def _coverage(row: Coverage) -> View:
    return {
        "domain": row.domain,
        "items": row.items,
        "steps": row.steps,
        "machine": row.machine,
        "attested": row.attested,
        "person": row.person,
        "evidence_missing": row.evidence_missing,
        "register": row.register,
    }
