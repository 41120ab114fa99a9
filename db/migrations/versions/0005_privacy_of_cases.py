"""How open a case's sender is to officials, and the official or unit it is about."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings the tables to this revision; cases filed before are of open name and about nobody."""
    with op.batch_alter_table("cases") as batch:
        batch.add_column(sa.Column("privacy", sa.String(length=10), nullable=False, server_default="open"))
        batch.add_column(sa.Column("about_unit_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("about_person_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_cases_about_unit_id"), "units", ["about_unit_id"], ["id"])
        batch.create_foreign_key(op.f("fk_cases_about_person_id"), "people", ["about_person_id"], ["id"])


def downgrade() -> None:
    """Takes the tables back to the revision before."""
    with op.batch_alter_table("cases") as batch:
        batch.drop_constraint(op.f("fk_cases_about_person_id"), type_="foreignkey")
        batch.drop_constraint(op.f("fk_cases_about_unit_id"), type_="foreignkey")
        batch.drop_column("about_person_id")
        batch.drop_column("about_unit_id")
        batch.drop_column("privacy")
