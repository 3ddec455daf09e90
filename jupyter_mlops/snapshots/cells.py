"""What notebooks have in them: as nbformat writes texts, papermill its cell, Python addresses."""

from __future__ import annotations

import re

INJECTED = "injected-parameters"
"""The tag of the cell in which papermill puts the values that a run is given."""

ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,}\b")
"""An address in memory, which is another one in each run."""


def joined(text: str | list[str]) -> str:
    """Return a text that nbformat may have cut into lines."""
    return text if isinstance(text, str) else "".join(text)
