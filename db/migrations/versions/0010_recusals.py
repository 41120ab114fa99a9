"""Officials who stepped aside from a case."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings the tables to this revision."""
    op.create_table(
        "case_recusals",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_recusals_case_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_case_recusals_person_id")),
        sa.PrimaryKeyConstraint("case_id", "person_id", name=op.f("pk_case_recusals")),
    )


def downgrade() -> None:
    """Takes the tables back to the revision before."""
    op.drop_table("case_recusals")
