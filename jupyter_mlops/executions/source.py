"""Reads the notebook that is to be run, before anything begins, and says what is wrong with it."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import nbformat
from papermill.iorw import load_notebook_node

from ..core.errors import InvalidInputError, StoreUnavailableError

_UNREADABLE = (
    *(ValueError, LookupError, TypeError, AttributeError, RecursionError),
    nbformat.ValidationError,
)


def read(path: str) -> Any:
    """Return a notebook as papermill loads it; old formats are converted.

    Raises:
        InvalidInputError: it is not a notebook.
        StoreUnavailableError: it cannot be read.
    """
    name = Path(path).name
    try:
        with warnings.catch_warnings(action="ignore"):  # of another extension than .ipynb
            notebook = load_notebook_node(path)
    except nbformat.reader.NotJSONError as error:
        raise InvalidInputError(f"{name} is not a notebook: it is not JSON.") from error
    except UnicodeDecodeError as error:
        raise InvalidInputError(f"{name} is not a notebook: it is not text.") from error
    except _UNREADABLE as error:
        raise InvalidInputError(
            f"{name} is not a notebook that can be run: {type(error).__name__}: {error}"
        ) from error
    except OSError as error:
        raise StoreUnavailableError(f"{name} cannot be read: {error.strerror}.") from error
    if not isinstance(notebook.get("cells"), list):
        raise InvalidInputError(f"{name} is not a notebook: it has no cells.")
    return notebook
