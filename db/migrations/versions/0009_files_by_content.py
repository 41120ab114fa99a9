"""Files are found by their content, so that a picture used before is no proof."""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Brings the tables to this revision."""
    op.create_index("ix_files_sha256", "files", ["sha256"])


def downgrade() -> None:
    """Takes the tables back to the revision before."""
    op.drop_index("ix_files_sha256", table_name="files")
