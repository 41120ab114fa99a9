"""Answers to citizens are drawn by a monthly seed and looked at on the spot."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings the tables to this revision."""
    op.create_table(
        "closing_seeds",
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("seed", sa.String(16), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_closing_seeds")),
    )
    op.create_table(
        "closing_checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_closing_checks_case_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["people.id"], name=op.f("fk_closing_checks_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closing_checks")),
        sa.UniqueConstraint("case_id", "answered_on", name=op.f("uq_closing_checks_case_id_answered_on")),
    )
    op.create_index(op.f("ix_closing_checks_answered_on"), "closing_checks", ["answered_on"])
    op.create_index(
        "ix_closing_checks_waiting",
        "closing_checks",
        ["id"],
        postgresql_where=sa.text("state = 'waiting'"),
        sqlite_where=sa.text("state = 'waiting'"),
    )


def downgrade() -> None:
    """Takes the tables back to the revision before."""
    op.drop_table("closing_checks")
    op.drop_table("closing_seeds")
