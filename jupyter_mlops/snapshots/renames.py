"""Which notebook a path names, over renames.

A snapshot says where its notebook was and never changes; ``notebooks`` says where it is now.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from ..core.database import insert
from .tables import notebooks

if TYPE_CHECKING:
    from sqlalchemy import Connection


def notebook_at(connection: Connection, path: str) -> int | None:
    """Return the notebook that is at ``path`` now, None if it has no snapshots."""
    query = sa.select(notebooks.c.notebook_id).where(notebooks.c.path == path)
    return connection.execute(query).scalar()


def ensure(connection: Connection, path: str) -> int:
    """Return the notebook that is at ``path`` now, made if it is new."""
    row = insert(connection, notebooks).values(path=path)
    connection.execute(row.on_conflict_do_nothing(index_elements=["path"]))
    query = sa.select(notebooks.c.notebook_id).where(notebooks.c.path == path)
    return int(connection.execute(query).scalar_one())


def move(connection: Connection, old: str, new: str) -> dict[int, str]:
    """Move the notebook at ``old``, or all below it if it is a folder, and say where they are now.

    What was at a new path is no longer anywhere: its file has been replaced.
    """
    query = sa.select(notebooks.c.notebook_id, notebooks.c.path).where(
        sa.or_(notebooks.c.path == old, notebooks.c.path.startswith(f"{old}/", autoescape=True))
    )
    moved = {row.notebook_id: new + row.path[len(old) :] for row in connection.execute(query)}
    change = sa.update(notebooks)
    for notebook_id, path in moved.items():
        connection.execute(change.where(notebooks.c.path == path).values(path=None))
        connection.execute(change.where(notebooks.c.notebook_id == notebook_id).values(path=path))
    return moved
