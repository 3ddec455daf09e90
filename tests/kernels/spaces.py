"""Namespaces of which it is told what a cell has changed."""

from __future__ import annotations

from typing import Any

from jupyter_mlops.kernels.fingerprints import changes


class Space:
    """A namespace in which code runs; ``run`` returns what has changed."""

    def __init__(self, imports: str) -> None:
        self.names: dict[str, Any] = {}
        self.known: dict[str, str] = {}
        self.run(imports)

    def run(self, source: str, in_bulk: float = 60) -> dict[str, str | None]:
        exec(source, self.names)  # noqa: S102 - our own code
        return changes(self.names, {"__builtins__"}, (), 60, self.known, in_bulk)
