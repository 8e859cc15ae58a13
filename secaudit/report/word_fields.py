"""What a Word template may place: single fields, each a text in the language of the report."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from secaudit.report.tabular import between, hazard_count, kinds, marking, said
from secaudit.report.texts import Words

View = Mapping[str, Any]

LEVELS: Final = "零一二三四五"
CONCLUSIONS: Final = {
    "compliant": "符合",
    "partly": "部分符合",
    "not_compliant": "不符合",
    "open": "待核实",
    "not_applicable": "不适用",
}
STEPS: Final = ("all", "machine", "attested", "register", "person", "evidence_missing")
FIELDS: Final = frozenset(
    {
        *(
            "marking",
            "number",
            "statement",
            "office",
            "date",
            "generated_at",
            "time_zone",
            "standards",
            "template_file",
        ),
        *(
            "system",
            "system_id",
            "organisation",
            "level",
            "grade",
            "filing",
            "filed_on",
            "description",
            "contacts",
        ),
        *(
            "extensions",
            "platform",
            "sampling",
            "shared",
            "data_sets",
            "internet_facing",
            "profile",
            "left_out",
            "rectification",
        ),
        *(
            "run",
            "run_state",
            "checked",
            "judged",
            "judgement",
            "tool",
            "python",
            "collected_by",
            "content_hash",
        ),
        *("template", "rule", "conclusion", "conclusion_reason", "rate_strict", "rate_weighted", "score"),
        *("applicable_items", "hazards", "high_risks", "open_steps", "undecided_risks", "boundary"),
        *("planned", "verdict_sum", "assets_count", "visited", "unreachable", "not_visited", "unsampled"),
        *("problems_high", "problems_medium", "problems_low", "advisory", "items_all", "items_failed"),
        *(f"items_{name}" for name in CONCLUSIONS),
        *(f"steps_{name}" for name in STEPS),
    }
)
# without these a report could be taken for more than it is
REQUIRED: Final = frozenset(
    {
        *("marking", "statement", "conclusion", "conclusion_reason", "template", "rule", "open_steps"),
        *(
            "undecided_risks",
            "steps_machine",
            "steps_person",
            "steps_evidence_missing",
            "left_out",
            "run_state",
        ),
        *("tool", "content_hash", "run", "time_zone", "number", "template_file"),
    }
)


def fields_of(view: View, words: Words, template_file: str) -> dict[str, str]:
    """Every field of FIELDS; ``template_file``: which file it is placed in."""
    parts = (
        _document(view, words),
        _system(view, words),
        _figures(view, words),
        _counts(view, words),
        _rectification(view, words),
    )
    found = {name: str(value) for part in parts for name, value in part}
    return {**found, "template_file": template_file}


def when(stamp: str) -> str:
    """``2026-03-02T23:00:00+08:00`` → ``2026-03-02 23:00:00``: the zone stands once, in ``time_zone``."""
    return stamp[:19].replace("T", " ")


def listed(names: list[str], words: Words, most: int = 20) -> str:
    """The names, or the first of them and how many there are."""
    told = words("comma").join(names[:most])
    return told if len(names) <= most else words("docx_objects_more", names=told, number=len(names))


def _document(view: View, words: Words) -> Iterator[tuple[str, object]]:
    document = view["document"]
    run, versions = document["run"], document["versions"]
    yield "marking", words("docx_marking", office=document["office"], marking=marking(view, words))
    yield "number", document.get("number") or words("docx_no_number")
    yield "statement", words("docx_statement")
    yield "office", document["office"] or words("docx_not_registered")
    yield "date", document["generated_at"][:10]
    yield "generated_at", when(document["generated_at"])
    yield "time_zone", f"UTC{document['generated_at'][19:]}"
    yield "standards", words("comma").join(document["standards"])
    yield "profile", document["profile"]
    left_out = (words(f"section_{section}") for section in document.get("left_out", ()))
    yield "left_out", words("comma").join(left_out) or words("docx_none")
    yield "run", run["id"]
    yield "run_state", words("docx_complete" if run["state"] == "complete" else "docx_unfinished")
    yield "checked", f"{when(run['started_at'])} – {when(run['ended_at'])}"
    yield "judged", when(run["judged_at"])
    yield "judgement", run["judgement"]
    yield "tool", f"secaudit {versions['tool']}"
    yield "python", versions["python"]
    yield "collected_by", f"secaudit {versions['collected_by']}"
    yield "content_hash", versions["content_hash"]


def _system(view: View, words: Words) -> Iterator[tuple[str, object]]:
    system, comma = view["system"], words("comma")
    unknown = words("docx_not_registered")
    number = LEVELS[system["level"]] if words.language == "zh" else system["level"]
    yield "system", system["name"]
    yield "system_id", system["id"]
    yield "organisation", " / ".join(system["organisations"])
    yield "level", words("docx_level", number=number, grade=system["grade"])
    yield "grade", system["grade"]
    yield "filing", system["filing_number"] or unknown
    yield "filed_on", system["filed_on"] or unknown
    yield "description", system["description"] or unknown
    yield "contacts", comma.join(_contact(one, words) for one in system["contacts"]) or unknown
    yield (
        "extensions",
        comma.join(words(f"extension_{one}") for one in system["extensions"]) or words("docx_none"),
    )
    yield "platform", _platform(system["platform"], words)
    yield "sampling", "\n".join(_sample(one, words) for one in system["sampling"]) or words("docx_all_assets")
    shared = [
        words("docx_shared", name=one["name"], kind=kinds(one["kind"], words)) for one in system["shared"]
    ]
    yield "shared", listed(shared, words) or words("docx_none")
    yield "data_sets", listed(system["data_sets"], words) or words("docx_none")
    yield "internet_facing", words("yes" if system["internet_facing"] else "no")


def _contact(one: View, words: Words) -> str:
    role = words.known(f"role_{one['role']}", one["role"])
    return words("contact_role", name=one["name"], role=role) if role else str(one["name"])


def _platform(found: View | None, words: Words) -> str:
    if not found:
        return words("docx_none")
    parts = (found["name"], found["filing_number"], found["report_number"], found["split"])
    return words("comma").join(part for part in parts if part)


def _sample(one: View, words: Words) -> str:
    return words(
        "docx_sample",
        kind=kinds(one["kind"], words),
        number=len(one["assets"]),
        all=one["of"],
        assets=listed(one["assets"], words),
        person=one["person"],
        date=one["date"],
        reason=one["reason"],
    )


def _figures(view: View, words: Words) -> Iterator[tuple[str, object]]:
    figures = view["prediction"]
    found, refused = figures["conclusion"], figures["conclusion"]["refused_for"]
    bounds = {end: said(words, found[end]) for end in ("worst", "best")}
    open_steps, undecided = refused["open_steps"], len(refused["undecided_risks"])
    yield "template", figures["template"]
    yield "rule", figures["rule"]
    yield "conclusion", said(words, found["final"]) if found["final"] else words("docx_undetermined")
    yield (
        "conclusion_reason",
        words("docx_final")
        if found["final"]
        else words("docx_refused", steps=open_steps, risks=undecided, **bounds),
    )
    yield "boundary", words("prediction_boundary") if found["boundary"] else ""
    unused = words("docx_not_used")
    for kind in ("strict", "weighted"):
        yield f"rate_{kind}", f"{between(figures['rate'][kind])} %" if figures["rate"] else unused
    yield "score", between(figures["score"]["total"]) if figures["score"] else unused
    yield "applicable_items", figures["applicable_items"]
    yield "hazards", _at_most(hazard_count(figures["hazards"], words), figures["hazards"]["may"], words)
    yield "high_risks", _at_most(str(len(figures["high_risks"]["sure"])), figures["high_risks"]["may"], words)
    yield "open_steps", open_steps
    yield "undecided_risks", undecided


def _at_most(count: str, may: list[str], words: Words) -> str:
    return words("docx_at_most_more", count=count, more=len(may)) if may else count


def _rectification(view: View, words: Words) -> Iterator[tuple[str, object]]:
    """Which findings of before are listed, and how many of them are closed."""
    found = view["rectification"]
    if "problems" in view["document"].get("left_out", ()):
        yield "rectification", words("docx_left_out")
        return
    days = {"since": found["since"], "date": found["date"]}
    which = words("rectification_since" if found["since"] else "rectification_before", **days)
    counts = {name: found[name] for name in ("all", "closed", "open", "overdue")}
    yield "rectification", f"{which} {words('rectification_counts', **counts)}"


def _counts(view: View, words: Words) -> Iterator[tuple[str, object]]:
    found = view["summary"]
    verdicts = " + ".join(f"{said(words, name)} {count}" for name, count in found["verdicts"].items())
    yield "planned", found["planned"]
    yield "verdict_sum", verdicts
    yield "assets_count", found["assets"]
    yield "visited", found["visited"]
    for name in ("unreachable", "not_visited", "unsampled"):
        yield name, listed(found[name], words) or words("docx_none")
    for name in ("high", "medium", "low"):
        yield f"problems_{name}", found["problems"][name]
    yield "advisory", found["advisory"]
    yield "items_all", sum(found["items"].values())
    yield "items_failed", found["items_failed"]
    for name, word in CONCLUSIONS.items():
        yield f"items_{name}", found["items"][word]
    for name in STEPS:
        yield f"steps_{name}", found["steps"][name]
