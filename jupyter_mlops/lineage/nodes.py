"""Nodes made of rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..core.clock import from_ms
from .names import node_id
from .schemas import LineageNode

if TYPE_CHECKING:
    from sqlalchemy import Row

    from .data_store import Use


def notebook_node(path: str, head: Row[Any] | None = None) -> LineageNode:
    """Return a notebook's node, with the run of its newest snapshot where that is known."""
    return LineageNode(
        id=node_id("notebook", path),
        kind="notebook",
        name=path,
        run_id=head.run_id if head else None,
        created_at=from_ms(head.created_at) if head else None,
    )


def snapshot_node(row: Row[Any]) -> LineageNode:
    """Return the node of a snapshot and its run."""
    return LineageNode(
        id=node_id("snapshot", row.id),
        kind="snapshot",
        name=row.id,
        run_id=row.run_id,
        grade=row.grade,
        status=row.status,
        created_at=from_ms(row.created_at),
    )


def version_node(row: Row[Any]) -> LineageNode:
    """Return the node of a model's version."""
    return LineageNode(
        id=node_id("version", (row.name, row.version)),
        kind="version",
        name=row.name,
        version=row.version,
        run_id=row.run_id,
        created_at=from_ms(row.created_at),
    )


def deployment_node(row: Row[Any]) -> LineageNode:
    """Return a deployment's node, with the model and version that it serves."""
    return LineageNode(
        id=node_id("deployment", row.name),
        kind="deployment",
        name=row.name,
        desired=row.desired,
        created_at=from_ms(row.updated_at),
    )


def data_node(path: str) -> LineageNode:
    """Return the node of a datum of which only the path is known."""
    return LineageNode(id=node_id("data", path), kind="data", name=path)


def used_node(use: Row[Any] | Use, created_at: int) -> LineageNode:
    """Return a datum's node as a snapshot of ``created_at`` used it."""
    found = {
        "data_kind": use.kind,
        "digest": use.digest,
        "whole": use.whole,
        "created_at": from_ms(created_at),
    }
    return data_node(use.path).model_copy(update=found)
