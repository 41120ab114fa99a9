"""What a sender told of themselves, which notice they agreed to, and where files are without an account."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings the tables to this revision."""
    with op.batch_alter_table("cases") as batch:
        batch.add_column(sa.Column("contact", sa.Text(), nullable=False, server_default=""))
        batch.add_column(sa.Column("consent", sa.String(length=10), nullable=False, server_default=""))
    with op.batch_alter_table("files") as batch:
        batch.add_column(sa.Column("channel", sa.String(length=20), nullable=False, server_default=""))
    op.execute(
        "UPDATE files SET channel = coalesce("
        "(SELECT accounts.channel FROM accounts WHERE accounts.id = files.account_id), '')"
    )


def downgrade() -> None:
    """Takes the tables back to the revision before."""
    with op.batch_alter_table("files") as batch:
        batch.drop_column("channel")
    with op.batch_alter_table("cases") as batch:
        batch.drop_column("consent")
        batch.drop_column("contact")
