"""Opening the database of a project, and making sure that it is the one of the project's files.

The index of objects and the rows of runs are worth nothing without the files they name. So a
database knows the place of its files, and a server with another place is sent away before it
writes a row.
"""

from __future__ import annotations

import socket
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from .database import Database, insert, metadata
from .errors import StoreUnavailableError
from .remote import check_url

if TYPE_CHECKING:
    from .project import Project

HERE = "here"
"""The place of files that are in the folder of the SQLite file, wherever that is moved to."""

places = sa.Table(
    "places",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("place", sa.Text, nullable=False),
    sa.Column("described", sa.Text, nullable=False),
)


def open_database(project: Project) -> Database:
    """Return the rows of a project; its store's folder is made.

    Of a store that is read-only they can only be read.

    Raises:
        InvalidInputError: one of the store's URLs is none that we know.
        StoreUnavailableError: it cannot be opened, or the files it knows are in another place.
    """
    read_only = project.is_read_only
    if not read_only:
        project.prepare()
    database = Database(project.database, read_only=read_only)
    try:
        _check(database, *_place(project))
    except BaseException:
        database.close()
        raise
    return database


def _place(project: Project) -> tuple[str, str]:
    url = project.settings.storage_url
    if url:
        place = check_url(url)
        return place, place
    described = f"{socket.gethostname()}:{project.store}"
    return HERE if isinstance(project.database, Path) else project.store_id(), described


def _check(database: Database, place: str, described: str) -> None:
    query = sa.select(places)
    with database.read() as connection:
        known = connection.execute(query).first()
    if known is None and not database.read_only:
        row = {"number": 0, "place": place, "described": described}
        with database.write() as connection:
            connection.execute(insert(connection, places).on_conflict_do_nothing(), row)
            known = connection.execute(query).one()
    if known is not None and known.place != place:
        raise StoreUnavailableError(
            f"The {database.name} belongs to the files in {known.described}; this store's are in "
            f"{described}. Servers that share a database share the files too: give all of them "
            "the same storage_url, or this one a database of its own.",
            database=database.name,
        )
