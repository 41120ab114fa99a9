"""How long cases are kept: when one was emptied, who was told of it before, who holds it back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings the tables to this revision."""
    with op.batch_alter_table("cases") as batch:
        batch.add_column(sa.Column("emptied_on", sa.Date(), nullable=True))
    whole = sa.text("emptied_on IS NULL")
    op.create_index("ix_cases_whole", "cases", ["received_at"], postgresql_where=whole, sqlite_where=whole)
    op.create_table(
        "case_retention",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("warned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_by", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_retention_case_id")),
        sa.ForeignKeyConstraint(["held_by"], ["people.id"], name=op.f("fk_case_retention_held_by")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_retention")),
    )


def downgrade() -> None:
    """Takes the tables back to the revision before."""
    op.drop_table("case_retention")
    op.drop_index("ix_cases_whole", "cases")
    with op.batch_alter_table("cases") as batch:
        batch.drop_column("emptied_on")
