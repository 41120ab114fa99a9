"""What waits for somebody to write is found by an index at each of their messages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

INDEX = "ix_outbox_untold"


def upgrade() -> None:
    """Brings the tables to this revision."""
    where = sa.text("state IN ('unreachable', 'held')")
    op.create_index(INDEX, "outbox", ["account_id"], postgresql_where=where, sqlite_where=where)


def downgrade() -> None:
    """Takes the tables back to the revision before."""
    op.drop_index(INDEX, "outbox")
