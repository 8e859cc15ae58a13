"""The tables as they are now; ``migrations`` says how they came to be (a test holds the two together)."""

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import (
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import DateTime, TypeDecorator

# the newest revision in migrations/versions; it also stands for the form of what is in the blobs
REVISION: Final = "0001"

NAMING: Final = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "ix": "ix_%(table_name)s_%(column_0_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, stored as UTC; databases without time zones give it back aware too."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("only aware moments are stored")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


METADATA = MetaData(naming_convention=NAMING)

# SHA-256 of the content → the content compressed; whatever is the same is there once
BLOBS = Table(
    "blobs",
    METADATA,
    Column("hash", LargeBinary(32), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

RUNS = Table(
    "runs",
    METADATA,
    Column("id", String(40), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("systems", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),
    Column("plan", LargeBinary(32), ForeignKey("blobs.hash"), nullable=False),
    Column("versions", LargeBinary(32), ForeignKey("blobs.hash"), nullable=False),
)

# moments and durations change every night, so they stand here and not in the sets
VISITS = Table(
    "visits",
    METADATA,
    Column("run_id", String(40), ForeignKey("runs.id"), primary_key=True),
    Column("asset_id", String(200), primary_key=True),
    Column("started_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime, nullable=False),
    Column("target_time", UtcDateTime),
    Column("authorisation", String(200), nullable=False),
    Column("circumstances", LargeBinary(32), ForeignKey("blobs.hash"), nullable=False),
    Column("observations", LargeBinary(32), ForeignKey("blobs.hash"), nullable=False),
    Column("timings", LargeBinary, nullable=False),
    Column("results", LargeBinary(32), ForeignKey("blobs.hash"), nullable=False),
)

# a run judged again: number 1, 2, … beside the results of the run itself, which stay
JUDGEMENTS = Table(
    "judgements",
    METADATA,
    Column("run_id", String(40), ForeignKey("runs.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("judged_at", UtcDateTime, nullable=False),
    Column("versions", LargeBinary(32), ForeignKey("blobs.hash"), nullable=False),
)

JUDGED_VISITS = Table(
    "judged_visits",
    METADATA,
    Column("run_id", String(40), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("asset_id", String(200), primary_key=True),
    Column("results", LargeBinary(32), ForeignKey("blobs.hash"), nullable=False),
    ForeignKeyConstraint(
        ["run_id", "number"], ["judgements.run_id", "judgements.number"], name="fk_judged_visits_judgement"
    ),
    ForeignKeyConstraint(
        ["run_id", "asset_id"], ["visits.run_id", "visits.asset_id"], name="fk_judged_visits_visit"
    ),
)
