"""Finds the messages of one account: what it was sent just now, and the card behind a press."""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings the tables to this revision."""
    op.create_index("ix_outbox_account", "outbox", ["account_id", "sent_at"])


def downgrade() -> None:
    """Takes the tables back to the revision before."""
    op.drop_index("ix_outbox_account", "outbox")
