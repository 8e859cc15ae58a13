"""What every mapping of the workspace's files has in common."""

from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field

T = TypeVar("T")
Many = Annotated[tuple[T, ...], Field(strict=False)]
"""A list of a file."""


class Part(BaseModel):
    """A mapping of a file: no unknown keys, no conversions (``"yes"`` is no boolean, ``22`` no text)."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
