"""Masks secrets in the texts that clients log: params, tags, names, descriptions, sources.

Metrics, files and what things are found by stay as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator

from ..snapshots.masking import MASK, Masker
from ..snapshots.secret_patterns import is_known_secret

if TYPE_CHECKING:
    from pydantic import ValidationInfo

_SHORTEST = 8  # in which a pattern finds something


def masked(text: str) -> str:
    """Return a text with its secrets masked."""
    return text if len(text) < _SHORTEST else Masker().text(text, "api")


def masked_value(value: str, info: ValidationInfo) -> str:
    """Return a value with its secrets masked, all of it where its key says that it is one."""
    return MASK if is_known_secret(info.data.get("key", ""), value) else masked(value)


MaskedText = Annotated[str, AfterValidator(masked)]
MaskedValue = Annotated[str, AfterValidator(masked_value)]
"""Stands behind the field ``key``."""
