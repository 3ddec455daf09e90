"""Whether a folder was used as a whole, or only some of its files."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add a column; of what was used before it is not known."""
    op.add_column("data_uses", sa.Column("whole", sa.Boolean, nullable=True))
