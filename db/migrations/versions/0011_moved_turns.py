"""Turns of standing rows move with the calendar, and are reminded of anew."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings the tables to this revision."""
    with op.batch_alter_table("cycles") as table:
        table.add_column(sa.Column("moves", sa.Integer(), nullable=False, server_default="0"))
