"""Host patterns of an Ansible inventory: ``web[01:10:2].example`` and ``db-[a:f]``."""

import re
from collections.abc import Iterator
from typing import Final

from secaudit.language import _

HOST_LIMIT: Final = 10_000
_RANGE: Final = re.compile(r"\[([0-9]{1,9}|[A-Za-z]):([0-9]{1,9}|[A-Za-z])(?::([0-9]{1,9}))?\]")


def expanded(pattern: str) -> list[str]:
    """Every name the pattern stands for; raises ValueError with what was expected."""
    names = [pattern]
    while match := _RANGE.search(names[0]):
        steps = list(_steps(match))
        if not steps or len(steps) * len(names) > HOST_LIMIT:
            raise ValueError(_("a range of 1 to {limit} hosts expected").format(limit=HOST_LIMIT))
        names = [_RANGE.sub(step, name, count=1) for name in names for step in steps]
    if "[" in names[0] or "]" in names[0]:
        raise ValueError(_("a range like [01:10], [1:9:2] or [a:f] expected"))
    return names


def _steps(match: re.Match[str]) -> Iterator[str]:
    first, last, step = match[1], match[2], int(match[3] or 1)
    if step == 0 or first.isdigit() != last.isdigit() or first.islower() != last.islower():
        return
    if first.isdigit():
        width = len(first) if first.startswith("0") else 0
        for number in range(int(first), min(int(last), int(first) + step * HOST_LIMIT) + 1, step):
            yield str(number).zfill(width)
    else:
        for code in range(ord(first), ord(last) + 1, step):
            yield chr(code)
