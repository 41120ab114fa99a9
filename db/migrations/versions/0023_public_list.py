"""Redacted copies of answered cases for the public, and the doubts about them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings the tables to this revision."""
    op.create_table(
        "public_copies",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["approved_by"], ["people.id"], name=op.f("fk_public_copies_approved_by")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_public_copies_case_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_public_copies")),
    )
    op.create_table(
        "public_flags",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_public_flags_account_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_public_flags_case_id")),
        sa.PrimaryKeyConstraint("case_id", "account_id", name=op.f("pk_public_flags")),
    )


def downgrade() -> None:
    """Takes the tables back to the revision before."""
    op.drop_table("public_flags")
    op.drop_table("public_copies")
