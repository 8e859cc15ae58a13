"""The report format ``md``: how many verdicts of each kind, and every problem, as Markdown."""

from typing import Any

from secaudit.plugin import API, FormatPlugin, Language

SPECIAL = "\\`*_{}[]<>()#+-.!|~&"


def write(view: dict[str, Any], language: Language) -> bytes:
    """What targets said is in the view: it is escaped like any other text."""
    lines = [f"# {escaped(view['title'][language])}", "", f"{escaped(view['system']['name'])}", ""]
    lines += [f"- {verdict}: {count}" for verdict, count in view["summary"]["verdicts"].items()]
    lines += ["", *(_problem(view, problem, language) for problem in view["problems"])]
    return "\n".join([*lines, ""]).encode()


def _problem(view: dict[str, Any], problem: dict[str, Any], language: Language) -> str:
    title = view["checks"][problem["check"]]["title"][language]
    return f"- {escaped(title)}: {problem['objects']}"


def escaped(text: str) -> str:
    """The text without anything that Markdown or HTML would act on."""
    return "".join(f"&#{ord(c)};" if c in SPECIAL else c for c in text.replace("\n", " "))


PLUGIN = FormatPlugin(API, write)
