"""English pages take their texts from the content: none of its English texts holds Chinese."""

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from secaudit.content.folder import content_dir
from secaudit.content.load import content_folders, load_content
from secaudit.facts.catalogue import BUILT_IN
from secaudit.model.attestation import Answer
from secaudit.model.text import Text
from secaudit.report.texts import load_texts

CHINESE: Final = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")


def texts(value: Any) -> Iterator[Text]:
    """Every text inside."""
    if isinstance(value, Text):
        yield value
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from texts(getattr(value, field.name))
    elif isinstance(value, dict):
        yield from texts(tuple(value.values()))
    elif isinstance(value, tuple):
        for one in value:
            yield from texts(one)


def test_high_risks_hazards_items_and_checks_are_told_in_english() -> None:
    content = load_content(content_folders(), {name: fact.schema for name, fact in BUILT_IN.items()})
    for part in (content.high_risks, content.hazards, content.catalogues, content.checks, content.profiles):
        found = list(texts(dict(part)))
        assert found
        assert {text.en for text in found if text.zh and not text.en.strip()} == set()
        assert sorted({text.en for text in found if CHINESE.search(text.en)}) == []


@pytest.mark.parametrize(
    "path", sorted(content_dir("reports").glob("*/texts.yaml")), ids=lambda path: path.parent.name
)
def test_words_of_reports_are_told_in_english(path: Path) -> None:
    """But for the answers that a questionnaire is filled in with: they are the same in both languages."""
    told = [
        re.sub("|".join(sorted(Answer, key=len, reverse=True)), "", text.en)
        for text in load_texts(path).values()
    ]
    assert [text for text in told if CHINESE.search(text)] == []
