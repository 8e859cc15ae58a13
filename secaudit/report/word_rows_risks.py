"""Rows of a Word template about risks: by the grounds on which they were decided, and what was accepted."""

from collections.abc import Iterator
from typing import Final

from secaudit.report.tabular import Row, View, said
from secaudit.report.texts import Words
from secaudit.report.word_fields import listed


def risks(view: View, words: Words) -> Iterator[Row]:
    """Every risk by the grounds on which the same was decided."""
    for risk in view["risks"]:
        yield from _grounds(risk, words)


def hazards(view: View, words: Words) -> Iterator[Row]:
    """Those conditions that are major hazards."""
    for risk in view["risks"]:
        if risk["hazard"]:
            yield from _grounds(risk, words)


def rectified(view: View, words: Words) -> Iterator[Row]:
    """Major hazards that were put right, and by whom that was put on record."""
    for risk in view["risks"]:
        if risk["hazard"] and risk["rectified"]:
            yield from _grounds(risk, words)


def _grounds(risk: View, words: Words) -> Iterator[Row]:
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


def acceptances(view: View, words: Words) -> Iterator[Row]:
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


GROUNDS: Final = frozenset({"risk", "hazard", "text", "case", "standing", "objects", "decision", "reason"})
