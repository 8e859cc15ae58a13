"""A frozen dataclass as the JSON text of a named form, and back: nothing is read but what was written so."""

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T", bound="DataclassInstance")


def encode(form: str, one: "DataclassInstance") -> bytes:
    """The JSON text, always the same for the same value; ``form`` stands in it as ``format``."""
    said = {"format": form, **asdict(one)}
    return (json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def decode(content: bytes, form: str, made: Callable[[dict[str, Any]], T]) -> T | None:
    """The value of a text that ``encode`` wrote; None for anything else.

    ``made`` gets the fields as JSON has them, and may raise what a wrong shape raises.
    """
    try:
        said = json.loads(content)
        if said.pop("format") != form:
            return None
        one = made(said)
        return one if encode(form, one) == content else None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
