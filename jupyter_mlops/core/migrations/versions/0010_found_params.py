"""Runs that are found by what they were given."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add an index. One of PostgreSQL holds no long values, so there it has their start."""
    is_sqlite = op.get_context().dialect.name == "sqlite"
    value = "value" if is_sqlite else sa.text("substr(value, 1, 64)")
    op.create_index("ix_params_value", "params", ["key", value, "run_id"])
