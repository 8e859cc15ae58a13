"""Messages: which language is spoken, and whether the Chinese catalogue says what the code says."""

import ast
import string
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from secaudit import language
from secaudit.facts.catalogue import BUILT_IN
from secaudit.model.text import Text

PACKAGE = Path(language.__file__).parent
MARKS = ("_", "N_")


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


def test_every_message_of_the_code_is_translated() -> None:
    translated = language.read_catalogue(language.CATALOGUE)
    assert sorted(messages_of_code() - set(translated)) == [], "run make messages and translate these"


def test_every_translation_is_still_said() -> None:
    said = messages_of_code()
    assert [message.id for message in catalogue() if message.id and message.id not in said] == []
    assert list(catalogue().obsolete) == []


def test_nothing_in_the_catalogue_is_fuzzy_or_empty() -> None:
    entries = [message for message in catalogue() if message.id]
    assert [message.id for message in entries if message.fuzzy or not message.string] == []


def test_a_translation_has_the_placeholders_of_its_message() -> None:
    for message, translation in language.read_catalogue(language.CATALOGUE).items():
        assert placeholders(translation) == placeholders(message), message


def test_a_translation_begins_and_ends_like_its_message() -> None:
    """Its ends meet other text: line ends and indentation are kept; Chinese punctuation needs no space before it."""
    for message, translation in language.read_catalogue(language.CATALOGUE).items():
        assert message.count("\n") == translation.count("\n"), message
        if translation[0] not in "（、":
            assert indentation(message) == indentation(translation), message


def test_what_is_marked_can_be_extracted() -> None:
    """Each marked call has one plain text (no f-string, no name) and stands where babel sees it."""
    calls = [call for path in sorted(PACKAGE.rglob("*.py")) for call in marked_calls(path)]
    unclear = [place for place, text in calls if text is None]
    assert unclear == []
    assert {text for _place, text in calls} == messages_of_code()


def test_marks_inside_an_f_string_are_found(tmp_path: Path) -> None:
    path = tmp_path / "code.py"
    path.write_text("""_(f"{x} is")\n_(name)\nprint(f"{_('inside')}")\n""", encoding="utf-8")
    assert [text for _place, text in marked_calls(path)] == [None, None, "inside"]
    assert {found[2] for found in extract_from_dir(tmp_path, [("**.py", "python")])} == set()


@cache
def messages_of_code() -> frozenset[str]:
    """What ``make messages`` extracts."""
    found = extract_from_dir(PACKAGE, [("**.py", "python")])
    return frozenset(str(message) for _file, _line, message, _comments, _context in found)


@cache
def catalogue() -> Catalog:
    """The Chinese catalogue as it is written."""
    with language.CATALOGUE.open("rb") as file:
        return read_po(file, locale="zh")


def marked_calls(path: Path) -> Iterator[tuple[str, str | None]]:
    """Where each marked call stands, and its text; None where the text is not plain."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS:
            plain = len(node.args) == 1 and isinstance(node.args[0], ast.Constant)
            yield f"{path}:{node.lineno}", ast.literal_eval(node.args[0]) if plain else None


def placeholders(message: str) -> list[tuple[str, str, str]]:
    """Name, format and conversion of each ``{name:format}``."""
    parts = string.Formatter().parse(message)
    return sorted((name, form or "", turned or "") for _text, name, form, turned in parts if name is not None)


def indentation(message: str) -> str:
    """The spaces before the first word."""
    return message[: len(message) - len(message.lstrip())]


def po_file(folder: Path, entries: str) -> Path:
    """A catalogue with a header and these entries."""
    path = folder / "zh.po"
    header = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
    path.write_text(header + entries, encoding="utf-8")
    return path


def test_a_probe_says_in_both_languages_how_it_reduces_what_it_reads() -> None:
    """What mypy holds, held where nobody runs it too."""
    told: dict[str, object] = {
        p.id: p.reduces for fact in BUILT_IN.values() for p in fact.probes if p.reduces
    }
    assert [id_ for id_, how in told.items() if not (isinstance(how, Text) and how.zh and how.en)] == []
