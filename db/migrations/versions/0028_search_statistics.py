"""PostgreSQL learns how often more of the words occur, so that a rare one is looked for in the index."""

from __future__ import annotations

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings the tables to this revision; nothing to do on SQLite, whose index is always walked."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE case_search ALTER COLUMN words SET STATISTICS 2000")
