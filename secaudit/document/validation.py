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
    hidden = details["type"] in ("missing", "extra_forbidden") or isinstance(details["input"], (dict, list))
    place = _place(document, details["loc"], details["type"] == "missing")
    return document.problem(place, None if hidden else details["input"], _expected(details))


def _place(document: Document, location: tuple[str | int, ...], missing: bool) -> Place:
    """``loc`` without the names of union branches, which no file holds; a missing key is kept at the end."""
    place: Place = ()
    for part in location:
        if (*place, part) in document.lines:
            place = (*place, part)
    if missing and place != location:
        place = (*place, location[-1])
    return place


def _expected(details: ErrorDetails) -> str:
    context: dict[str, Any] = details.get("ctx", {})
    match details["type"]:
        case "value_error":
            return str(context.get("error", details["msg"]))
        case "literal_error" | "enum":
            choices = str(context.get("expected", "")).replace(" or ", _(" or "))
            return _("one of {choices} expected").format(choices=choices)
        case kind:
            return _expected_kinds().get(kind, details["msg"])


def _expected_kinds() -> dict[str, str]:
    """Kind of a pydantic error → what was expected, in the language in use."""
    whole, switch = _("a whole number expected"), _("true or false expected")
    mapping, listed = _("keys with values expected"), _("a list expected")
    return {
        "missing": _("is required"),
        "extra_forbidden": _("unknown field"),
        "string_type": _("text expected (put it in quotes)"),
        **dict.fromkeys(("int_type", "int_parsing", "int_from_float"), whole),
        **dict.fromkeys(("bool_type", "bool_parsing"), switch),
        **dict.fromkeys(("float_type", "float_parsing"), _("a number expected")),
        **dict.fromkeys(("model_type", "dict_type"), mapping),
        **dict.fromkeys(("list_type", "tuple_type"), listed),
    }
