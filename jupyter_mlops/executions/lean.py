"""Keeps out of a run's process what its libraries would import and it never uses."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

# papermill's ways to notebooks in clouds, half of its import; and a grammar of web addresses that
# jsonschema, which nbformat brings, parses for a second if it is there
_UNUSED = ("azure", "boto3", "gcsfs", "github", "pyarrow", "rfc3987_syntax")


@contextmanager
def lean_imports() -> Iterator[None]:
    """Have what is imported in the block do without; its imports of these are optional."""
    hidden = [name for name in _UNUSED if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden, cast("ModuleType", None)))
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]
