"""The view as one self-contained HTML file: no script or style but ours, nothing loaded from elsewhere."""

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from secaudit.content.folder import content_dir
from secaudit.model.text import Language
from secaudit.report.charts import SHADES, stacked
from secaudit.report.output import write_text
from secaudit.report.safe import seen, shown_lines
from secaudit.report.texts import Words, load_texts

TEMPLATE = "self-assessment"
PAPER_LIMIT = 4_000  # of a text
# a browser takes long for what it draws: more groups of objects of a problem are data until they are asked for
GROUPS_SHOWN = 6
EVIDENCE_LIMIT = 5_000  # rows
OUTPUTS_LIMIT = 5_000_000  # characters
# shape and letter say the same as the colour, so that a grey print still reads
SYMBOLS = {
    "PASS": "✓", "PARTIAL": "◐", "FAIL": "✗", "NOT_APPLICABLE": "–", "UNKNOWN": "?", "MANUAL": "☐",
    "符合": "✓", "部分符合": "◐", "不符合": "✗", "不适用": "–", "待核实": "?",
    "met": "✓", "partly": "◐", "not_met": "✗", "not_applicable": "–", "attested": "✓",
    "person": "☐", "person_rest": "◪", "evidence_missing": "?", "register": "§",
    "machine": "✓", "high": "▲", "medium": "◆", "low": "▽",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Booklet:
    """A file of a report in ``parts`` of them: the main one (1), or one that holds a part of ``section`` alone.

    ``first``: the number of its first entry. ``bound``: what the table of parts says of the others.
    ``starts``: section → entry → the file where it begins.
    """

    part: int
    parts: int
    section: str = ""
    first: int = 1
    bound: Sequence[Mapping[str, Any]] = ()
    starts: Mapping[str, Mapping[int, int]] = field(default_factory=dict)


class _Names(dict[str, str]):
    """Asset → its name; its id where a package has no list of assets."""

    def __missing__(self, asset_id: str) -> str:
        return asset_id


def write_html(view: dict[str, Any], path: Path, language: Language) -> None:
    """The view as an HTML file in one language. Raises UsageError when it cannot be written."""
    write_text(path, render_html(view, language))


def render_html(
    view: dict[str, Any], language: Language, *, paper: bool = False, booklet: Booklet | None = None
) -> Iterator[str]:
    """The parts of the page, in order; ``paper``: to be printed, without what needs a screen."""
    view = view if paper else _on_screen(view)
    folder = content_dir("reports")
    template_folder = folder / TEMPLATE
    style, script = (_inline(template_folder / name) for name in ("style.css", "script.js"))
    texts = load_texts(template_folder / "texts.yaml")
    if paper:
        style += _inline(template_folder / "paper.css") + _folio(Words(texts, language), booklet)
    reasons = load_texts(folder / "gap_reasons.yaml")
    return (
        template_environment(template_folder, paper=paper)
        .get_template("report.html.j2")
        .generate(
            view=view,
            t=Words(texts, language),
            reason=Words(reasons, language),
            lang=language,
            paper=paper,
            booklet=booklet,
            names=_Names((asset["id"], asset["name"]) for asset in view["assets"]),
            **_styled(style),
            script=Markup(script),  # noqa: S704 - our own file, not text of a target
            script_hash=csp_hash(script),
        )
    )


def _on_screen(view: dict[str, Any]) -> dict[str, Any]:
    """The view, without evidence where that is more than a browser bears."""
    rows = sum(len(asset["evidence"]) for asset in view["assets"])
    size = sum(len(output["excerpt"]) for output in view["outputs"].values())
    if rows <= EVIDENCE_LIMIT and size <= OUTPUTS_LIMIT:
        return view
    return {
        **view,
        "document": {**view["document"], "evidence_elsewhere": True},
        "assets": [{**asset, "evidence": []} for asset in view["assets"]],
        "outputs": {},
    }


def _compact(groups: Sequence[Mapping[str, Any]], language: Language) -> list[Any]:
    """Groups of a problem as the script of the page draws them: verdict, objects, offenders, how many there are."""
    return [
        [
            group["verdict"],
            [_place(one) for one in group["objects"]],
            [
                [seen(one["id"]), seen(one["seen"][language]), seen(one["expected"][language])]
                for one in group["offenders"]
            ],
            group["offenders_total"],
        ]
        for group in groups
    ]


def _place(one: Mapping[str, Any]) -> str:
    """``web / orders``; an acceptance or that nobody sampled it is told by the marks behind it."""
    name = one["asset"] if one["object"] == one["asset"] else f"{one['asset']} / {one['object']}"
    marks = ("*" if "accepted" in one else "") + ("†" if "unsampled" in one else "")
    return seen(name) + marks


def _folio(words: Words, booklet: Booklet | None) -> str:
    """The style of the foot of a page, which tells its number, and which part of the report this is."""
    told = words("folio", page='" counter(page) "', pages='" counter(pages) "')
    if booklet:
        told = words("folio_part", part=booklet.part, parts=booklet.parts, folio=told)
    return f'@page {{ @bottom-center {{ content: "{told}"; }} }}'


def template_environment(folder: Path, *, paper: bool = False) -> ImmutableSandboxedEnvironment:
    """Templates of a folder of ours: sandboxed, everything that is filled in escaped; on paper cut, too."""
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_printed if paper else _seen,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        stacked=stacked, shades=SHADES, symbol=SYMBOLS, compact=_compact, groups_shown=GROUPS_SHOWN
    )
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
    environment.filters["when"] = _when
    return environment


def _seen(value: object) -> object:
    """Texts of the view without what no reader sees; markup is ours."""
    return seen(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _printed(value: object) -> object:
    return (
        shown_lines(value, PAPER_LIMIT) if isinstance(value, str) and not isinstance(value, Markup) else value
    )


def _when(stamp: str) -> str:
    """``2026-03-02T23:00:00+08:00`` → ``2026-03-02 23:00:00 +08:00``."""
    return f"{stamp[:10]} {stamp[11:19]} {stamp[19:]}"


def _inline(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def page_of(folder: str, template: str, **values: Any) -> Iterator[str]:
    """The parts of a page of a folder of reports/, in order, in its own style."""
    place = content_dir("reports") / folder
    return template_environment(place).get_template(template).generate(**values, **style_of(place))


def style_of(folder: Path) -> dict[str, str]:
    """``style`` and ``style_hash`` of a page: the style.css of its folder."""
    return _styled(_inline(folder / "style.css"))


def _styled(style: str) -> dict[str, str]:
    marked = Markup(style)  # noqa: S704 - our own file, not text of a target
    return {"style": marked, "style_hash": csp_hash(style)}


def csp_hash(text: str) -> str:
    """The hash source of a Content-Security-Policy (CSP level 3, section 2.3.1)."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
