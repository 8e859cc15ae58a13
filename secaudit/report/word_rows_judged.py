"""Rows of a Word template about what was judged: coverage, control points, records of steps, problems."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from secaudit.report.tabular import Row, View, kinds, methods, said, yes
from secaudit.report.texts import Words
from secaudit.report.word_fields import CONCLUSIONS, STEPS, listed

SEEN_SHOWN: Final = 5


def coverage(view: View, words: Words) -> Iterator[Row]:
    """Steps by domain and who decided them."""
    for row in view["coverage"]:
        names = {"all": "steps"}
        yield {
            "domain": said(words, row["domain"]),
            "items_count": row["items"],
            **{f"steps_{name}": row[names.get(name, name)] for name in STEPS},
        }


def points(view: View, words: Words) -> Iterator[Row]:
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


def records(view: View, words: Words) -> Iterator[Row]:
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
                    "methods": methods(asked[step["id"]]["methods"], words),
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


def problems(view: View, words: Words) -> Iterator[Row]:
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
