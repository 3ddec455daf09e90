"""Names of models and aliases, by MLflow's rules (``mlflow.utils.validation``)."""

from __future__ import annotations

import re
import unicodedata

from ..core.errors import InvalidInputError

_MODEL_LENGTH = 256
_ALIAS_LENGTH = 255
_ALIAS = re.compile(r"[\w\-]+")
_VERSION_ALIAS = re.compile(r"[vV]\d+")
_UNPRINTABLE = {"Cc", "Cs", "Zl", "Zp"}


def check_model_name(name: str) -> None:
    """Refuse a name that a registered model cannot have.

    Raises:
        InvalidInputError: it is empty, too long, or has characters that break its URLs.
    """
    if not name.strip():
        raise InvalidInputError("Give the model a name.")
    if len(name) > _MODEL_LENGTH:
        raise InvalidInputError(f"A model's name has at most {_MODEL_LENGTH} characters.")
    if "/" in name or ":" in name or name in {".", ".."}:
        raise InvalidInputError(f"The model name {name!r} must not contain / or :.", name=name)
    if any(unicodedata.category(character) in _UNPRINTABLE for character in name):
        raise InvalidInputError(f"The model name {name!a} contains a control character.")


def check_alias(alias: str) -> None:
    """Refuse a text that cannot be an alias.

    Raises:
        InvalidInputError: it is empty, too long, reserved, or has other characters than
            letters, digits, ``_`` and ``-``.
    """
    if len(alias) > _ALIAS_LENGTH:
        raise InvalidInputError(f"An alias has at most {_ALIAS_LENGTH} characters.")
    if not _ALIAS.fullmatch(alias):
        raise InvalidInputError(
            f"The alias {alias!a} must consist of letters, digits, underscores and hyphens."
        )
    if alias.lower() == "latest" or _VERSION_ALIAS.fullmatch(alias):
        raise InvalidInputError(
            f"The alias {alias!r} is reserved: latest and v<number> always mean a version.",
            alias=alias,
        )
