"""Messages say which case or team they tell of, so that erasing one does not read all that were ever sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

INDEX = "ix_outbox_about"


def upgrade() -> None:
    """Brings the tables to this revision."""
    about = sa.Column("about", sa.String(30), nullable=False, server_default="")
    op.add_column("outbox", about)
    for name in ("team", "case"):
        value = f"json_extract(card, '$.{name}')" if _is_sqlite() else f"(card ->> '{name}')"
        op.execute(
            f"UPDATE outbox SET about = '{name}:' || {value} WHERE about = '' AND {value} IS NOT NULL"  # noqa: S608
        )
    number = "substr(slot, instr(slot, ':') + 1)" if _is_sqlite() else "split_part(slot, ':', 2)"
    op.execute(
        f"UPDATE outbox SET about = 'case:' || {number} WHERE about = '' AND slot LIKE 'case-%:%'"  # noqa: S608
    )
    where = sa.text("about <> ''")
    op.create_index(INDEX, "outbox", ["about"], postgresql_where=where, sqlite_where=where)


def downgrade() -> None:
    """Takes the tables back to the revision before."""
    op.drop_index(INDEX, "outbox")
    op.drop_column("outbox", "about")


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"
