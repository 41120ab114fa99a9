"""Officials merge cases and may undo it; a case for several units has a part for each."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings the tables to this revision."""
    with op.batch_alter_table("cases") as table:
        table.add_column(sa.Column("part_of", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_cases_part_of"), "cases", ["part_of"], ["id"])
        table.create_index(op.f("ix_cases_part_of"), ["part_of"])
    op.create_table(
        "case_merges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("into_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_merges_case_id")),
        sa.ForeignKeyConstraint(["into_id"], ["cases.id"], name=op.f("fk_case_merges_into_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_case_merges_person_id")),
        sa.ForeignKeyConstraint(["undone_by"], ["people.id"], name=op.f("fk_case_merges_undone_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_merges")),
    )
    op.create_index(op.f("ix_case_merges_case_id"), "case_merges", ["case_id"])
    op.create_index(op.f("ix_case_merges_into_id"), "case_merges", ["into_id"])


def downgrade() -> None:
    """Takes the tables back to the revision before."""
    op.drop_table("case_merges")
    with op.batch_alter_table("cases") as table:
        table.drop_index(op.f("ix_cases_part_of"))
        table.drop_constraint(op.f("fk_cases_part_of"), type_="foreignkey")
        table.drop_column("part_of")
