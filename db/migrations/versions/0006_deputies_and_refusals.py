"""A deputy hands in for whoever is away, and a refused wish for more time says why."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings the tables to this revision."""
    for name in ("submissions", "extensions"):
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("by_id", sa.Integer(), nullable=True))
            table.create_foreign_key(op.f(f"fk_{name}_by_id"), "people", ["by_id"], ["id"])
    with op.batch_alter_table("extensions") as table:
        table.add_column(sa.Column("refusal", sa.Text(), nullable=False, server_default=""))
