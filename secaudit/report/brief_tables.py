"""A brief in texts: what its page and its Word document both say, cell by cell."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from secaudit.content.folder import content_dir
from secaudit.model.text import Language
from secaudit.report.texts import Words, load_texts

NAME: Final = "quarterly-brief"
# a brief has two pages
SYSTEMS_SHOWN: Final = 8
ASKED_SHOWN: Final = 5
RUNS_SHOWN: Final = 3

View = Mapping[str, Any]
Rows = list[dict[str, str]]


def brief_words(language: Language) -> Words:
    """The words of a brief."""
    return Words(load_texts(content_dir("reports") / NAME / "texts.yaml"), language)


def overview(view: View, words: Words) -> list[str]:
    """The sentences of the first chapter."""
    audits = [system["audits"] for system in view["systems"]]
    said = [
        words("overview_systems", systems=len(audits), audited=sum(map(bool, audits)), audits=sum(audits))
    ]
    if view["nights"]:
        said.append(words("overview_nights", **view["nights"]))
    now = view["now"]
    said.append(words("overview_figures", **{**now, "share": share(now)}) if now else words("overview_none"))
    return [*said, words("overview_findings", **view["findings"])]


def changes(view: View, words: Words) -> Rows:
    """Figures at the end of the quarter before and of this one."""
    rows = []
    for name in ("failing", "high", "medium", "low", "unknown", "reached"):
        before, now = (point[name] if (point := view[side]) else None for side in ("before", "now"))
        key = f"failing_{name}" if name in ("high", "medium", "low") else name
        change = "" if before is None or now is None else f"{now - before:+d}" if now != before else "0"
        rows.append(
            {"figure": words(key), "before": _said(before), "now": _said(now), "change": change or "—"}
        )
    both = {side: share(view[side]) if view[side] else "—" for side in ("before", "now")}
    return [*rows, {"figure": words("share"), **both, "change": "—"}]


def systems(view: View, words: Words) -> tuple[Rows, str]:
    """The systems, those that fail most first, and how many are left out."""
    ordered = sorted(view["systems"], key=lambda one: -(one["figures"]["failing"] if one["figures"] else 1e9))
    rows = [_system(one, words) for one in ordered[:SYSTEMS_SHOWN]]
    return rows, _more(len(ordered) - SYSTEMS_SHOWN, words)


def _system(one: View, words: Words) -> dict[str, str]:
    figures = one["figures"]
    named = {"name": one["name"], "grade": one["grade"], "audits": str(one["audits"])}
    if not figures:
        empty = dict.fromkeys(("high", "medium", "low", "unknown", "share", "reached"), "—")
        return {**named, **empty, "last": words("not_audited")}
    counts = {name: str(figures[name]) for name in ("high", "medium", "low", "unknown")}
    reached = f"{figures['reached']}/{figures['assets']}"
    return {**named, **counts, "share": share(figures), "reached": reached, "last": one["last"][:10]}


def items(view: View) -> Rows:
    """The items that fail on most objects."""
    return [
        {"id": one["id"], "name": one["name"], "failing": str(one["failing"]), "before": _said(one["before"])}
        for one in view["items"]
    ]


def asked(view: View, words: Words) -> tuple[Rows, str]:
    """Who is asked for what, and how many are left out."""
    rows = [
        {
            "owner": one["owner"] or words("nobody"),
            "count": str(one["count"]),
            "high": str(one["high"]),
            "overdue": str(one["overdue"]),
            "deadline": one["deadline"] or "—",
            "demand": words(_demand(one)),
        }
        for one in view["asked"][:ASKED_SHOWN]
    ]
    return rows, _more(len(view["asked"]) - ASKED_SHOWN, words)


def _demand(one: View) -> str:
    if not one["owner"]:
        return "demand_nobody"
    return "demand_overdue" if one["overdue"] else "demand_open"


def _more(count: int, words: Words) -> str:
    return words("more", count=count) if count > 0 else ""


def _said(value: int | None) -> str:
    return "—" if value is None else str(value)


def share(point: View) -> str:
    """``96.0%``."""
    return "—" if point["share"] is None else f"{point['share']:.1%}"


def runs_text(runs: Sequence[str], words: Words) -> str:
    """The runs that a brief rests on."""
    if len(runs) > RUNS_SHOWN:
        named = words("runs_more", first=words("comma").join(runs[:RUNS_SHOWN]), count=len(runs))
    else:
        named = words("comma").join(runs) or words("runs_none")
    return words("runs", runs=named)


def versions_text(document: View, words: Words) -> str:
    """What made it, and when."""
    return words(
        "versions",
        tool=document["tool"],
        content=document["content_hash"][:16],
        generated=document["generated_at"],
    )


def week_label(week: View) -> str:
    """The first day of a week: ``07-01``."""
    return date.fromisoformat(week["begin"]).strftime("%m-%d")
