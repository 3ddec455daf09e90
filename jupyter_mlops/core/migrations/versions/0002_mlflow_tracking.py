"""What MLflow's tracking protocol needs: experiment 0, tags, datasets, logged models.

Points of a metric move into a table that is clustered by series and time, so that a history is
one range of it; a point that is logged twice is one row, as in MLflow.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from jupyter_mlops.core.clock import now_ms

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add tables and columns, and move metrics over."""
    _experiments()
    _metrics()
    _datasets()
    _logged_models()


def _experiments() -> None:
    op.add_column("experiments", sa.Column("artifact_location", sa.Text, nullable=True))
    op.create_table(
        "experiment_tags",
        sa.Column(
            "experiment_id",
            sa.Integer,
            sa.ForeignKey("experiments.experiment_id"),
            primary_key=True,
        ),
        sa.Column("key", sa.String(250), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    # clients that name no experiment log to number 0
    op.get_bind().execute(
        sa.text(
            "INSERT INTO experiments (experiment_id, name, lifecycle_stage, created_at, updated_at)"
            " SELECT 0, '', 'active', COALESCE(MIN(created_at), :now),"
            " COALESCE(MAX(updated_at), :now) FROM experiments WHERE name = 'Default'"
        ),
        {"now": now_ms()},
    )
    old = "(SELECT experiment_id FROM experiments WHERE name = 'Default')"
    op.execute(f"UPDATE runs SET experiment_id = 0 WHERE experiment_id = {old}")  # noqa: S608
    op.execute(f"UPDATE latest_metrics SET experiment_id = 0 WHERE experiment_id = {old}")  # noqa: S608
    op.execute("DELETE FROM experiments WHERE name = 'Default'")
    op.execute("UPDATE experiments SET name = 'Default' WHERE experiment_id = 0")


def _metrics() -> None:
    for index, table in (
        ("ix_metrics_history", "metrics"),
        ("ix_latest_metrics_top", "latest_metrics"),
    ):
        op.drop_index(index, table_name=table)
    op.rename_table("metrics", "old_metrics")
    op.rename_table("latest_metrics", "old_latest_metrics")
    op.create_table(
        "latest_metrics",
        sa.Column("series_id", sa.Integer, primary_key=True),
        sa.Column("run_id", sa.String(32), sa.ForeignKey("runs.run_id"), nullable=False),
        sa.Column("key", sa.String(250), nullable=False),
        sa.Column("experiment_id", sa.Integer, nullable=False),
        sa.Column("value", sa.Double, nullable=True),
        sa.Column("step", sa.BigInteger, nullable=False),
        sa.Column("timestamp", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("run_id", "key"),
    )
    op.create_table(
        "metrics",
        sa.Column(
            "series_id",
            sa.Integer,
            sa.ForeignKey("latest_metrics.series_id"),
            primary_key=True,
            autoincrement=False,
        ),
        sa.Column("timestamp", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("step", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("value", sa.Double, primary_key=True, autoincrement=False),
        sa.Column("is_nan", sa.Boolean, primary_key=True, autoincrement=False),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO latest_metrics (run_id, key, experiment_id, value, step, timestamp) "
        "SELECT run_id, key, experiment_id, value, step, timestamp FROM old_latest_metrics"
    )
    op.execute(
        "INSERT INTO metrics (series_id, timestamp, step, value, is_nan) "
        "SELECT DISTINCT l.series_id, m.timestamp, m.step, COALESCE(m.value, 0), m.value IS NULL "
        "FROM old_metrics m JOIN latest_metrics l ON l.run_id = m.run_id AND l.key = m.key"
    )
    op.drop_table("old_metrics")
    op.drop_table("old_latest_metrics")
    op.create_index("ix_latest_metrics_top", "latest_metrics", ["experiment_id", "key", "value"])


def _datasets() -> None:
    op.create_table(
        "datasets",
        sa.Column("dataset_id", sa.String(32), primary_key=True),
        sa.Column(
            "experiment_id", sa.Integer, sa.ForeignKey("experiments.experiment_id"), nullable=False
        ),
        sa.Column("name", sa.String(500), nullable=False),
        sa.Column("digest", sa.String(36), nullable=False),
        sa.Column("source_type", sa.String(36), nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("schema", sa.Text, nullable=True),
        sa.Column("profile", sa.Text, nullable=True),
        sa.UniqueConstraint("experiment_id", "name", "digest"),
    )
    op.create_table(
        "run_inputs",
        sa.Column("run_id", sa.String(32), sa.ForeignKey("runs.run_id"), primary_key=True),
        sa.Column(
            "dataset_id", sa.String(32), sa.ForeignKey("datasets.dataset_id"), primary_key=True
        ),
    )
    op.create_table(
        "run_input_tags",
        sa.Column("run_id", sa.String(32), sa.ForeignKey("runs.run_id"), primary_key=True),
        sa.Column(
            "dataset_id", sa.String(32), sa.ForeignKey("datasets.dataset_id"), primary_key=True
        ),
        sa.Column("key", sa.String(255), primary_key=True),
        sa.Column("value", sa.String(500), nullable=False),
    )


def _logged_models() -> None:
    op.create_table(
        "logged_models",
        sa.Column("model_id", sa.String(34), primary_key=True),
        sa.Column(
            "experiment_id", sa.Integer, sa.ForeignKey("experiments.experiment_id"), nullable=False
        ),
        sa.Column("name", sa.String(500), nullable=False),
        sa.Column("source_run_id", sa.String(32), nullable=True),
        sa.Column("model_type", sa.String(500), nullable=True),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("status_message", sa.Text, nullable=True),
        sa.Column("lifecycle_stage", sa.String(16), nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
    )
    op.create_index(
        "ix_logged_models_newest", "logged_models", ["experiment_id", "created_at", "model_id"]
    )
    for name in ("logged_model_params", "logged_model_tags"):
        op.create_table(
            name,
            sa.Column(
                "model_id", sa.String(34), sa.ForeignKey("logged_models.model_id"), primary_key=True
            ),
            sa.Column("key", sa.String(250), primary_key=True),
            sa.Column("value", sa.Text, nullable=False),
        )
    op.create_table(
        "logged_model_metrics",
        sa.Column(
            "model_id", sa.String(34), sa.ForeignKey("logged_models.model_id"), primary_key=True
        ),
        sa.Column("run_id", sa.String(32), sa.ForeignKey("runs.run_id"), primary_key=True),
        sa.Column("key", sa.String(250), primary_key=True),
        sa.Column("timestamp", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("step", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("value", sa.Double, nullable=True),
        sa.Column("dataset_name", sa.String(500), nullable=True),
        sa.Column("dataset_digest", sa.String(36), nullable=True),
    )
    op.create_table(
        "run_models",
        sa.Column("run_id", sa.String(32), sa.ForeignKey("runs.run_id"), primary_key=True),
        sa.Column("direction", sa.String(8), primary_key=True),
        sa.Column("model_id", sa.String(34), primary_key=True),
        sa.Column("step", sa.BigInteger, primary_key=True, autoincrement=False),
    )
