"""Rows of what runs used and made: datasets and logged models."""

from __future__ import annotations

import uuid
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ..core.database import chunked, insert
from .entities import DatasetInput, ModelLink
from .tables import datasets, run_input_tags, run_inputs, run_models

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection


_RUN_IDS: sa.BindParameter[Any] = sa.bindparam("run_ids", expanding=True)
_READ = (
    sa.select(run_inputs.c.run_id, *datasets.c)
    .join(datasets, datasets.c.dataset_id == run_inputs.c.dataset_id)
    .where(run_inputs.c.run_id.in_(_RUN_IDS))
    .order_by(datasets.c.name, datasets.c.digest)
)
_TAGGED = (
    sa.select(run_input_tags)
    .where(run_input_tags.c.run_id.in_(_RUN_IDS))
    .order_by(run_input_tags.c.key)
)
_LINKED = (
    sa.select(run_models)
    .where(run_models.c.run_id.in_(_RUN_IDS))
    .order_by(run_models.c.step, run_models.c.model_id)
)


def put_datasets(
    connection: Connection, run_id: str, experiment_id: int, inputs: Iterable[DatasetInput]
) -> None:
    """Record which datasets a run read; what is recorded already stays as it is."""
    for item in inputs:
        values = {
            "experiment_id": experiment_id,
            "name": item.name,
            "digest": item.digest,
            "source_type": item.source_type,
            "source": item.source,
            "schema": item.schema,
            "profile": item.profile,
        }
        connection.execute(
            insert(connection, datasets)
            .values(dataset_id=uuid.uuid4().hex, **values)
            .on_conflict_do_nothing()
        )
        same = [datasets.c[name] == values[name] for name in ("experiment_id", "name", "digest")]
        dataset_id = connection.execute(sa.select(datasets.c.dataset_id).where(*same)).scalar_one()
        row = {"run_id": run_id, "dataset_id": dataset_id}
        statement = insert(connection, run_inputs).values(row).on_conflict_do_nothing()
        added = connection.execute(statement.returning(run_inputs.c.run_id)).first()
        if added and item.tags:
            tags = [row | {"key": key, "value": value} for key, value in item.tags.items()]
            connection.execute(sa.insert(run_input_tags), tags)


def get_datasets(
    connection: Connection, run_ids: Sequence[str]
) -> defaultdict[str, list[DatasetInput]]:
    """Return the datasets that runs read, by run."""
    found: defaultdict[str, dict[str, DatasetInput]] = defaultdict(dict)
    for chunk in chunked(run_ids):
        for row in connection.execute(_READ, {"run_ids": chunk}):
            found[row.run_id][row.dataset_id] = DatasetInput(
                row.name, row.digest, row.source_type, row.source, row.schema, row.profile
            )
        if not found:
            continue
        for row in connection.execute(_TAGGED, {"run_ids": chunk}):
            found[row.run_id][row.dataset_id].tags[row.key] = row.value
    return defaultdict(list, {run_id: list(items.values()) for run_id, items in found.items()})


def put_models(
    connection: Connection, run_id: str, direction: str, links: Iterable[ModelLink]
) -> None:
    """Record which logged models a run used (``input``) or made (``output``)."""
    rows = [
        {"run_id": run_id, "direction": direction, "model_id": link.model_id, "step": link.step}
        for link in links
    ]
    if rows:
        connection.execute(insert(connection, run_models).on_conflict_do_nothing(), rows)


def get_models(
    connection: Connection, run_ids: Sequence[str]
) -> defaultdict[tuple[str, str], list[ModelLink]]:
    """Return the logged models of runs, by run and direction."""
    found: defaultdict[tuple[str, str], list[ModelLink]] = defaultdict(list)
    for chunk in chunked(run_ids):
        for row in connection.execute(_LINKED, {"run_ids": chunk}):
            found[row.run_id, row.direction].append(ModelLink(row.model_id, row.step))
    return found
