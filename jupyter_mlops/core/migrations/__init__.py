"""Schema versions of the database (Alembic); ``HEAD`` is the one this code needs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import StoreUnavailableError

if TYPE_CHECKING:
    from sqlalchemy import Connection

HEAD = "0010"


def upgrade(connection: Connection) -> None:
    """Bring the database to ``HEAD`` in the transaction that was begun on ``connection``."""
    from alembic import command  # noqa: PLC0415 - half a second, needed once in a store's life
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, HEAD)


def check_version(version: str, name: str) -> bool:
    """Tell whether a database of ``version`` has to be migrated.

    Raises:
        StoreUnavailableError: a newer version of this package wrote it.
    """
    if version > HEAD:
        raise StoreUnavailableError(
            f"The {name} was made by a newer jupyter-mlops. Update this one.", database=name
        )
    return version < HEAD
