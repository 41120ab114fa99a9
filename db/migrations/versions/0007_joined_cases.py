"""Cases that are one matter are joined, and trouble that comes back is linked to what was answered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings the tables to this revision."""
    with op.batch_alter_table("cases") as table:
        table.add_column(sa.Column("joined_to", sa.Integer(), nullable=True))
        table.add_column(sa.Column("again_of", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_cases_joined_to"), "cases", ["joined_to"], ["id"])
        table.create_foreign_key(op.f("fk_cases_again_of"), "cases", ["again_of"], ["id"])
        table.create_index(op.f("ix_cases_joined_to"), ["joined_to"])
        table.create_index("ix_cases_category", ["category", "received_at"])


def downgrade() -> None:
    """Takes the tables back to the revision before."""
    with op.batch_alter_table("cases") as table:
        table.drop_index("ix_cases_category")
        table.drop_index(op.f("ix_cases_joined_to"))
        table.drop_constraint(op.f("fk_cases_again_of"), type_="foreignkey")
        table.drop_constraint(op.f("fk_cases_joined_to"), type_="foreignkey")
        table.drop_column("again_of")
        table.drop_column("joined_to")
