"""Finds the few rows that something is still to be done with, beside all that ever were."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

INDEXES = (
    ("ix_files_waiting", "files", ["id"], "state = 'waiting'"),
    ("ix_files_dropped", "files", ["id"], "state = 'dropped'"),
    ("ix_cases_guided", "cases", ["due_on"], "state = 'guided'"),
    (
        "ix_cases_running",
        "cases",
        ["due_on", "id"],
        "state IN ('received', 'working', 'reopened', 'appealed', 'split')",
    ),
)


def upgrade() -> None:
    """Brings the tables to this revision."""
    for name, table, columns, where in INDEXES:
        op.create_index(name, table, columns, postgresql_where=sa.text(where), sqlite_where=sa.text(where))
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE INDEX IF NOT EXISTS ix_outbox_key_begins ON outbox (key varchar_pattern_ops)")


def downgrade() -> None:
    """Takes the tables back to the revision before."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_index("ix_outbox_key_begins", "outbox")
    for name, table, _, _ in reversed(INDEXES):
        op.drop_index(name, table)
