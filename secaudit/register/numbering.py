"""Numbers of documents (文号) by an office's own pattern."""

import re
from collections.abc import Collection
from datetime import date
from typing import Annotated

from pydantic import AfterValidator

from secaudit.language import _


def number_pattern(text: str) -> str:
    """``网安〔{year}〕{n}号``; raises ValueError."""
    if "{n}" not in text or re.search(r"[{}/\\]", text.replace("{n}", "").replace("{year}", "")):
        raise ValueError(_("a number with {n} and perhaps {year} in it expected, without slashes"))
    return text


def next_number(pattern: str, taken: Collection[str], day: date) -> str:
    """``网安〔{year}〕{n}号`` → the first number of the year that is not taken."""
    number = 1
    while (made := pattern.format(year=day.year, n=number)) in taken:
        number += 1
    return made


NumberPattern = Annotated[str, AfterValidator(number_pattern)]
