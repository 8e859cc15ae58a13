"""Files as a probe prints them, taken apart at once: as reading line by line would, and bad ones are gaps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secaudit.facts.config_files import ConfigFile, config_files
from secaudit.facts.fact import GapFound
from secaudit.model.evidence import GapReason

PATHS = st.sampled_from(["/etc/a", "/etc/b c", "/etc/#d"])
# what a file may hold: marks of ours too, which a space before them makes harmless
LINES = st.sampled_from(["", "key = value", "#+ /etc/a", "#= /etc/b", "  indented", "\ttab", "#"])


@given(st.dictionaries(PATHS, st.lists(LINES, max_size=5), max_size=3), st.booleans())
def test_whatever_files_hold_comes_back(files: dict[str, list[str]], blank: bool) -> None:
    parts = [f"#+ {path}" for path in files]
    for path, lines in files.items():
        if lines:
            parts += [f"#= {path}", *(f" {line}" for line in lines)]
    text = "\n".join([*parts, "", ""] if blank else parts)
    assert config_files(text) == tuple(ConfigFile(path, tuple(lines)) for path, lines in files.items())


def test_an_empty_file_and_one_named_twice() -> None:
    text = "#+ /etc/a\n#+ /etc/b\n#= /etc/b\n one\n\n two\n#= /etc/b\n three\n"
    assert config_files(text) == (ConfigFile("/etc/a", ()), ConfigFile("/etc/b", ("three",)))
    assert config_files("#+ /etc/b\n#= /etc/b\n one\n\n two") == (ConfigFile("/etc/b", ("one", "two")),)


@pytest.mark.parametrize(
    ("text", "reason", "told"),
    [
        ("#+ /etc/a\n#! /etc/b\n", GapReason.NO_PERMISSION, "/etc/b"),
        ("#? /dev/fd/3\n", GapReason.UNPARSABLE, "/dev/fd/3 is no regular file"),
        (" key = value\n#+ /etc/a\n", GapReason.UNPARSABLE, "a line before its file"),
        ("#+ /etc/a\n key = value\n", GapReason.UNPARSABLE, "a line before its file"),
        ("#= /etc/a\n one\ntwo\n", GapReason.UNPARSABLE, "unexpected line two"),
        ("#+ /etc/a\n#=/etc/a\n one\n", GapReason.UNPARSABLE, "unexpected line #=/etc/a"),
        ("sh: syntax error\n", GapReason.UNPARSABLE, "sh: syntax error"),
    ],
)
def test_what_is_not_as_it_should_be_is_a_gap(text: str, reason: GapReason, told: str) -> None:
    with pytest.raises(GapFound, match=told) as raised:
        config_files(text)
    assert raised.value.gap.reason is reason
