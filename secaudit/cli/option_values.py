"""Values of options that the register's own functions read."""

from collections.abc import Callable
from typing import TypeVar

from secaudit.errors import UsageError

T = TypeVar("T")


def option_value(read: Callable[[str], T], text: str, option: str) -> T:
    """What the text means; raises UsageError that names the option and what was expected."""
    try:
        return read(text)
    except ValueError as error:
        raise UsageError(f"{option}: {error}") from error
