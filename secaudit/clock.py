"""The one clock: what the time is, for all that asks for it. Tests set it here."""

from datetime import UTC, datetime


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)
