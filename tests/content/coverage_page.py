"""docs/coverage.md and its Chinese sister, written by the inventory: who decides each step that a Linux host shows."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from secaudit.content import Content
from secaudit.content.catalogue import LEVELS
from secaudit.content.coverage import STATES, StepCoverage, coverage
from secaudit.content.folder import content_dir
from secaudit.model.text import Language
from tests.content import high_risks

KIND = "linux"
ROOT = content_dir("checks").parent
READMES: dict[Language, Path] = {"en": ROOT / "README.md", "zh": ROOT / "README.zh-CN.md"}
FILES: dict[Language, Path] = {"en": ROOT / "docs" / "coverage.md", "zh": ROOT / "docs" / "coverage.zh-CN.md"}
STATE_WORDS = {
    "en": {
        "machine": "checks",
        "part": "checks and people",
        "person": "people",
        "no_check": "**nobody yet**",
    },
    "zh": {"machine": "检查", "part": "检查和人员", "person": "人员", "no_check": "**尚无**"},
}
INTRODUCTION = {
    "en": """# Who decides each step on a Linux host
[中文](coverage.zh-CN.md)

Every evaluation step of GB/T 28448-2019 that a Linux host can show
(`secaudit requirements coverage --level 3 --kind linux`).

- *checks*: a machine decides it
- *checks and people*: a failing check fails the step; what people must see besides is named
- *people*: no check proves it, for the reason named

Written by `python -m tests.content.inventory`.
""",
    "zh": """# Linux 主机上每一步由谁判定
[English](coverage.md)

GB/T 28448-2019 中 Linux 主机能反映的每个测评步骤
（`secaudit requirements coverage --level 3 --kind linux`）。

- “检查”：由程序判定
- “检查和人员”：检查不通过则该步不符合；其余由人员核查，并写明看什么
- “人员”：没有检查能证明，并写明原因

由 `python -m tests.content.inventory` 生成。
""",
}
HEADS = {
    "en": ("level", "steps", "step", "question", "decided by", "checks", "what people must see"),
    "zh": ("等级", "步骤数", "步骤", "问题", "判定者", "检查", "留给人员的"),
}
RISKS = {
    "en": (
        "## High-risk conditions",
        "",
        "A failing check makes a condition a candidate; a person confirms or downgrades it.",
        "",
        "| condition | checks | why a host cannot show it |",
    ),
    "zh": (
        "## 高风险情形",
        "",
        "检查不通过只产生候选项，由人员确认或降级。",
        "",
        "| 情形 | 检查 | 主机为何反映不了 |",
    ),
}


def counts(content: Content, level: int) -> Counter[str]:
    """State → number of steps at a level."""
    return Counter(row.state for row in coverage(content.catalogues[level], content.checks.values(), KIND))


def count_lines(content: Content, language: Language) -> list[str]:
    """The table of numbers, a row a level; README shows the same."""
    words, heads = STATE_WORDS[language], HEADS[language]
    states = [state for state in STATES if any(counts(content, level)[state] for level in LEVELS)]
    lines = [_row(heads[0], heads[1], *(words[state] for state in states)), "|---" * (len(states) + 2) + "|"]
    for level in LEVELS:
        found = counts(content, level)
        lines.append(_row(str(level), str(found.total()), *(str(found[state]) for state in states)))
    return lines


def page(content: Content, language: Language) -> str:
    """The whole page."""
    lines = [INTRODUCTION[language], *count_lines(content, language)]
    for level in LEVELS:
        lines += ["", f"## {'Level' if language == 'en' else '等级'} {level}", ""]
        lines += [_row(*HEADS[language][2:]), "|---" * 5 + "|"]
        lines += _steps(content, level, language)
    lines += ["", *RISKS[language], "|---" * 3 + "|", *_risks(content, language)]
    return "\n".join(lines) + "\n"


def into_readme(text: str, content: Content, language: Language) -> str:
    """A README with its table of numbers written anew: the lines from the head of the table to its end."""
    lines = text.split("\n")
    head = f"| {HEADS[language][0]} | {HEADS[language][1]} |"
    first = next(number for number, line in enumerate(lines) if line.startswith(head))
    last = next(number for number in range(first, len(lines)) if not lines[number].startswith("|"))
    return "\n".join([*lines[:first], *count_lines(content, language), *lines[last:]])


def _steps(content: Content, level: int, language: Language) -> Iterator[str]:
    for row in coverage(content.catalogues[level], content.checks.values(), KIND):
        yield _row(
            f"`{row.step.id}`",
            row.step.question.of(language),
            STATE_WORDS[language][row.state],
            "<br>".join(f"`{check.removeprefix('linux.')}`" for check in row.checks),
            _left(row, language),
        )


def _risks(content: Content, language: Language) -> Iterator[str]:
    shown, left = high_risks.bound(content, KIND), high_risks.left_to_people(KIND)
    for risk in content.high_risks:
        checks = "<br>".join(f"`{check.removeprefix('linux.')}`" for check in shown.get(risk, ()))
        yield _row(f"`{risk}`", checks, left[risk].reason.of(language) if risk in left else "")


def _left(row: StepCoverage, language: Language) -> str:
    return "" if row.left is None else row.left.of(language)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
