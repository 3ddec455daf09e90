"""Whether this package is still the one that the process began with.

An update in place replaces the files under a server that runs. What it imports from then on would
be of another version than what it has, and fail in ways that nobody can make sense of.
"""

from __future__ import annotations

import os
from pathlib import Path

from .errors import OutdatedError

_MARK = Path(__file__).parent.parent / "__init__.py"


def _facts() -> tuple[int, int, int] | None:
    """Return what is another after any installation, even of the same version; None without one."""
    try:
        status = os.stat(_MARK)
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns


_begun = _facts()


def is_replaced() -> bool:
    """Tell whether the package was updated or removed since the process began."""
    return _facts() != _begun


def check_installed() -> None:
    """Refuse to import more of a package that was replaced.

    Raises:
        OutdatedError: it was.
    """
    if is_replaced():
        raise _outdated()


def explained(error: BaseException) -> BaseException:
    """Return what to tell of a surprise: where the package was replaced, that is behind it."""
    return _outdated() if is_replaced() else error


def _outdated() -> OutdatedError:
    return OutdatedError(
        "jupyter-mlops was updated, or removed, while this process was running. Restart the "
        "Jupyter server; if this was a command, call it again."
    )
