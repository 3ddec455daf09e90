"""The fields of MLflow's search grammar for models and versions, and their conditions in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ..core import filters
from ..core.errors import InvalidInputError
from .store import model_version_tags, model_versions, registered_model_tags, registered_models

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import ColumnElement, Table

PROMPT_TAG = "mlflow.prompt.is_prompt"
_KINDS: dict[str, filters.Kind] = {
    **dict.fromkeys(("attribute", "attributes"), "attribute"),
    **dict.fromkeys(("tag", "tags"), "tag"),
}
MODEL_FIELDS = filters.Vocabulary(
    kinds=_KINDS,
    text={"name": filters.TEXT},
    numbers=frozenset({"timestamp"}),
    aliases={"last_updated_timestamp": "timestamp"},
    any_key={"tag": filters.OPTIONAL},
)
VERSION_FIELDS = filters.Vocabulary(
    kinds=_KINDS,
    text={"name": filters.LISTED, "run_id": filters.LISTED, "source_path": filters.LISTED},
    numbers=frozenset({"version_number", "creation_timestamp", "last_updated_timestamp"}),
    aliases={},
    any_key={"tag": filters.OPTIONAL},
)
MODEL_COLUMNS = {"name": registered_models.c.name, "timestamp": registered_models.c.updated_at}
UPDATED = sa.func.coalesce(model_versions.c.updated_at, model_versions.c.created_at)
VERSION_COLUMNS: dict[str, ColumnElement[Any]] = {
    "name": model_versions.c.name,
    "run_id": model_versions.c.run_id,
    "source_path": model_versions.c.source,
    "version_number": model_versions.c.version,
    "creation_timestamp": model_versions.c.created_at,
    "last_updated_timestamp": UPDATED,
}


def orders_of(
    order_by: Sequence[str],
    vocabulary: filters.Vocabulary,
    columns: Mapping[str, ColumnElement[Any]],
) -> list[ColumnElement[Any]]:
    """Return the ORDER BY of MLflow's clauses."""
    clauses: list[ColumnElement[Any]] = []
    for order in (order for text in order_by for order in filters.parse_orders(text, vocabulary)):
        if order.kind != "attribute":
            raise InvalidInputError("The registry is ordered by attributes, not by tags.")
        column = columns[order.key]
        clauses.append(column.asc() if order.ascending else column.desc())
    return clauses


def model_condition(comparison: filters.Comparison) -> ColumnElement[bool]:
    """Return what a comparison of registered models is in SQL."""
    if comparison.kind == "attribute":
        return filters.compare(MODEL_COLUMNS[comparison.key], comparison)
    same = registered_model_tags.c.name == registered_models.c.name
    return _tag_condition(registered_model_tags, comparison, same)


def version_condition(comparison: filters.Comparison) -> ColumnElement[bool]:
    """Return what a comparison of versions is in SQL."""
    if comparison.kind == "attribute":
        return filters.compare(VERSION_COLUMNS[comparison.key], comparison)
    table = model_version_tags.c
    same = sa.and_(table.name == model_versions.c.name, table.version == model_versions.c.version)
    return _tag_condition(model_version_tags, comparison, same)


def _tag_condition(
    table: Table, comparison: filters.Comparison, same: ColumnElement[bool]
) -> ColumnElement[bool]:
    rows = sa.select(sa.literal(1)).where(same, table.c.key == comparison.key)
    if comparison.key == PROMPT_TAG:  # clients ask for models by what is no prompt
        prompt = rows.where(table.c.value == "true").exists()
        asked = (comparison.operator, comparison.value) in {("=", "true"), ("!=", "false")}
        return prompt if asked else ~prompt
    if comparison.operator == "IS NULL":
        return ~rows.exists()
    if comparison.operator != "IS NOT NULL":
        rows = rows.where(filters.compare(table.c.value, comparison))
    return rows.exists()
