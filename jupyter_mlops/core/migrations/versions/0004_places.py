"""Where the files are that the rows name, and which store's gateway serves a deployment."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add a table and a column; a store that is in use has its files beside its rows."""
    places = op.create_table(
        "places",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("described", sa.Text, nullable=False),
    )
    op.add_column("deployments", sa.Column("store_id", sa.String(32), nullable=True))
    connection = op.get_bind()
    files = "SELECT 1 FROM objects UNION ALL SELECT 1 FROM runs LIMIT 1"
    if connection.execute(sa.text(files)).first():
        op.bulk_insert(places, [{"number": 0, "place": "here", "described": "the store's folder"}])
