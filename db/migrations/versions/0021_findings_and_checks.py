"""Minutes and findings of inspections, and what is looked at again after it was confirmed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings the tables to this revision; inspections recorded before are asked about no more."""
    with op.batch_alter_table("inspections") as table:
        table.add_column(sa.Column("unit_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_inspections_unit_id"), "units", ["unit_id"], ["id"])
        table.add_column(sa.Column("minutes", sa.String(120), nullable=False, server_default=""))
        table.add_column(sa.Column("minutes_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE inspections SET issued_at = recorded_at")
    op.create_table(
        "findings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inspection_id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspections.id"], name=op.f("fk_findings_inspection_id")
        ),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_findings_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_findings")),
    )
    op.create_index(op.f("ix_findings_inspection_id"), "findings", ["inspection_id"])
    op.create_index(op.f("ix_findings_task_id"), "findings", ["task_id"])
    op.create_table(
        "checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("schedule", sa.Integer(), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_checks_task_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["people.id"], name=op.f("fk_checks_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checks")),
        sa.UniqueConstraint("task_id", "schedule", name=op.f("uq_checks_task_id_schedule")),
    )
