"""The register (sổ tiếp nhận): a gap-free number a year for every case, and what its receipt promised."""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter
from datetime import UTC, datetime, timedelta, timezone

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

VIETNAM = timezone(timedelta(hours=7))  # without summer time since long before the first case


def upgrade() -> None:
    """Brings the tables to this revision; cases that exist are entered in the order in which they came."""
    receipts = op.create_table(
        "receipts",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_receipts_case_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_receipts_unit_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_receipts")),
        sa.UniqueConstraint("year", "number", name=op.f("uq_receipts_year_number")),
    )
    conn = op.get_bind()
    cases = sa.table(
        "cases",
        sa.column("id", sa.Integer),
        sa.column("received_at", sa.DateTime(timezone=True)),
        sa.column("words", sa.Text),
        sa.column("place", sa.Text),
        sa.column("unit_id", sa.Integer),
        sa.column("due_on", sa.Date),
    )
    counters = sa.table("counters", sa.column("name", sa.String), sa.column("value", sa.Integer))
    numbers: Counter[int] = Counter()
    for case in conn.execute(sa.select(cases).order_by(cases.c.id)).all():
        year = _year(case.received_at)
        numbers[year] += 1
        salt = secrets.token_hex(16)
        words = f"{salt}\n{case.words}\n{case.place}"
        conn.execute(
            receipts.insert().values(
                case_id=case.id,
                year=year,
                number=numbers[year],
                salt=salt,
                fingerprint=hashlib.sha256(words.encode()).hexdigest(),
                unit_id=case.unit_id,
                due_on=case.due_on,
            )
        )
    for year, count in numbers.items():
        conn.execute(counters.insert().values(name=f"register:{year}", value=count))


def _year(moment: datetime) -> int:
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(VIETNAM).year


def downgrade() -> None:
    """Takes the register away."""
    op.drop_table("receipts")
    op.execute("DELETE FROM counters WHERE name LIKE 'register:%'")
