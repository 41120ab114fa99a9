"""Openings of sealed identities."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings the tables to this revision."""
    op.create_table(
        "identity_openings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("custodian_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("approver_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["approver_id"], ["people.id"], name=op.f("fk_identity_openings_approver_id")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_identity_openings_case_id")),
        sa.ForeignKeyConstraint(
            ["custodian_id"], ["people.id"], name=op.f("fk_identity_openings_custodian_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_openings")),
    )
    with op.batch_alter_table("identity_openings") as batch:
        batch.create_index("ix_identity_openings_case_id", ["case_id"])


def downgrade() -> None:
    """Takes the tables back to the revision before."""
    op.drop_table("identity_openings")
