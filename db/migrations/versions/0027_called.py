"""Messages know whether the platform was called for them, so that a death before it costs none."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings the tables to this revision; what was being sent just now may have arrived."""
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("called", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute("UPDATE outbox SET called = (state = 'sending')")
