"""Names of deployments: they stand in URLs and in file names."""

from __future__ import annotations

import re

from ..core.errors import InvalidInputError

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
_LENGTH = 63


def check_name(name: str) -> str:
    """Return ``name`` if a deployment can be called so.

    Raises:
        InvalidInputError: it cannot.
    """
    if not _NAME.fullmatch(name):
        raise InvalidInputError(
            "A deployment's name has 1 to 63 letters from A to Z, digits, dots, dashes and "
            "underscores, and begins with a letter or digit.",
            name=name,
        )
    return name


def default_name(model_name: str) -> str:
    """Make a deployment's name from a model's.

    Raises:
        InvalidInputError: nothing that can stand in a URL is left of it.
    """
    name = re.sub(r"[^a-z0-9._-]+", "-", model_name.lower()).strip("-._")[:_LENGTH]
    if not name:
        raise InvalidInputError(
            f"No deployment name can be made from {model_name!r}. Give one of letters from "
            "A to Z and digits.",
            model_name=model_name,
        )
    return name
