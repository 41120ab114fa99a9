"""The inbox knows which messages are one album and counts a chat's, so that nobody drowns the others."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings the tables to this revision."""
    with op.batch_alter_table("inbox") as table:
        table.add_column(sa.Column("album", sa.String(length=40), nullable=False, server_default=""))
        table.create_index("ix_inbox_chat", ["channel", "chat", "received_at"])


def downgrade() -> None:
    """Takes the tables back to the revision before."""
    with op.batch_alter_table("inbox") as table:
        table.drop_index("ix_inbox_chat")
        table.drop_column("album")
