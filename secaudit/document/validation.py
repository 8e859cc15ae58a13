"""Plain data become typed values by pydantic; every mistake is a Problem with its line."""

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from secaudit.document.reader import Document, Place
from secaudit.errors import ContentError, Problem
from secaudit.language import _

M = TypeVar("M", bound=BaseModel)


def validated(document: Document, model: type[M]) -> M:
    """The document as ``model``; raises ContentError with all mistakes at once."""
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        problems = tuple(_problem(document, details) for details in error.errors(include_url=False))
        raise ContentError(problems) from error


def _problem(document: Document, details: ErrorDetails) -> Problem:
    place: Place = tuple(part for part in details["loc"] if _is_place(document, details["loc"], part))
    read = None if details["type"] == "missing" else details["input"]
    if isinstance(read, (dict, list)):
        read = None
    return document.problem(place, read, _expected(details))


def _is_place(document: Document, whole: tuple[str | int, ...], part: str | int) -> bool:
    """Union branches put names into ``loc`` that no file holds; keep keys, indices and the last part."""
    return isinstance(part, int) or part == whole[-1] or any(part in place for place in document.lines)


def _expected(details: ErrorDetails) -> str:
    context: dict[str, Any] = details.get("ctx", {})
    match details["type"]:
        case "missing":
            return _("is required")
        case "extra_forbidden":
            return _("unknown field")
        case "string_type":
            return _("text expected (put it in quotes)")
        case "int_type" | "int_parsing" | "int_from_float":
            return _("a whole number expected")
        case "bool_type" | "bool_parsing":
            return _("true or false expected")
        case "literal_error" | "enum":
            return _("one of {choices} expected").format(choices=context.get("expected", ""))
        case "value_error":
            return str(context.get("error", details["msg"]))
        case _:
            return details["msg"]
