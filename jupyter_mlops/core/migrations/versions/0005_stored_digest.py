"""The digest of the stored bytes of large compressed objects; unknown of those there already."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add a column."""
    op.add_column("objects", sa.Column("stored_digest", sa.String(64), nullable=True))
