"""The log is closed by seals, and the database refuses to change what is in it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_UNSEALED = sa.text("state = 'sent' AND seal IS NULL AND slot <> 'case_draft'")
_UNDER = sa.text("seal IS NOT NULL")
_SAME = " OR ".join(
    f"NEW.{name} IS NOT OLD.{name}"
    for name in ("id", "at", "actor_id", "subject", "subject_id", "action", "fields")
)
_SQLITE = (
    "CREATE TRIGGER IF NOT EXISTS events_stay BEFORE UPDATE ON events"
    f" WHEN OLD.seal IS NOT NULL OR {_SAME} BEGIN SELECT RAISE(ABORT, 'the log is kept'); END",
    "CREATE TRIGGER IF NOT EXISTS events_kept BEFORE DELETE ON events"
    " BEGIN SELECT RAISE(ABORT, 'the log is kept'); END",
    "CREATE TRIGGER IF NOT EXISTS seals_stay BEFORE UPDATE ON seals"
    " BEGIN SELECT RAISE(ABORT, 'the log is kept'); END",
    "CREATE TRIGGER IF NOT EXISTS seals_kept BEFORE DELETE ON seals"
    " BEGIN SELECT RAISE(ABORT, 'the log is kept'); END",
)
_POSTGRES = (
    "CREATE OR REPLACE FUNCTION log_is_kept() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION 'the log is kept'; END $$",
    "CREATE OR REPLACE TRIGGER events_stay BEFORE UPDATE ON events FOR EACH ROW"
    " WHEN (OLD.seal IS NOT NULL OR (NEW.id, NEW.at, NEW.actor_id, NEW.subject, NEW.subject_id, NEW.action,"
    " NEW.fields::text) IS DISTINCT FROM (OLD.id, OLD.at, OLD.actor_id, OLD.subject, OLD.subject_id,"
    " OLD.action, OLD.fields::text)) EXECUTE FUNCTION log_is_kept()",
    "CREATE OR REPLACE TRIGGER events_kept BEFORE DELETE OR TRUNCATE ON events"
    " EXECUTE FUNCTION log_is_kept()",
    "CREATE OR REPLACE TRIGGER seals_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON seals"
    " EXECUTE FUNCTION log_is_kept()",
)


def upgrade() -> None:
    """Brings the tables to this revision; what was recorded before is sealed at the next ticks."""
    op.create_table(
        "seals",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_seals")),
    )
    # Added without a copy of the table: these two are the largest there are.
    op.add_column("events", sa.Column("seal", sa.Integer(), nullable=True))
    op.add_column("outbox", sa.Column("seal", sa.Integer(), nullable=True))
    op.create_index(op.f("ix_events_seal"), "events", ["seal"])
    op.create_index("ix_events_action", "events", ["action", "at"])
    op.create_index(
        "ix_outbox_unsealed", "outbox", ["id"], postgresql_where=_UNSEALED, sqlite_where=_UNSEALED
    )
    op.create_index("ix_outbox_seal", "outbox", ["seal"], postgresql_where=_UNDER, sqlite_where=_UNDER)
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRES:
        op.execute(statement)
