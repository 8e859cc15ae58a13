"""The first sheet: what a report is about, what was counted, what it rests on, field by field."""

from collections.abc import Iterator
from typing import Any

from secaudit.report.tabular import CELL_LIMIT, Row, View, between, conclusion, hazard_count, marking, said
from secaudit.report.texts import Words


def summary(view: View, words: Words) -> Iterator[Row]:
    """Field by field: what the report is about, what was counted, what it rests on."""
    for name, value in (*_about(view, words), *_figures(view, words), *_counts(view, words)):
        yield {"name": name, "value": value}


def _about(view: View, words: Words) -> Iterator[tuple[str, Any]]:
    document, system = view["document"], view["system"]
    if document.get("number"):
        yield words("document_number"), document["number"]
    yield words("marked"), marking(view, words)
    yield words("system"), system["name"]
    yield words("system_id"), system["id"]
    yield words("organisation"), " / ".join(system["organisations"])
    yield words("office"), document["office"]
    yield words("grade"), system["grade"]
    if system["extensions"]:
        yield (
            words("extensions"),
            words("comma").join(words(f"extension_{name}") for name in system["extensions"]),
        )
    for one in system["sampling"]:
        share = words("chosen_of", number=len(one["assets"]), all=one["of"])
        chosen = f"{one['kind']} {share}: {', '.join(one['assets'])}; {one['person']} {one['date']}; {one['reason']}"
        yield words("sampling"), chosen[:CELL_LIMIT]
    yield words("filing"), system["filing_number"]
    yield words("profile"), document["profile"]
    yield words("run"), document["run"]["id"]
    yield words("checked"), f"{document['run']['started_at']} – {document['run']['ended_at']}"
    yield words("judged"), document["run"]["judged_at"]
    yield words("generated"), document["generated_at"]
    yield words("tool"), f"secaudit {document['versions']['tool']}"
    yield words("content"), document["versions"]["content_hash"]
    if document.get("left_out"):
        yield (
            words("left_out"),
            words("comma").join(words(f"section_{part}") for part in document["left_out"]),
        )
    if document.get("limited_to"):
        yield (
            words("points_told"),
            words("comma").join(point[words.language] for point in document["limited_to"]),
        )


def _figures(view: View, words: Words) -> Iterator[tuple[str, Any]]:
    figures = view["prediction"]
    yield words("template"), figures["template"]
    yield words("rule"), figures["rule"]
    yield words("conclusion_predicted"), conclusion(figures, words)
    if figures["rate"]:
        for kind in ("strict", "weighted"):
            yield words(f"rate_{kind}"), between(figures["rate"][kind])
    if figures["score"]:
        yield words("score"), between(figures["score"]["total"])
    yield words("hazards"), hazard_count(figures["hazards"], words)


def _counts(view: View, words: Words) -> Iterator[tuple[str, Any]]:
    found = view["summary"]
    yield words("planned"), found["planned"]
    yield words("assets_count"), found["assets"]
    yield words("visited"), found["visited"]
    for key in ("items", "verdicts", "problems", "steps"):
        for name, count in found[key].items():
            word = "person_asked" if name == "person" else name
            yield words(f"{key}_count", word=said(words, word)), count
