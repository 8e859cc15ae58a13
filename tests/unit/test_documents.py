"""Pages: the commands that they show exist, with their options; each topic has its page in both languages."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from secaudit.cli.commands import COMMANDS
from secaudit.cli.groups import CommandWithParts
from secaudit.cli.main import LazyGroup

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
SHOWN = re.compile(r"secaudit((?: +(?:-w|--workspace) +\S+)? +[a-z][^`#|;&>]*)")
ENGLISH = [page for page in ROOT.glob("docs/*.md") if not page.name.endswith(".zh-CN.md")]
OPTION = re.compile(r"(?<![\w-])--?[a-zA-Z][\w-]*")


def shown(page: Path) -> Iterator[list[str]]:
    """The words behind ``secaudit`` where a page shows a command: in code, continued lines joined."""
    text = page.read_text(encoding="utf-8").replace("\\\n", " ")
    blocks = [line for line in text.splitlines() if re.match(r" {4,}(\$ )?secaudit ", line)]
    for part in [*blocks, *re.findall(r"`((?:\$ )?secaudit [^`\n]+)`", text)]:
        for found in SHOWN.finditer(part):
            yield re.split(r" {3,}", found[1].strip())[0].split()


def wrong(words: list[str]) -> str:
    """What does not exist of it; "" where all does."""
    command: click.Command = LazyGroup("secaudit")
    while words and isinstance(command, click.Group):
        name, *words = words
        if name in ("-w", "--workspace"):
            words = words[1:]
            continue
        names = [name] if "|" not in name else name.split("|")
        found = [command.get_command(click.Context(command), one) for one in names]
        if None in found:
            return name
        command = found[0] or command
        if isinstance(command, CommandWithParts) and words and words[0] in command.parts:
            command = command.part(words.pop(0))
    known = {one for option in command.params for one in (*option.opts, *option.secondary_opts)} | {"--help"}
    return " ".join(one for one in words for one in OPTION.findall(one) if one not in known)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_shows_can_be_typed(page: Path) -> None:
    assert {f"{' '.join(words)}: {told}" for words in shown(page) if (told := wrong(words))} == set()


def test_pages_are_looked_at() -> None:
    assert len(PAGES) > 40
    assert sum(len(list(shown(page))) for page in PAGES) > len(COMMANDS) * 5
    assert wrong(["scan", "--nope"]) == "--nope"
    assert wrong(["finding", "nope"]) == "nope"


def built(text: str) -> tuple[int, int]:
    """How many headings and rows of tables it has."""
    return len(re.findall(r"^#+ ", text, re.M)), len(re.findall(r"^\|", text, re.M))


@pytest.mark.parametrize("page", sorted(ENGLISH), ids=lambda page: page.name)
def test_a_page_has_its_chinese_sister_built_alike_and_each_leads_to_the_other(page: Path) -> None:
    sister = page.with_suffix(".zh-CN.md")
    english, chinese = page.read_text(encoding="utf-8"), sister.read_text(encoding="utf-8")
    assert built(chinese) == built(english)
    assert f"({sister.name})" in english
    assert f"({page.name})" in chinese


def test_no_chinese_page_stands_alone() -> None:
    names = {page.name for page in ENGLISH}
    chinese = {page.name for page in ROOT.glob("docs/*.zh-CN.md")}
    assert chinese == {f"{name.removesuffix('.md')}.zh-CN.md" for name in names}
