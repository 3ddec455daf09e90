"""The rows of snapshots: what describes them, and what was said and found of them since.

A snapshot itself is an object; ``snapshots`` and ``data_uses`` can be made again from it.
"""

from __future__ import annotations

import sqlalchemy as sa

from ..core.database import metadata

# where a notebook is now; None where another one has taken its place
notebooks = sa.Table(
    "notebooks",
    metadata,
    sa.Column("notebook_id", sa.Integer, primary_key=True),
    sa.Column("path", sa.Text, nullable=True, unique=True),
)

# ``notebook_path`` is where the notebook was; ``figure_id`` the object of its first figure;
# ``state_digest`` tells whether anything has happened since
snapshots = sa.Table(
    "snapshots",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("run_id", sa.String(32), sa.ForeignKey("runs.run_id"), nullable=False),
    sa.Column("notebook_path", sa.Text, nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("author", sa.String(256), nullable=False),
    sa.Column("grade", sa.String(16), nullable=False),
    sa.Column("reasons", sa.JSON, nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("parameters", sa.JSON, nullable=False),
    sa.Column("metrics", sa.JSON, nullable=False),
    sa.Column("message", sa.Text, nullable=True),
    sa.Column("parent_id", sa.String(64), nullable=True),
    sa.Column("origin", sa.String(16), nullable=False, server_default="user"),
    sa.Column("notebook_id", sa.Integer, nullable=True),
    sa.Column("figure_id", sa.String(64), nullable=True),
    sa.Column("state_digest", sa.String(64), nullable=True),
    sa.Column("deleted_at", sa.BigInteger, nullable=True),
    sa.Index("ix_snapshots_newest", "created_at", "id"),
    sa.Index("ix_snapshots_notebook", "notebook_path", "created_at", "id"),
    sa.Index("ix_snapshots_history", "notebook_id", "created_at", "id"),
)

# what the notebook read and wrote, as the manifest lists it
data_uses = sa.Table(
    "data_uses",
    metadata,
    sa.Column("snapshot_id", sa.String(64), sa.ForeignKey("snapshots.id"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("path", sa.Text, nullable=False),
    sa.Column("kind", sa.String(8), nullable=False),
    sa.Column("mode", sa.String(8), nullable=False),
    sa.Column("size", sa.BigInteger, nullable=True),
    sa.Column("digest", sa.String(64), nullable=True),
    sa.Column("object_id", sa.String(64), nullable=True),
    sa.Column("whole", sa.Boolean, nullable=True),
    sa.Index("ix_data_uses_path", "path", "mode", "digest", "snapshot_id"),
    sa.Index("ix_data_uses_digest", "digest"),
)

# what users say of a snapshot; it may change, so it is not in the manifest
snapshot_marks = sa.Table(
    "snapshot_marks",
    metadata,
    sa.Column("snapshot_id", sa.String(64), sa.ForeignKey("snapshots.id"), primary_key=True),
    sa.Column("note", sa.Text, nullable=True),
    sa.Column("pinned", sa.Boolean, nullable=False),
    sa.Column("updated_at", sa.BigInteger, nullable=False),
    sa.Column("updated_by", sa.String(256), nullable=False),
)
snapshot_tags = sa.Table(
    "snapshot_tags",
    metadata,
    sa.Column("snapshot_id", sa.String(64), sa.ForeignKey("snapshots.id"), primary_key=True),
    sa.Column("tag", sa.String(50), primary_key=True),
    sa.Index("ix_snapshot_tags_tag", "tag", "snapshot_id"),
)

# how a snapshot was run again, and with what verdict
receipts = sa.Table(
    "receipts",
    metadata,
    sa.Column("receipt_id", sa.String(32), primary_key=True),
    sa.Column("snapshot_id", sa.String(64), sa.ForeignKey("snapshots.id"), nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("author", sa.String(256), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("verdict", sa.String(32), nullable=True),
    sa.Column("document", sa.JSON, nullable=False),
    sa.Index("ix_receipts_snapshot", "snapshot_id", "created_at"),
)

# what a tabular file holds, by the digest of its content
data_profiles = sa.Table(
    "data_profiles",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("profile", sa.JSON, nullable=False),
)
