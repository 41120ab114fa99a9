"""Cases know their first promise, their returns, notes, extensions and what they wait for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings the tables to this revision; the day that stands is the first promise we know of."""
    with op.batch_alter_table("cases") as table:
        table.add_column(sa.Column("promised_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("returns", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("proposed_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("flag", sa.String(length=12), nullable=False, server_default=""))
        table.create_foreign_key(op.f("fk_cases_proposed_id"), "units", ["proposed_id"], ["id"])
    op.execute("UPDATE cases SET promised_on = due_on WHERE state <> 'guided'")
    op.create_table(
        "case_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_case_notes_author_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_notes_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_notes")),
    )
    op.create_index(op.f("ix_case_notes_case_id"), "case_notes", ["case_id"])
    op.create_table(
        "case_extensions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_extensions_case_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["people.id"], name=op.f("fk_case_extensions_decided_by")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_case_extensions_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_extensions")),
    )
    op.create_index(op.f("ix_case_extensions_case_id"), "case_extensions", ["case_id"])
    op.create_table(
        "case_timers",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_timers_case_id")),
        sa.PrimaryKeyConstraint("case_id", "kind", name=op.f("pk_case_timers")),
    )
    op.create_index(op.f("ix_case_timers_due_at"), "case_timers", ["due_at"])


def downgrade() -> None:
    """Takes the tables back to the revision before."""
    op.drop_table("case_timers")
    op.drop_table("case_extensions")
    op.drop_table("case_notes")
    with op.batch_alter_table("cases") as table:
        table.drop_constraint(op.f("fk_cases_proposed_id"), type_="foreignkey")
        table.drop_column("flag")
        table.drop_column("proposed_id")
        table.drop_column("returns")
        table.drop_column("promised_on")
