"""What a Word template may place: tables, row by row, each cell a text in the language of the report."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from secaudit.report import tabular
from secaudit.report.sheet_list import SHEETS
from secaudit.report.tabular import kinds, said, yes
from secaudit.report.texts import Words
from secaudit.report.word_fields import CONCLUSIONS, STEPS, listed, when

View = Mapping[str, Any]
Cells = Mapping[str, object]

SEEN_SHOWN: Final = 5
GAPS_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Table:
    """``section``: of the view, without which there are no rows; "" where every view has them.

    ``urgent``: rows that go before others where a file has no room for all.
    """

    columns: frozenset[str]
    rows: Callable[[View, Words], Iterator[Cells]]
    section: str
    urgent: Callable[[Cells, Words], bool] | None = None


def coverage(view: View, words: Words) -> Iterator[Cells]:
    """Steps by domain and who decided them."""
    for row in view["coverage"]:
        names = {"all": "steps"}
        yield {
            "domain": said(words, row["domain"]),
            "items_count": row["items"],
            **{f"steps_{name}": row[names.get(name, name)] for name in STEPS},
        }


def points(view: View, words: Words) -> Iterator[Cells]:
    """A control point on each of its objects: how many of its items are what; like objects stand in one row."""
    found: dict[tuple[str, str], dict[str, Counter[str]]] = {}
    for item in view["items"]:
        place = said(words, item["domain"]), item["control_point"][words.language]
        for group in item["groups"]:
            for name in group["objects"]:
                label = name if group["registered"] else words("unregistered", kinds=kinds(name, words))
                found.setdefault(place, {}).setdefault(label, Counter())[group["conclusion"]] += 1
    for (domain, point), objects in found.items():
        alike: dict[tuple[int, ...], list[str]] = {}
        for name, counts in objects.items():
            alike.setdefault(tuple(counts[word] for word in CONCLUSIONS.values()), []).append(name)
        for counted, names in alike.items():
            yield {
                "domain": domain,
                "control_point": point,
                "objects": listed(names, words),
                "objects_count": len(names),
                **dict(zip(CONCLUSIONS, counted, strict=True)),
            }


def records(view: View, words: Words) -> Iterator[Cells]:
    """A step on the objects where it came out alike: how it was decided, by whom, and what was recorded."""
    titles = {check: known["title"][words.language] for check, known in view["checks"].items()}
    for item in view["items"]:
        asked = {step["id"]: step for step in item["steps"]}
        for group in item["groups"]:
            for step in group["steps"]:
                yield {
                    "clause": f"{item['clause']} {item['letter']}".strip(),
                    "unit": item["unit"],
                    "control_point": item["control_point"][words.language],
                    "step": asked[step["id"]]["number"],
                    "question": asked[step["id"]]["question"][words.language],
                    "methods": tabular.methods(asked[step["id"]]["methods"], words),
                    "objects": _objects(group, words),
                    "objects_count": len(group["objects"]),
                    "state": said(words, step["state"]),
                    "decider": said(
                        words, "person_asked" if step["decider"] == "person" else step["decider"]
                    ),
                    "record": "\n".join(_record(step, titles, words)),
                    "conclusion": said(words, group["conclusion"]),
                }


def _objects(group: View, words: Words) -> str:
    names = group["objects"]
    if not group["registered"]:
        names = [words("unregistered", kinds=kinds(name, words)) for name in names]
    return listed(names, words)


def _record(step: View, titles: Mapping[str, str], words: Words) -> Iterator[str]:
    for one in step["checks"]:
        why = f" ({said(words, one['gap'])})" if one["gap"] else ""
        yield f"{titles.get(one['check'], one['check'])}: {said(words, one['verdict'])}{why}"
    if step["unseen"]:
        yield f"{words('unseen')}: {listed(step['unseen'], words)}"
    for exemption in step["exemptions"]:
        yield words(f"exemption_{exemption}")
    answer = step["attestation"]
    if answer:
        told = {"person": answer["person"], "date": answer["date"], "answer": said(words, answer["answer"])}
        yield words("docx_answered", **told)
        yield from (text for text in (answer["record"], *(file["name"] for file in answer["files"])) if text)


def problems(view: View, words: Words) -> Iterator[Cells]:
    """What failed, the worst first: objects on which the same was found in one row, and the remedy."""
    for problem in view["problems"]:
        check = view["checks"][problem["check"]]
        for group in problem["groups"]:
            places = group["objects"]
            yield {
                "severity": said(words, problem["severity"]),
                "title": check["title"][words.language],
                "check": problem["check"],
                "clauses": words("comma").join(check["clauses"]),
                "verdict": said(words, group["verdict"]),
                "objects": listed(list(dict.fromkeys(place["object"] for place in places)), words),
                "objects_count": len(places),
                "seen": "\n".join(_seen(group, words)),
                "remedy": check["remedy"][words.language],
                "advisory": yes(words, problem["advisory"]),
                "unsampled": words("unsampled_tag") if not problem["judged"] else "",
                "accepted": ", ".join(
                    sorted({place["accepted"]["until"] for place in places if "accepted" in place})
                ),
            }


def _seen(group: View, words: Words) -> Iterator[str]:
    for one in group["offenders"][:SEEN_SHOWN]:
        seen, expected = one["seen"][words.language], one["expected"][words.language]
        yield words("docx_seen", id=one["id"], seen=seen, expected=expected)
    if group["offenders_total"] > SEEN_SHOWN:
        yield words("rest", number=group["offenders_total"] - min(SEEN_SHOWN, len(group["offenders"])))


def risks(view: View, words: Words) -> Iterator[Cells]:
    """Every risk by the grounds on which the same was decided."""
    for risk in view["risks"]:
        yield from _grounds(risk, words)


def hazards(view: View, words: Words) -> Iterator[Cells]:
    """Those conditions that are major hazards."""
    for risk in view["risks"]:
        if risk["hazard"]:
            yield from _grounds(risk, words)


def rectified(view: View, words: Words) -> Iterator[Cells]:
    """Major hazards that were put right, and by whom that was put on record."""
    for risk in view["risks"]:
        if risk["hazard"] and risk["rectified"]:
            yield from _grounds(risk, words)


def _grounds(risk: View, words: Words) -> Iterator[Cells]:
    for group in risk["groups"]:
        decision = group["decision"]
        yield {
            "risk": risk["id"],
            "hazard": risk["hazard"] or "–",
            "text": risk["text"][words.language],
            "case": group["case"][words.language] if group["case"] else "",
            "standing": said(words, f"standing_{group['standing']}"),
            "objects": listed([name for name in group["objects"] if name], words),
            "decision": _decision(decision, words) if decision else words("docx_undecided"),
            "reason": "\n".join(text for text in (decision["reason"], decision["measure"]) if text)
            if decision
            else "",
        }


def _decision(found: View, words: Words) -> str:
    return words(
        "docx_decided",
        act=said(words, f"act_{found['act']}"),
        person=found["person"],
        date=found["date"],
        until=found["valid_until"],
    )


def gaps(view: View, words: Words) -> Iterator[Cells]:
    """What could not be collected, and why, asset by asset."""
    for gap in view["gaps"]:
        for place in gap["places"]:
            yield {
                "reason": said(words, gap["reason"]),
                "asset": place["asset"],
                "facts": listed([fact[words.language] for fact in place["facts"]], words),
                "details": "\n".join(place["details"][:GAPS_SHOWN]),
                "checks": len(place["checks"]),
            }


def assets(view: View, words: Words) -> Iterator[Cells]:
    """The assets of the run, and the system that runs on each."""
    for row in tabular.assets(view, words):
        yield {
            key: row[key] for key in ("id", "kind", "address", "zone", "os", "support", "updates", "reached")
        } | {"name": row["asset_name"]}


def visits(view: View, words: Words) -> Iterator[Cells]:
    """How each asset was reached, by what permission, and what was judged there."""
    for asset in view["assets"]:
        verdicts = (f"{said(words, name)} {count}" for name, count in asset["verdicts"].items())
        yield {
            "id": asset["id"],
            "started": when(asset["started_at"]),
            "ended": when(asset["ended_at"]),
            "by": words("comma").join(filter(None, (asset["transport"], asset["channel"].get("user", "")))),
            "authorisation": asset["authorisation"],
            "evidence": len(asset["evidence"]),
            "verdicts": words("comma").join(verdicts),
            "reached": said(words, asset["gap"]["reason"]) if asset["gap"] else words("docx_reached"),
        }


def authorisations(view: View, words: Words) -> Iterator[Cells]:
    """What the assets were visited under."""
    for one in view["document"]["authorisations"]:
        yield {
            "id": one["id"],
            "approver": one["approver"],
            "document": one["document"],
            "valid": f"{when(one['valid_from'])} – {when(one['valid_until'])}",
            "port_scan": yes(words, one["port_scan"]),
        }


def acceptances(view: View, words: Words) -> Iterator[Cells]:
    """Risks that were accepted and rectifications that were deferred: they change no outcome."""
    for one in view["acceptances"]:
        measure = f"{words('acceptance_measure')}{one['measure']}" if one["measure"] else ""
        yield {
            "id": one["id"],
            "kind": said(words, f"accepted_kind_{one['kind']}"),
            "state": said(words, f"acceptance_{one['state']}"),
            "subject": one["check"] or one["step"],
            "assets": listed(one["assets"], words) or words("all_assets"),
            "reason": "\n".join(filter(None, (one["reason"], measure))),
            "approver": one["approver"],
            "document": one["document"],
            "until": one["until"],
        }


def plugins(view: View, words: Words) -> Iterator[Cells]:
    """What plug-ins took part, and which could not."""
    for one in view["document"]["versions"]["plugins"]:
        why = words("plugin_broken", why=one["reason"]) if one["reason"] else ""
        yield {
            "name": f"{one['group']}: {one['name']}",
            "version": f"{one['package']} {one['version']}",
            "state": why,
        }


def _of_sheet(name: str) -> tuple[frozenset[str], Callable[[View, Words], Iterator[Cells]]]:
    sheet = next(sheet for sheet in SHEETS if sheet.name == name)
    return frozenset(sheet.columns), sheet.rows


_GROUNDS: Final = frozenset({"risk", "hazard", "text", "case", "standing", "objects", "decision", "reason"})
TABLES: Final[Mapping[str, Table]] = {
    "coverage": Table(
        frozenset({"domain", "items_count", *(f"steps_{name}" for name in STEPS)}), coverage, ""
    ),
    "points": Table(
        frozenset({"domain", "control_point", "objects", "objects_count", *CONCLUSIONS}), points, "items"
    ),
    "records": Table(
        frozenset(
            {"clause", "unit", "control_point", "step", "question", "methods", "objects", "objects_count"}
        )
        | {"state", "decider", "record", "conclusion"},
        records,
        "items",
        lambda row, words: row["state"] in (words("not_met"), words("partly")),
    ),
    "problems": Table(
        frozenset({"severity", "title", "check", "clauses", "verdict", "objects", "objects_count", "seen"})
        | {"remedy", "advisory", "unsampled", "accepted"},
        problems,
        "problems",
    ),
    "risks": Table(_GROUNDS, risks, "risks"),
    "hazard_rows": Table(_GROUNDS, hazards, "risks"),
    "rectified": Table(_GROUNDS, rectified, "risks"),
    "gaps": Table(frozenset({"reason", "asset", "facts", "details", "checks"}), gaps, "gaps"),
    "assets": Table(
        frozenset({"id", "name", "kind", "address", "zone", "os", "support", "updates", "reached"}),
        assets,
        "assets",
    ),
    "visits": Table(
        frozenset({"id", "started", "ended", "by", "authorisation", "evidence", "verdicts", "reached"}),
        visits,
        "assets",
    ),
    "authorisations": Table(
        frozenset({"id", "approver", "document", "valid", "port_scan"}), authorisations, ""
    ),
    "acceptances": Table(
        frozenset({"id", "kind", "state", "subject", "assets", "reason", "approver", "document", "until"}),
        acceptances,
        "acceptances",
    ),
    "plugins": Table(frozenset({"name", "version", "state"}), plugins, ""),
    "ports": Table(*_of_sheet("ports"), "tables"),
    "findings": Table(*_of_sheet("findings"), "problems"),
}


def rows_of(name: str, view: View, words: Words, most: int) -> tuple[list[dict[str, str]], str]:
    """At most ``most`` rows of a table, and what must be said of it: that it is empty, or cut; else ""."""
    table, count = TABLES[name], 0
    urgent: list[tuple[int, dict[str, str]]] = []
    others: list[tuple[int, dict[str, str]]] = []
    for count, row in enumerate(table.rows(view, words), 1):
        kept = urgent if table.urgent and table.urgent(row, words) else others
        if len(kept) < most:
            kept.append((count, {key: str(value) for key, value in row.items()}))
    chosen = [*urgent, *others[: most - len(urgent)]]
    shown = [row for _place, row in sorted(chosen, key=lambda one: one[0])]
    if table.section in view["document"].get("left_out", ()):
        return shown, words("docx_left_out")
    if not count:
        return [], words("docx_none")
    if count == len(shown):
        return shown, ""
    cut = "docx_cut_urgent" if table.urgent else "docx_cut"
    return shown, words(cut, all=count, shown=len(shown), rest=count - len(shown), table=name)
