"""Cases know the area their place is in, for routing, search and duplicates; old ones do not know it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings the tables to this revision."""
    with op.batch_alter_table("cases") as table:
        table.add_column(sa.Column("area", sa.String(length=40), nullable=False, server_default=""))
        table.create_index("ix_cases_area", ["area", "received_at"])


def downgrade() -> None:
    """Takes the tables back to the revision before."""
    with op.batch_alter_table("cases") as table:
        table.drop_index("ix_cases_area")
        table.drop_column("area")
