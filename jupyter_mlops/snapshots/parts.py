"""What takes the parts of a snapshot while it is captured: the store, or nothing that lasts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable
    from pathlib import Path

    from ..objects.schemas import StoredFile, StoredTree


class Parts(Protocol):
    """Takes contents and names them by their digests; see ``objects.batch.Batch``."""

    def add_bytes(self, data: bytes) -> str:
        """Take ``data`` and return its id."""

    def add_file(self, path: Path, *, keep: bool = True) -> StoredFile:
        """Take a file, or only its digest."""

    def add_tree(
        self,
        folder: Path,
        *,
        files: Iterable[tuple[str, os.stat_result]] | None = None,
        whole: bool = True,
        limit: int | None = None,
    ) -> StoredTree:
        """Take a folder; of one that is larger than ``limit`` only the digests."""
