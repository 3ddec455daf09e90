"""The tables of experiments, runs and what is logged to them, as the migrations make them."""

from __future__ import annotations

import sqlalchemy as sa

from ..core.database import metadata

DEFAULT_EXPERIMENT_ID = 0
# characters of the value of a param or tag
_START = 64

experiments = sa.Table(
    "experiments",
    metadata,
    sa.Column("experiment_id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(500), nullable=False, unique=True),
    sa.Column("lifecycle_stage", sa.String(16), nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("updated_at", sa.BigInteger, nullable=False),
    sa.Column("artifact_location", sa.Text, nullable=True),
)
experiment_tags = sa.Table(
    "experiment_tags",
    metadata,
    sa.Column(
        "experiment_id", sa.Integer, sa.ForeignKey("experiments.experiment_id"), primary_key=True
    ),
    sa.Column("key", sa.String(250), primary_key=True),
    sa.Column("value", sa.Text, nullable=False),
)
runs = sa.Table(
    "runs",
    metadata,
    sa.Column("run_id", sa.String(32), primary_key=True),
    sa.Column(
        "experiment_id", sa.Integer, sa.ForeignKey("experiments.experiment_id"), nullable=False
    ),
    sa.Column("name", sa.String(250), nullable=False),
    sa.Column("status", sa.String(16), nullable=False),
    sa.Column("lifecycle_stage", sa.String(16), nullable=False),
    sa.Column("author", sa.String(256), nullable=False),
    sa.Column("started_at", sa.BigInteger, nullable=False),
    sa.Column("ended_at", sa.BigInteger, nullable=True),
    sa.Index("ix_runs_newest", "lifecycle_stage", "started_at", "run_id"),
    sa.Index("ix_runs_experiment", "experiment_id", "lifecycle_stage", "started_at", "run_id"),
)
params, tags = (
    sa.Table(
        name,
        metadata,
        sa.Column("run_id", sa.String(32), sa.ForeignKey("runs.run_id"), primary_key=True),
        sa.Column("key", sa.String(250), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    for name in ("params", "tags")
)
# runs are found by what they were given and what they are tagged with: also by a part of it, as all
# values of one key lie together
for pairs in (params, tags):
    sa.Index(f"ix_{pairs.name}_value", pairs.c.key, pairs.c.value, pairs.c.run_id)
# the newest point of each series of a run; a NaN is a NULL here
latest_metrics = sa.Table(
    "latest_metrics",
    metadata,
    sa.Column("series_id", sa.Integer, primary_key=True),
    sa.Column("run_id", sa.String(32), sa.ForeignKey("runs.run_id"), nullable=False),
    sa.Column("key", sa.String(250), nullable=False),
    sa.Column("experiment_id", sa.Integer, nullable=False),
    sa.Column("value", sa.Double, nullable=True),
    sa.Column("step", sa.BigInteger, nullable=False),
    sa.Column("timestamp", sa.BigInteger, nullable=False),
    sa.UniqueConstraint("run_id", "key"),
    sa.Index("ix_latest_metrics_top", "experiment_id", "key", "value"),
)
# all points, clustered by series and time; a NaN is a 0 with is_nan, since a key holds no NULL
metrics = sa.Table(
    "metrics",
    metadata,
    sa.Column("series_id", sa.Integer, sa.ForeignKey("latest_metrics.series_id"), primary_key=True),
    sa.Column("timestamp", sa.BigInteger, primary_key=True),
    sa.Column("step", sa.BigInteger, primary_key=True),
    sa.Column("value", sa.Double, primary_key=True),
    sa.Column("is_nan", sa.Boolean, primary_key=True),
    sqlite_with_rowid=False,
)
datasets = sa.Table(
    "datasets",
    metadata,
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
run_inputs = sa.Table(
    "run_inputs",
    metadata,
    sa.Column("run_id", sa.String(32), sa.ForeignKey("runs.run_id"), primary_key=True),
    sa.Column("dataset_id", sa.String(32), sa.ForeignKey("datasets.dataset_id"), primary_key=True),
)
run_input_tags = sa.Table(
    "run_input_tags",
    metadata,
    sa.Column("run_id", sa.String(32), sa.ForeignKey("runs.run_id"), primary_key=True),
    sa.Column("dataset_id", sa.String(32), sa.ForeignKey("datasets.dataset_id"), primary_key=True),
    sa.Column("key", sa.String(255), primary_key=True),
    sa.Column("value", sa.String(500), nullable=False),
)
logged_models = sa.Table(
    "logged_models",
    metadata,
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
    sa.Index("ix_logged_models_newest", "experiment_id", "created_at", "model_id"),
)
logged_model_params, logged_model_tags = (
    sa.Table(
        name,
        metadata,
        sa.Column(
            "model_id", sa.String(34), sa.ForeignKey("logged_models.model_id"), primary_key=True
        ),
        sa.Column("key", sa.String(250), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    for name in ("logged_model_params", "logged_model_tags")
)
logged_model_metrics = sa.Table(
    "logged_model_metrics",
    metadata,
    sa.Column("model_id", sa.String(34), sa.ForeignKey("logged_models.model_id"), primary_key=True),
    sa.Column("run_id", sa.String(32), sa.ForeignKey("runs.run_id"), primary_key=True),
    sa.Column("key", sa.String(250), primary_key=True),
    sa.Column("timestamp", sa.BigInteger, primary_key=True),
    sa.Column("step", sa.BigInteger, primary_key=True),
    sa.Column("value", sa.Double, nullable=True),
    sa.Column("dataset_name", sa.String(500), nullable=True),
    sa.Column("dataset_digest", sa.String(36), nullable=True),
)
# which logged models a run used or made; direction is input or output
run_models = sa.Table(
    "run_models",
    metadata,
    sa.Column("run_id", sa.String(32), sa.ForeignKey("runs.run_id"), primary_key=True),
    sa.Column("direction", sa.String(8), primary_key=True),
    sa.Column("model_id", sa.String(34), primary_key=True),
    sa.Column("step", sa.BigInteger, primary_key=True),
)


def pair_is(table: sa.Table, key: str, value: str) -> sa.ColumnElement[bool]:
    """Return the condition that a row of ``params`` or ``tags`` is this one.

    PostgreSQL finds it by the start of the value, see the migrations.
    """
    column = table.c.value
    start = sa.func.substr(column, sa.literal_column("1"), sa.literal_column(f"{_START}"))
    return sa.and_(table.c.key == key, start == value[:_START], column == value)
