"""Numbers of documents."""

from datetime import date

import pytest

from secaudit.register.numbering import next_number, number_pattern


def test_numbers_go_on_within_a_year() -> None:
    taken = {"网安〔2026〕1号", "网安〔2026〕3号"}
    assert next_number("网安〔{year}〕{n}号", taken, date(2026, 8, 1)) == "网安〔2026〕2号"
    assert next_number("网安〔{year}〕{n}号", taken, date(2027, 8, 1)) == "网安〔2027〕1号"


@pytest.mark.parametrize("text", ["{year}", "{n}/{year}", "{n}{m}", "{n", "{n!r}", "{n}\\"])
def test_a_pattern_has_a_running_number_and_no_slash(text: str) -> None:
    with pytest.raises(ValueError, match="a number with"):
        number_pattern(text)
