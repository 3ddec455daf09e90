"""What MLflow's registry protocol needs: tags, sources, stages, and versions without files."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add tables and columns."""
    op.add_column("registered_models", sa.Column("deleted_at", sa.BigInteger, nullable=True))
    with op.batch_alter_table("model_versions") as table:
        table.alter_column("object_id", existing_type=sa.String(64), nullable=True)
        table.add_column(sa.Column("updated_at", sa.BigInteger, nullable=True))
        table.add_column(sa.Column("deleted_at", sa.BigInteger, nullable=True))
        table.add_column(sa.Column("source", sa.Text, nullable=True))
        table.add_column(sa.Column("run_link", sa.Text, nullable=True))
        table.add_column(sa.Column("model_id", sa.String(34), nullable=True))
        table.add_column(sa.Column("stage", sa.String(16), nullable=True))
    op.create_table(
        "registered_model_tags",
        sa.Column(
            "name", sa.String(256), sa.ForeignKey("registered_models.name"), primary_key=True
        ),
        sa.Column("key", sa.String(250), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    op.create_table(
        "model_version_tags",
        sa.Column(
            "name", sa.String(256), sa.ForeignKey("registered_models.name"), primary_key=True
        ),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("key", sa.String(250), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
