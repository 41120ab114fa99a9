"""An appointment made before appointments could end is looked at by the clock."""

from __future__ import annotations

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings the tables to this revision."""
    op.execute(
        "INSERT INTO case_timers (case_id, kind, due_at) "
        "SELECT id, 'expire', received_at FROM cases WHERE state = 'guided'"
    )


def downgrade() -> None:
    """Takes the tables back to the revision before."""
    op.execute("DELETE FROM case_timers WHERE kind = 'expire'")
