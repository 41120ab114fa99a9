"""The folded words of cases, so that they are found with or without accents."""

from __future__ import annotations

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_SQLITE = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS case_search"
    " USING fts5(words, tokenize = 'ascii', detail = none, columnsize = 0)",
)
_POSTGRES = (
    "CREATE TABLE IF NOT EXISTS case_search (case_id INTEGER NOT NULL PRIMARY KEY"
    " REFERENCES cases (id), words TSVECTOR NOT NULL)",
    "CREATE INDEX IF NOT EXISTS ix_case_search_words ON case_search USING gin (words)",
)
_SAID = ("reply", "added", "reopen", "question", "answer")


def upgrade() -> None:
    """Makes the table and enters the cases that exist."""
    conn = op.get_bind()
    sqlite = conn.dialect.name == "sqlite"
    for statement in _SQLITE if sqlite else _POSTGRES:
        op.execute(statement)
    put = sa.text(
        "INSERT INTO case_search (rowid, words) VALUES (:case_id, :words)"
        if sqlite
        else "INSERT INTO case_search (case_id, words)"
        " VALUES (:case_id, array_to_tsvector(string_to_array(:words, ' ')))"
    )
    cases = sa.table("cases", *map(sa.column, ("id", "words", "place", "answer")))
    messages = sa.table("case_messages", *map(sa.column, ("case_id", "kind", "words")))
    said: dict[int, list[str]] = {}
    for row in conn.execute(sa.select(messages).where(messages.c.kind.in_(_SAID))):
        said.setdefault(row.case_id, []).append(row.words)
    for row in conn.execute(sa.select(cases)).all():
        folded = _folded(" ".join([row.words, row.place, row.answer, *said.get(row.id, [])]))
        if folded:
            conn.execute(put, {"case_id": row.id, "words": folded})


def _folded(text: str) -> str:
    text = unicodedata.normalize("NFC", text).lower().replace("đ", "d")
    text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    words = re.sub(r"[^a-z0-9]+", " ", text).split()
    return " ".join(dict.fromkeys(word[:40] for word in words))


def downgrade() -> None:
    """Takes the words away."""
    op.execute("DROP TABLE case_search")
