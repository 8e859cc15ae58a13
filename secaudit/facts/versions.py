"""The order of package and kernel versions, by the rules of the system they come from."""

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from secaudit.facts.fact import GapFound
from secaudit.model.evidence import GapReason

if TYPE_CHECKING:
    from univers.versions import Version

# univers takes nonsense (RpmVersion("é")) without complaint: the text is held against this first.
_SHAPE = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+~_:^-]{0,199}", re.ASCII)


@cache
def _orders() -> dict[str, type["Version"]]:
    from univers.versions import (
        AlpineLinuxVersion,
        DebianVersion,
        RpmVersion,
    )  # 40 ms: only where they are compared

    return {"dpkg": DebianVersion, "rpm": RpmVersion, "apk": AlpineLinuxVersion}


# hosts have the same packages: what was parsed and compared for one serves the others
@lru_cache(maxsize=16_384)
def parsed_version(text: str, source: str) -> "Version":
    """A version that can be compared with others of the same source (``dpkg``, ``rpm``, ``apk``); raises GapFound."""
    if not _SHAPE.fullmatch(text) or not any(c.isdigit() for c in text):
        raise GapFound(GapReason.UNPARSABLE, f"no version: {text[:60]!r}")
    try:
        return _orders()[source](text)
    except (ValueError, TypeError, AttributeError) as error:
        raise GapFound(GapReason.UNPARSABLE, f"no version: {text[:60]!r}") from error


@lru_cache(maxsize=16_384)
def is_newer(one: str, other: str, source: str) -> bool:
    """Whether ``one`` comes after ``other`` (rpm: ``503.11.1.el9_5`` after ``503.el9``); raises GapFound."""
    return bool(parsed_version(one, source) > parsed_version(other, source))


def newest(versions: tuple[str, ...], source: str) -> str:
    """The last of them in version order; raises GapFound, IndexError when there is none."""
    last = versions[0]
    for version in versions[1:]:
        if is_newer(version, last, source):
            last = version
    parsed_version(last, source)
    return last
