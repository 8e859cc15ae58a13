"""Typed values as canonical JSON: the same value is the same bytes every night."""

import json
import re
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from secaudit.errors import StoreError
from secaudit.language import _

T = TypeVar("T")


class Unreadable(StoreError):
    """Content of another version of secaudit. The store adds of which run."""


class UnreadableRun(Unreadable):
    """A run of which a part cannot be read; other runs can."""


_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
_SURROGATES = re.compile("[\ud800-\udfff]")


class Codec(Generic[T]):
    """Writes and reads values of one type (a dataclass, or a tuple of them)."""

    def __init__(self, type_: Any) -> None:
        self._adapter: TypeAdapter[T] = TypeAdapter(type_)

    def encode(self, value: T) -> bytes:
        """The value as canonical JSON; lone surrogates, which no UTF-8 holds, stay as ``\\udcNN``."""
        return canonical(self.plain(value))

    def plain(self, value: T) -> Any:
        """The value as lists, dicts and scalars of JSON."""
        return self._adapter.dump_python(value, mode="json")

    def decode(self, content: bytes) -> T:
        """The value; raises Unreadable when the content is none of this type.

        Fields that this version does not know are passed over, those that are missing have their defaults.
        """
        try:
            return self._adapter.validate_json(content)
        except ValidationError as error:
            raise unreadable() from error


def unreadable() -> Unreadable:
    """What is told of any content that is none of its type."""
    return Unreadable(
        _("What the database holds is not readable by this version of secaudit."),
        hint=_("Use the version that wrote it, or restore the database from a backup."),
    )


def canonical(plain: Any) -> bytes:
    """Plain data as JSON with sorted keys and no spaces."""
    text = _CANONICAL.encode(plain)
    try:
        return text.encode()
    except UnicodeEncodeError:  # rare, and to look for it beforehand costs a fifth of all this
        return _SURROGATES.sub(lambda found: f"\\\\u{ord(found[0]):04x}", text).encode()
