"""Rows of snapshots as those who look at them see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..core.clock import from_ms
from ..core.errors import ConflictError, InvalidInputError, NotFoundError
from ..tracking.manager import AUTOMATIC_EXPERIMENT, DEFAULT_EXPERIMENT
from . import store
from .schemas import Snapshot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Row

    from .schemas import Origin

_SHORTEST_PREFIX = 6


def experiment_of(origin: Origin) -> str:
    """Return where the run of a snapshot goes: those that nobody asked for have a place apart."""
    return AUTOMATIC_EXPERIMENT if origin in store.AUTOMATIC else DEFAULT_EXPERIMENT


def one(connection: Connection, snapshot_id: str) -> Row[Any]:
    """Return the row of a snapshot, by its id or the start of it.

    Raises:
        InvalidInputError, NotFoundError, ConflictError: it names none, or several.
    """
    if len(snapshot_id) < _SHORTEST_PREFIX:
        raise InvalidInputError(f"Give at least {_SHORTEST_PREFIX} digits of a snapshot's id.")
    rows = store.get(connection, snapshot_id)
    if not rows:
        raise NotFoundError(f"There is no snapshot {snapshot_id}.", snapshot_id=snapshot_id)
    if len(rows) > 1:
        raise ConflictError(f"Several snapshots start with {snapshot_id}. Give more digits.")
    return rows[0]


def shown(connection: Connection, rows: Sequence[Row[Any]]) -> list[Snapshot]:
    """Return rows of snapshots as those who look at them see them."""
    tags = store.tags(connection, [row.id for row in rows])
    return [_snapshot(row, tags[row.id]) for row in rows]


def _snapshot(row: Row[Any], tags: list[str]) -> Snapshot:
    # what was said at the snapshot is its note until another is written
    note = row.message if row.note is None else row.note
    values = dict(row._mapping)
    deleted = values.pop("deleted_at") is not None
    more = {"created_at": from_ms(row.created_at), "note": note or None, "tags": tags}
    return Snapshot.model_validate({**values, **more, "deleted": deleted})
