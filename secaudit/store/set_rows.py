"""The rows of a stored result set, told apart without decoding them: what two sets share need not be decoded.

A set is written with sorted keys and without spaces (``codec.canonical``), so what stands between two rows stands
nowhere else: within a text every quotation mark has a backslash before it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

_FIRST: Final = b'[{"asset_id":""'
_BETWEEN: Final = b'},{"asset_id":""'
_LAST: Final = b"}]"
_CHECK: Final = b',"check_id":"'
_OFFENDER: Final = b'"id":"'
_VERDICT: Final = b',"verdict":"'


@dataclass(frozen=True, slots=True)
class Counted:
    """What a row says, as far as it is counted."""

    check_id: str
    verdict: str
    offenders: int


def rows_of(content: bytes) -> list[bytes] | None:
    """The rows; None where the set was not written like that: it is decoded then."""
    if not (content.startswith(_FIRST) and content.endswith(_LAST)):
        return None
    rows = content[len(_FIRST) : -len(_LAST)].split(_BETWEEN)
    whole = all(row.startswith(_CHECK) and _VERDICT in row[-len(_VERDICT) - 20 :] for row in rows)
    return rows if whole else None


def set_of(rows: Iterable[bytes]) -> bytes:
    """A set of these rows."""
    found = _BETWEEN.join(rows)
    return _FIRST + found + _LAST if found else b"[]"


def counted(rows: Iterable[bytes]) -> Iterator[Counted]:
    """Check, verdict and number of offenders of each row."""
    for row in rows:
        check_id = row[len(_CHECK) : row.index(b'"', len(_CHECK))]
        verdict = row[row.rindex(_VERDICT) + len(_VERDICT) : -1]
        yield Counted(check_id.decode(), verdict.decode(), row.count(_OFFENDER))
