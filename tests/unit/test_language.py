"""Messages: which language is spoken, and whether the Chinese catalogue says what the code says."""

import re
from pathlib import Path

import pytest

from secaudit import language

PLACEHOLDER = re.compile(r"\{\w*\}")


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_TW"}, "zh"),
        ({"LANG": "zh"}, "zh"),
        ({"LANG": "zh_CN.GB18030@stroke"}, "zh"),
        ({"LANG": "zhuang"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": ""}, "zh"),
        ({"LANGUAGE": "zh_CN:en"}, "zh"),
    ],
)
def test_the_first_variable_that_is_set_decides(environ: dict[str, str], expected: str) -> None:
    assert language.detect(environ) == expected


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="fr"):
        language.use("fr")


def test_a_message_that_nobody_translated_stays_english() -> None:
    language.use("zh")
    assert language._("no such message") == "no such message"


def test_messages_follow_the_language_in_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "CATALOGUE", po_file(tmp_path, 'msgid "Yes"\nmsgstr "是"\n'))
    language.use("zh")
    assert language._("Yes") == "是"
    language.use("en")
    assert language._("Yes") == "Yes"


def test_fuzzy_and_empty_entries_do_not_count(tmp_path: Path) -> None:
    entries = '#, fuzzy\nmsgid "Yes"\nmsgstr "不"\n\nmsgid "No"\nmsgstr ""\n'
    assert language.read_catalogue(po_file(tmp_path, entries)) == {}


def test_a_translation_has_the_placeholders_of_its_message() -> None:
    for message, translation in language.read_catalogue(language.CATALOGUE).items():
        assert sorted(PLACEHOLDER.findall(translation)) == sorted(PLACEHOLDER.findall(message)), message


def po_file(folder: Path, entries: str) -> Path:
    """A catalogue with a header and these entries."""
    path = folder / "zh.po"
    header = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
    path.write_text(header + entries, encoding="utf-8")
    return path
