"""Citizens look up where a one-stop dossier stands by the number on its receipt."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings the tables to this revision."""
    op.create_table(
        "dossiers",
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("procedure", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("returned_on", sa.Date(), nullable=True),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_dossiers")),
    )
    op.create_index(op.f("ix_dossiers_seen_on"), "dossiers", ["seen_on"])
