"""Where a store keeps its rows and its files, if not in its own folder, and for how long.

One file, ``config.toml`` in the store's folder, or environment variables, which go first; so the
server, the command line, papermill's engine and every child process find the same store.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from .errors import StoreUnavailableError

if TYPE_CHECKING:
    from pathlib import Path

FILE_NAME = "config.toml"


@dataclass(frozen=True)
class StoreSettings:
    """What a store's owner has set; None where it is as it comes.

    ``database_url`` is read from ``MLOPS_DATABASE_URL`` too, and so on.
    """

    database_url: str | None = None
    storage_url: str | None = None
    keep_automatic: str | None = None
    keep_data: str | None = None
    openlineage_url: str | None = None
    profiles: str | None = None


_KEYS = sorted(field.name for field in fields(StoreSettings))


def read_settings(store: Path) -> StoreSettings:
    """Return the settings of the store in folder ``store``.

    Raises:
        StoreUnavailableError: the file is not TOML, or has a key that there is not.
    """
    found = _read(store / FILE_NAME)
    return StoreSettings(
        **{key: os.environ.get(variable(key)) or found.get(key) or None for key in _KEYS}
    )


def variable(key: str) -> str:
    """Return the environment variable that goes before a key of the file."""
    return f"MLOPS_{key.upper()}"


def _read(file: Path) -> dict[str, str]:
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise StoreUnavailableError(
            f"The settings {file} cannot be read: {error}.", path=str(file)
        ) from error
    wrong = set(found) - set(_KEYS) | {
        key for key, value in found.items() if not isinstance(value, str)
    }
    if wrong:
        raise StoreUnavailableError(
            f"The settings {file} have {', '.join(sorted(wrong))}; "
            f"there are {', '.join(_KEYS)}, each a text.",
            path=str(file),
        )
    return found
