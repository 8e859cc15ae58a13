"""The view as tables: what the workbook and csv hold, sheet by sheet, row by row."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

from secaudit.content.folder import content_dir
from secaudit.model.text import Language
from secaudit.report.texts import Words, load_texts

TEMPLATE: Final = "workbook"
CELL_LIMIT: Final = 32_000  # of a cell of a workbook; 32,767 characters at most
UNSEEN_SHOWN: Final = 12
OFFENDERS_SHOWN: Final = 20

View = Mapping[str, Any]
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sheet:
    """``columns``: key (of its heading too) → width in characters; ``rows`` yields cells by key."""

    name: str
    columns: Mapping[str, int]
    rows: Callable[[View, Words], Iterator[Row]]


def table_words(language: Language) -> Words:
    """The words of tables; names of domains, gaps and ports are those of the report."""
    folder = content_dir("reports")
    files = ("gap_reasons.yaml", "object_kinds.yaml", "self-assessment/texts.yaml", f"{TEMPLATE}/texts.yaml")
    return Words({key: text for file in files for key, text in load_texts(folder / file).items()}, language)


def said(words: Words, key: str) -> str:
    """The word for a value that the view names, or the value itself."""
    return words.known(key, key)


def yes(words: Words, value: object) -> str:
    return words("yes" if value else "no")


def marking(view: View, words: Words) -> str:
    """How the document is marked: as the agency is told, else as the office keeps it."""
    own = view["document"].get("marking")
    return str(own[words.language]) if own else words("page_marking")


def hazard_count(hazards: View, words: Words) -> str:
    """``10 (5 rectified)``: counted as before rectification."""
    rectified = len(hazards["rectified"])
    return (
        words("hazards_rectified", count=hazards["count"], rectified=rectified)
        if rectified
        else str(hazards["count"])
    )


def _lines(parts: Iterator[str]) -> str:
    return "\n".join(part for part in parts if part)[:CELL_LIMIT]


def items(view: View, words: Words) -> Iterator[Row]:
    """An item on each of its objects."""
    for item in view["items"]:
        for group in item["groups"]:
            for name in group["objects"]:
                yield {
                    **_of_item(item, words),
                    "object": _object(name, group, words),
                    "kind": kinds(group["kind"], words),
                    **{key: said(words, group[key]) for key in ("conclusion", "worst", "best")},
                }


def _object(name: str, group: View, words: Words) -> str:
    """A registered object by its id; what nobody has registered by its kinds."""
    return name if group["registered"] else words("unregistered", kinds=kinds(name, words))


def kinds(text: str, words: Words) -> str:
    """``machine-room;other:cabling`` in words."""
    return words("comma").join(said(words, kind) for kind in text.split(";"))


def methods(names: Iterable[str], words: Words) -> str:
    """``核查``, ``测试`` in words."""
    return words("comma").join(words(f"method_{name}") for name in names)


def _of_item(item: View, words: Words) -> dict[str, Any]:
    return {
        "unit": item["unit"],
        "clause": f"{item['clause']} {item['letter']}".strip(),
        "domain": said(words, item["domain"]),
        "control_point": item["control_point"][words.language],
        "summary": item["summary"][words.language],
    }


def steps(view: View, words: Words) -> Iterator[Row]:
    """A step on each of its objects: how it was decided and by whom."""
    titles = {check: known["title"][words.language] for check, known in view["checks"].items()}
    for item in view["items"]:
        asked = {step["id"]: step for step in item["steps"]}
        for group in item["groups"]:
            rows = [_step(step, asked[step["id"]], titles, words) for step in group["steps"]]
            for name in group["objects"]:
                for row in rows:
                    yield {"unit": item["unit"], "object": _object(name, group, words), **row}


def _step(step: View, asked: View, titles: Mapping[str, str], words: Words) -> dict[str, Any]:
    answer = step["attestation"] or {}
    verdicts = (
        f"{titles.get(one['check'], one['check'])}: {said(words, one['verdict'])}" for one in step["checks"]
    )
    gaps = dict.fromkeys(one["gap"] for one in step["checks"] if one["gap"])
    decider = "person_asked" if step["decider"] == "person" else step["decider"]
    return {
        "step": step["id"],
        "question": asked["question"][words.language],
        "methods": methods(asked["methods"], words),
        "state": said(words, step["state"]),
        "decider": said(words, decider),
        "machine_verdicts": _lines(verdicts),
        "gap": _lines(chain((said(words, gap) for gap in gaps), _missing(step, words))),
        "answer": said(words, answer.get("answer", "")),
        "person": answer.get("person", ""),
        "date": answer.get("date", ""),
        "valid_until": answer.get("valid_until", ""),
        "record": answer.get("record", ""),
    }


def _missing(step: View, words: Words) -> Iterator[str]:
    """What no machine saw, and what the register says or lacks."""
    if step["unseen"]:
        more = " …" if len(step["unseen"]) > UNSEEN_SHOWN else ""
        yield f"{words('unseen')}: {', '.join(step['unseen'][:UNSEEN_SHOWN])}{more}"
    for exemption in step["exemptions"]:
        yield words(f"exemption_{exemption}")


def problems(view: View, words: Words) -> Iterator[Row]:
    """A failed check on each object, the worst first."""
    for problem in view["problems"]:
        check = view["checks"][problem["check"]]
        for group in problem["groups"]:
            offenders = _lines(_offenders(group, words))
            for place in group["objects"]:
                yield {
                    "severity": said(words, problem["severity"]),
                    "check": problem["check"],
                    "check_title": check["title"][words.language],
                    "verdict": said(words, group["verdict"]),
                    "asset": place["asset"],
                    "object": place["object"],
                    "offenders": offenders,
                    "accepted": place.get("accepted", {}).get("until", ""),
                    "steps": "\n".join(check["steps"]),
                    "remedy": check["remedy"][words.language],
                    "advisory": yes(words, problem["advisory"]),
                    "unsampled": words("unsampled_tag") if "unsampled" in place else "",
                }


def _offenders(group: View, words: Words) -> Iterator[str]:
    for one in group["offenders"][:OFFENDERS_SHOWN]:
        yield f"{one['id']}: {one['seen'][words.language]} / {one['expected'][words.language]}"
    if group["offenders_total"] > OFFENDERS_SHOWN:
        yield words("more", number=group["offenders_total"] - OFFENDERS_SHOWN)


def risks(view: View, words: Words) -> Iterator[Row]:
    """Every risk by the grounds on which the same was decided."""
    for risk in view["risks"]:
        for group in risk["groups"]:
            decision = group["decision"] or {}
            yield {
                "risk": risk["id"],
                "hazard": risk["hazard"],
                "text": risk["text"][words.language],
                "standing": said(words, group["standing"]),
                "objects": "\n".join(group["objects"])[:CELL_LIMIT],
                "case": group["case"][words.language] if group["case"] else "",
                **{
                    key: decision.get(key, "")
                    for key in ("act", "person", "date", "valid_until", "reason", "measure")
                },
            }


def gaps(view: View, words: Words) -> Iterator[Row]:
    """What could not be collected, asset by asset."""
    for gap in view["gaps"]:
        for place in gap["places"]:
            yield {
                "gap": said(words, gap["reason"]),
                "asset": place["asset"],
                "facts": _lines(fact[words.language] for fact in place["facts"]),
                "details": _lines(iter(place["details"])),
                "checks_count": len(place["checks"]),
            }


def conclusion(figures: View, words: Words) -> str:
    """The predicted conclusion, or why there is none and between what it lies."""
    found = figures["conclusion"]
    if found["final"]:
        return said(words, found["final"])
    refused = found["refused_for"]
    return words(
        "conclusion_range",
        open=refused["open_steps"],
        risks=len(refused["undecided_risks"]),
        worst=said(words, found["worst"]),
        best=said(words, found["best"]),
    )


def between(bounds: View) -> str:
    """``61.20`` where both ends are the same, else ``0.00 – 93.84``."""
    low, high = f"{bounds['low']:.2f}", f"{bounds['high']:.2f}"
    return low if low == high else f"{low} – {high}"


def findings(view: View, words: Words) -> Iterator[Row]:
    """What was known before, and what became of it."""
    for one in view["rectification"]["findings"]:
        ours = one["source"] in ("scan", "answer")
        title = one["title"][words.language]
        closed = words(f"closed_{one['closed_by']}") if one["closed"] else ""
        moved = words("known_moved", place=one["moved"]) if one["moved"] else ""
        yield {
            "known_number": one["number"],
            "known_title": words("known_unmet", title=title) if ours else title,
            "severity": said(words, one["severity"]),
            "asset": one["asset"],
            "known_where": ", ".join(one["offenders"]),
            "known_source": words("comma").join(
                filter(None, (words(f"source_{one['source']}"), one["document"]))
            ),
            "known_opened": one["opened"][:10],
            "known_stage": words("comma").join(filter(None, (words(f"stage_{one['stage']}"), closed, moved))),
            "known_deadline": one["deadline"],
            "known_notice": one["notice"],
            "known_closed": one["closed"][:10],
            "known_reopened": one["reopened"],
        }
