"""Findings over time, their history, and the runs that were followed; visits are found by their asset."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

HASH = sa.LargeBinary(32)
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "finding_changes",
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("act", sa.String(16), nullable=False),
        sa.Column("run_id", sa.String(40), nullable=False),
        sa.Column("first_number", sa.Integer),
        sa.Column("last_number", sa.Integer),
        sa.PrimaryKeyConstraint("number", name="pk_finding_changes"),
    )
    _make_findings()
    _make_events()
    op.create_index("ix_visits_asset_id", "visits", ["asset_id", "started_at"])
    op.create_table(
        "followed",
        sa.Column("run_id", sa.String(40), nullable=False),
        sa.Column("judgement", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("visits", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("run_id", "judgement", name="pk_followed"),
    )


def _make_findings() -> None:
    op.create_table(
        "findings",
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("identity", HASH, nullable=False),
        sa.Column("change", sa.Integer, nullable=False),
        sa.Column("source", sa.String(24), nullable=False),
        sa.Column("system_id", sa.String(200), nullable=False),
        sa.Column("asset_id", sa.String(200), nullable=False),
        sa.Column("object_id", sa.String(200), nullable=False),
        sa.Column("check_id", sa.String(200), nullable=False),
        sa.Column("offender", sa.LargeBinary, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("reference", sa.Text, nullable=False),
        sa.Column("title", HASH, nullable=False),
        sa.Column("severity", sa.String(8), nullable=False),
        sa.Column("advisory", sa.Boolean, nullable=False),
        sa.Column("opened", MOMENT, nullable=False),
        sa.Column("opened_in", sa.String(64), nullable=False),
        sa.Column("failed_at", MOMENT),
        sa.Column("failed_in", sa.String(64)),
        sa.Column("stage", sa.String(8), nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("measure", sa.Text, nullable=False),
        sa.Column("deadline", sa.Date),
        sa.Column("notice", sa.Text, nullable=False),
        sa.Column("claimed", sa.LargeBinary),
        sa.Column("closed", sa.LargeBinary),
        sa.Column("reason", sa.String(16)),
        sa.Column("reopened", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_findings"),
        sa.UniqueConstraint("identity", name="uq_findings_identity"),
        sa.ForeignKeyConstraint(["change"], ["finding_changes.number"], name="fk_findings_change"),
        sa.ForeignKeyConstraint(["title"], ["blobs.hash"], name="fk_findings_title"),
    )
    op.create_index("ix_findings_place", "findings", ["system_id", "asset_id", "stage"])


def _make_events() -> None:
    op.create_table(
        "finding_events",
        sa.Column("finding", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("place", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("change", sa.Integer, nullable=False),
        sa.Column("said", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("finding", "place", name="pk_finding_events"),
        sa.ForeignKeyConstraint(["finding"], ["findings.number"], name="fk_finding_events_finding"),
        sa.ForeignKeyConstraint(["change"], ["finding_changes.number"], name="fk_finding_events_change"),
    )
    op.create_index("ix_finding_events_change", "finding_events", ["change"])
