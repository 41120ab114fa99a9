"""What a citizen wrote is kept message by message, so that an edit adds a version; old cases have none."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings the tables to this revision."""
    op.create_table(
        "case_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(length=80), nullable=False),
        sa.Column("reply_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_versions_case_id")),
        sa.ForeignKeyConstraint(
            ["reply_id"], ["case_messages.id"], name=op.f("fk_case_versions_reply_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_versions")),
    )
    with op.batch_alter_table("case_versions") as table:
        table.create_index(op.f("ix_case_versions_case_id"), ["case_id"])
        table.create_index("ix_case_versions_message", ["message_id"])


def downgrade() -> None:
    """Takes the tables back to the revision before."""
    op.drop_table("case_versions")
