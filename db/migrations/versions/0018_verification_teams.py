"""Verification teams with their people, decisions and minutes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings the tables to this revision."""
    op.create_table(
        "case_teams",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("head_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("concluded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_teams_case_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["people.id"], name=op.f("fk_case_teams_decided_by")),
        sa.ForeignKeyConstraint(["head_id"], ["people.id"], name=op.f("fk_case_teams_head_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_teams")),
    )
    op.create_index(op.f("ix_case_teams_case_id"), "case_teams", ["case_id"])
    op.create_table(
        "case_team_members",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_case_team_members_person_id")),
        sa.ForeignKeyConstraint(["team_id"], ["case_teams.id"], name=op.f("fk_case_team_members_team_id")),
        sa.PrimaryKeyConstraint("team_id", "person_id", name=op.f("pk_case_team_members")),
    )
    op.create_table(
        "case_papers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.Column("document_date", sa.Date(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_case_papers_person_id")),
        sa.ForeignKeyConstraint(["team_id"], ["case_teams.id"], name=op.f("fk_case_papers_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_papers")),
    )
    op.create_index(op.f("ix_case_papers_team_id"), "case_papers", ["team_id"])


def downgrade() -> None:
    """Takes the tables back to the revision before."""
    op.drop_table("case_papers")
    op.drop_table("case_team_members")
    op.drop_table("case_teams")
