"""The recheck as a Word document."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from secaudit.assess.rechecking import Standing
from secaudit.model.finding import OURS
from secaudit.model.text import Language
from secaudit.report.recheck_html import gap_words, recheck_words
from secaudit.report.texts import Words
from secaudit.report.word_fields import when
from secaudit.report.word_filling import About, Template, cell, document_of, placed_row, placed_rows
from secaudit.report.word_form import WordForm

View = Mapping[str, Any]

ROWS_LIMIT: Final = 500
OUTPUT_LINES: Final = 6
OUTPUT_CHARACTERS: Final = 400
NUMBERS_SHOWN: Final = 12
LINES_SHOWN: Final = 8
COUNTS: Final = ("findings", *(standing.value for standing in Standing), "overdue")
ITSELF: Final = frozenset(source.value for source in OURS)
FORM: Final = WordForm(
    "recheck",
    frozenset(
        {
            *("marking", "organisation", "notice", "notice_date", "office", "person", "date", "statement"),
            *("tool", "generated_at", "template_file", *COUNTS),
        }
    ),
    frozenset({"marking", "organisation", "notice", "date", "statement", "tool", *COUNTS}),
    {
        "severities": frozenset({"severity", *(standing.value for standing in Standing)}),
        "groups": frozenset(
            {
                *(
                    "number",
                    "system",
                    "asset",
                    "problem",
                    "item",
                    "severity",
                    "deadline",
                    "owner",
                    "standing",
                ),
                *("place", "why", "basis", "before", "after", "people"),
            }
        ),
    },
)


def render_recheck_word(view: View, language: Language, template: Template) -> bytes:
    """The document as a file that follows from its arguments byte by byte. Raises UsageError."""
    words, reasons = recheck_words(language), gap_words(language)
    about = About(
        title=words("title"),
        subject=view["organisation"],
        author=view["office"],
        comments=words("statement"),
        keywords=view["notice"],
        moment=datetime.fromisoformat(view["generated_at"]),
    )
    groups = view["groups"][:ROWS_LIMIT]
    placed: dict[str, Any] = {
        "severities": placed_rows(_severities(view, words)),
        "severities_note": cell(""),
        "groups": placed_rows(_group(group, words, reasons) for group in groups),
        "groups_note": cell(_note(view, len(groups), words)),
    }
    return document_of(template.content, placed | placed_row(_fields(view, words, template)), about)


def _note(view: View, count: int, words: Words) -> str:
    if not view["groups"]:
        return words("empty")
    every = len(view["groups"])
    return words("cut", all=every, shown=count) if count < every else ""


def _fields(view: View, words: Words, template: Template) -> dict[str, object]:
    return {
        "marking": words("marking", office=view["office"]),
        "organisation": view["organisation"],
        "notice": view["notice"] or words("no_notice"),
        "notice_date": view["notice_date"],
        "office": view["office"],
        "person": view["person"],
        "date": view["date"],
        "statement": words("statement"),
        "tool": f"secaudit {view['tool']}",
        "generated_at": f"{when(view['generated_at'])} UTC{view['generated_at'][19:]}",
        "template_file": words("own", hash=template.own_hash) if template.own_hash else words("shipped"),
        **{name: view["counts"][name] for name in COUNTS},
    }


def _severities(view: View, words: Words) -> Iterator[Mapping[str, object]]:
    for severity, counts in view["counts"]["by_severity"].items():
        yield {"severity": words(severity), **counts}


def _group(group: View, words: Words, reasons: Words) -> Mapping[str, object]:
    rows = group["findings"]
    acts = list(_acts(group, words))
    asset = group["asset_name"] or words("itself")
    gap = f"{words('colon')}{reasons(group['gap'])}" if group["gap"] else ""
    why = f"{words('why_' + group['why'])}{gap}"
    return {
        "number": words("comma").join(_numbers(rows)),
        "system": group["system_name"],
        "asset": asset,
        "place": f"{group['system_name']}\n{asset}",
        "problem": "\n".join(_problem(group, words)),
        "item": group["item"],
        "severity": words(group["severity"]),
        "deadline": "\n".join(dict.fromkeys(row["deadline"] for row in rows if row["deadline"])),
        "owner": "\n".join(dict.fromkeys(row["owner"] for row in rows if row["owner"])),
        "standing": words(group["standing"]),
        "why": why,
        "basis": "\n".join((why, *acts)),
        "before": "\n".join(_side(group, "before", "seen", words, reasons)),
        "after": "\n".join(_side(group, "after", "after", words, reasons)),
        "people": "\n".join(acts),
    }


def _numbers(rows: Sequence[View]) -> Iterator[str]:
    yield from (row["number"] for row in rows[:NUMBERS_SHOWN])
    if len(rows) > NUMBERS_SHOWN:
        yield f"… ({len(rows)})"


def _problem(group: View, words: Words) -> Iterator[str]:
    title = group["title"][words.language]
    yield words("unmet", title=title) if group["source"] in ITSELF else title
    if group["description"]:
        yield group["description"]
    if group["source"] not in ITSELF:
        yield f"{words('source_' + group['source'])} {group['document']}"


def _side(group: View, side: str, column: str, words: Words, reasons: Words) -> Iterator[str]:
    """What was seen of each finding, then the run and what the asset answered."""
    told = [_seen(row, column, words) for row in group["findings"]]
    lines = list(dict.fromkeys(filter(None, told)))
    yield from lines[:LINES_SHOWN]
    if len(lines) > LINES_SHOWN:
        yield f"… ({len(lines)})"
    evidence = group[side]
    if evidence is None:
        yield words(f"none_{side}")
        return
    verdict = f", {words(evidence['verdict'])}" if evidence["verdict"] else ""
    yield words("run_at", run=evidence["run"], at=when(evidence["at"])) + verdict
    for answer in evidence["answers"]:
        yield f"[{answer['probe']}]"
        yield reasons(answer["gap"]) if answer["gap"] else _excerpt(answer["output"])


def _seen(row: View, column: str, words: Words) -> str:
    seen = str(row[column][words.language])
    return f"{row['offender']}{words('colon')}{seen}" if row["offender"] and seen else seen


def _excerpt(text: str) -> str:
    whole = text.strip()
    cut = "\n".join(whole.splitlines()[:OUTPUT_LINES])[:OUTPUT_CHARACTERS]
    return f"{cut} …" if len(cut) < len(whole) else cut


def _acts(group: View, words: Words) -> Iterator[str]:
    for act in group["people"]:
        blanks = {name: act[name] for name in ("person", "notice", "deadline")}
        moved = act["moved"] or {}
        blanks |= {"was": moved.get("from", ""), "place": moved.get("to", "")}
        text = f"{words('colon')}{act['text']}" if act["text"] else ""
        yield f"{act['at'][:10]} {words('act_' + act['kind'], **blanks)}{text}"
        yield from (f"{file['name']} SHA-256 {file['sha256']}" for file in act["files"])
