"""Runs that are found by what they are tagged with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add an index. One of PostgreSQL holds no long values, so there it has their start."""
    is_sqlite = op.get_context().dialect.name == "sqlite"
    value = "value" if is_sqlite else sa.text("substr(value, 1, 64)")
    op.create_index("ix_tags_value", "tags", ["key", value, "run_id"])
