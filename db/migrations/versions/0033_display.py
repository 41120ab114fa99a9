"""Accounts remember in which language and how large a person wants to be shown things."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings the tables to this revision."""
    op.add_column("accounts", sa.Column("language", sa.String(8), nullable=False, server_default="vi"))
    op.add_column("accounts", sa.Column("large", sa.Boolean, nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Takes the tables back to the revision before."""
    with op.batch_alter_table("accounts") as batch:
        batch.drop_column("large")
        batch.drop_column("language")
