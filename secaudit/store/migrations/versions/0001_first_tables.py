"""Runs, visits, judgements and the blobs they point at."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

HASH = sa.LargeBinary(32)
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "blobs",
        sa.Column("hash", HASH, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_blobs"),
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("systems", sa.Text, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.Column("plan", HASH, nullable=False),
        sa.Column("versions", HASH, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
        sa.ForeignKeyConstraint(["plan"], ["blobs.hash"], name="fk_runs_plan"),
        sa.ForeignKeyConstraint(["versions"], ["blobs.hash"], name="fk_runs_versions"),
    )
    _make_visits()
    _make_judgements()


def _make_visits() -> None:
    op.create_table(
        "visits",
        sa.Column("run_id", sa.String(40), nullable=False),
        sa.Column("asset_id", sa.String(200), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=False),
        sa.Column("target_time", MOMENT),
        sa.Column("authorisation", sa.String(200), nullable=False),
        sa.Column("circumstances", HASH, nullable=False),
        sa.Column("observations", HASH, nullable=False),
        sa.Column("timings", sa.LargeBinary, nullable=False),
        sa.Column("results", HASH, nullable=False),
        sa.PrimaryKeyConstraint("run_id", "asset_id", name="pk_visits"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_visits_run_id"),
        sa.ForeignKeyConstraint(["circumstances"], ["blobs.hash"], name="fk_visits_circumstances"),
        sa.ForeignKeyConstraint(["observations"], ["blobs.hash"], name="fk_visits_observations"),
        sa.ForeignKeyConstraint(["results"], ["blobs.hash"], name="fk_visits_results"),
    )


def _make_judgements() -> None:
    op.create_table(
        "judgements",
        sa.Column("run_id", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("judged_at", MOMENT, nullable=False),
        sa.Column("versions", HASH, nullable=False),
        sa.PrimaryKeyConstraint("run_id", "number", name="pk_judgements"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_judgements_run_id"),
        sa.ForeignKeyConstraint(["versions"], ["blobs.hash"], name="fk_judgements_versions"),
    )
    op.create_table(
        "judged_visits",
        sa.Column("run_id", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("asset_id", sa.String(200), nullable=False),
        sa.Column("results", HASH, nullable=False),
        sa.PrimaryKeyConstraint("run_id", "number", "asset_id", name="pk_judged_visits"),
        sa.ForeignKeyConstraint(
            ["run_id", "number"],
            ["judgements.run_id", "judgements.number"],
            name="fk_judged_visits_judgement",
        ),
        sa.ForeignKeyConstraint(
            ["run_id", "asset_id"], ["visits.run_id", "visits.asset_id"], name="fk_judged_visits_visit"
        ),
        sa.ForeignKeyConstraint(["results"], ["blobs.hash"], name="fk_judged_visits_results"),
    )
