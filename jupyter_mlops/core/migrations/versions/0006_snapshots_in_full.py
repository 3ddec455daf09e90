"""What notebooks read and write, what is said of snapshots, receipts, profiles, erasures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add a column and the tables."""
    origin = sa.Column("origin", sa.String(16), nullable=False, server_default="user")
    op.add_column("snapshots", origin)
    _of_snapshots()
    op.create_table(
        "data_profiles",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("profile", sa.JSON, nullable=False),
    )
    op.create_table(
        "erasures",
        sa.Column("erasure_id", sa.String(32), primary_key=True),
        sa.Column("object_id", sa.String(64), nullable=False),
        sa.Column("erased_at", sa.BigInteger, nullable=False),
        sa.Column("author", sa.String(256), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("paths", sa.JSON, nullable=False),
    )
    op.create_index("ix_erasures_object_id", "erasures", ["object_id"])


def _of_snapshots() -> None:
    op.create_table(
        "data_uses",
        sa.Column("snapshot_id", sa.String(64), sa.ForeignKey("snapshots.id"), primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("mode", sa.String(8), nullable=False),
        sa.Column("size", sa.BigInteger, nullable=True),
        sa.Column("digest", sa.String(64), nullable=True),
        sa.Column("object_id", sa.String(64), nullable=True),
    )
    op.create_index("ix_data_uses_path", "data_uses", ["path", "snapshot_id"])
    op.create_index("ix_data_uses_digest", "data_uses", ["digest"])
    op.create_table(
        "snapshot_marks",
        sa.Column("snapshot_id", sa.String(64), sa.ForeignKey("snapshots.id"), primary_key=True),
        sa.Column("note", sa.Text, nullable=True),
        sa.Column("tags", sa.JSON, nullable=False),
        sa.Column("pinned", sa.Boolean, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Column("updated_by", sa.String(256), nullable=False),
    )
    op.create_table(
        "receipts",
        sa.Column("receipt_id", sa.String(32), primary_key=True),
        sa.Column("snapshot_id", sa.String(64), sa.ForeignKey("snapshots.id"), nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("author", sa.String(256), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("verdict", sa.String(32), nullable=True),
        sa.Column("document", sa.JSON, nullable=False),
    )
    op.create_index("ix_receipts_snapshot", "receipts", ["snapshot_id", "created_at"])
