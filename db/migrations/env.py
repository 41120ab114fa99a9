"""Runs migrations on the connection that :mod:`db.migrate` hands over."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context

from db.models import Moment, metadata
from db.search_table import include_object


def _rendered(kind: str, item: object, _context: Any) -> str | Literal[False]:
    """Migrations name plain types, so that an old one still runs when our own type is gone."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Moment) else False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    render_item=_rendered,
    compare_type=True,
    include_object=include_object,
)
with context.begin_transaction():
    context.run_migrations()
