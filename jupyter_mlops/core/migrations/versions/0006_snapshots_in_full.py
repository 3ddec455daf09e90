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
    _notebooks()
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
    _of_objects()


def _of_objects() -> None:
    used = sa.Column("used_at", sa.BigInteger, nullable=False, server_default="0")
    op.add_column("objects", used)
    op.create_index("ix_objects_pack_id", "objects", ["pack_id"])
    op.create_table(
        "trees",
        sa.Column("object_id", sa.String(64), primary_key=True),
        sa.Column("size_bytes", sa.BigInteger, nullable=False),
        sa.Column("files", sa.Integer, nullable=False),
    )
    op.create_table(
        "folder_cache",
        sa.Column("path", sa.Text, primary_key=True),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("object_id", sa.String(64), nullable=False),
        sa.Column("lines", sa.LargeBinary, nullable=False),
    )


def _notebooks() -> None:
    for column in (
        sa.Column("notebook_id", sa.Integer, nullable=True),
        sa.Column("figure_id", sa.String(64), nullable=True),
        sa.Column("state_digest", sa.String(64), nullable=True),
        sa.Column("deleted_at", sa.BigInteger, nullable=True),
    ):
        op.add_column("snapshots", column)
    op.create_table(
        "notebooks",
        sa.Column("notebook_id", sa.Integer, primary_key=True),
        sa.Column("path", sa.Text, nullable=True, unique=True),
    )
    op.execute("INSERT INTO notebooks (path) SELECT DISTINCT notebook_path FROM snapshots")
    op.execute(
        "UPDATE snapshots SET notebook_id = "
        "(SELECT notebook_id FROM notebooks WHERE path = snapshots.notebook_path)"
    )
    op.create_index("ix_snapshots_history", "snapshots", ["notebook_id", "created_at", "id"])


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
    op.create_index("ix_data_uses_path", "data_uses", ["path", "mode", "digest", "snapshot_id"])
    op.create_index("ix_data_uses_digest", "data_uses", ["digest"])
    op.create_table(
        "snapshot_marks",
        sa.Column("snapshot_id", sa.String(64), sa.ForeignKey("snapshots.id"), primary_key=True),
        sa.Column("note", sa.Text, nullable=True),
        sa.Column("pinned", sa.Boolean, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Column("updated_by", sa.String(256), nullable=False),
    )
    op.create_table(
        "snapshot_tags",
        sa.Column("snapshot_id", sa.String(64), sa.ForeignKey("snapshots.id"), primary_key=True),
        sa.Column("tag", sa.String(50), primary_key=True),
    )
    op.create_index("ix_snapshot_tags_tag", "snapshot_tags", ["tag", "snapshot_id"])
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
