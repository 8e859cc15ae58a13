"""The tables as they are now; ``migrations`` says how they came to be (a test holds the two together)."""

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
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
REVISION: Final = "0002"

NAMING: Final = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
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
    Index("ix_visits_asset_id", "asset_id", "started_at"),
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

# what was written at once, by following a run or by an act of a person, and the findings that it opened: first to last
FINDING_CHANGES = Table(
    "finding_changes",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcDateTime, nullable=False),
    Column("act", String(16), nullable=False),
    Column("run_id", String(40), nullable=False),
    Column("first_number", Integer),
    Column("last_number", Integer),
)

# a finding as it was opened, and below the state that its events have led to; no run is referred to by key,
# for a finding outlives the runs that showed it. Texts that a target had a hand in are canonical JSON.
FINDINGS = Table(
    "findings",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("identity", LargeBinary(32), nullable=False, unique=True),
    Column("change", Integer, ForeignKey("finding_changes.number"), nullable=False),
    Column("source", String(24), nullable=False),
    Column("system_id", String(200), nullable=False),
    Column("asset_id", String(200), nullable=False),
    Column("object_id", String(200), nullable=False),
    Column("check_id", String(200), nullable=False),
    Column("offender", LargeBinary, nullable=False),
    Column("document", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("title", LargeBinary(32), ForeignKey("blobs.hash"), nullable=False),
    Column("severity", String(8), nullable=False),
    Column("advisory", Boolean, nullable=False),
    Column("opened", UtcDateTime, nullable=False),
    Column("opened_in", String(64), nullable=False),
    Column("failed_at", UtcDateTime),
    Column("failed_in", String(64)),
    Column("stage", String(8), nullable=False),
    Column("owner", Text, nullable=False),
    Column("measure", Text, nullable=False),
    Column("deadline", Date),
    Column("notice", Text, nullable=False),
    Column("claimed", LargeBinary),
    Column("closed", LargeBinary),
    Column("reason", String(16)),
    Column("reopened", Integer, nullable=False),
    Index("ix_findings_place", "system_id", "asset_id", "stage"),
)

# what happened to a finding after it was opened, in the order of ``place``
FINDING_EVENTS = Table(
    "finding_events",
    METADATA,
    Column("finding", Integer, ForeignKey("findings.number"), primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("change", Integer, ForeignKey("finding_changes.number"), nullable=False),
    Column("said", LargeBinary, nullable=False),
    Index("ix_finding_events_change", "change"),
)

# the runs (0), and later judgements of them, whose results the findings have heard of, with how many visits
FOLLOWED = Table(
    "followed",
    METADATA,
    Column("run_id", String(40), primary_key=True),
    Column("judgement", Integer, primary_key=True, autoincrement=False),
    Column("visits", Integer, nullable=False),
)
