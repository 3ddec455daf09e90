"""Puts objects into a store; with a second folder, into copies of it, dying in each.

The n-th copy's process dies, as by ``kill -9``, at its n-th call to the disk or the
database.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

from jupyter_mlops.core.database import Database
from jupyter_mlops.objects.manager import ObjectManager
from tests.crashes import die_at_each_step
from tests.databases import where


def blobs() -> list[bytes]:
    """Return what is put: small, large and compressible objects."""
    noise = random.Random(1)  # noqa: S311
    return [b"small", b"", noise.randbytes(3000), noise.randbytes(1_500_000), bytes(2_000_000)]


def put(store: Path, rows: Path | str) -> None:
    """Put everything in one batch."""
    database = Database(rows)
    with ObjectManager(store / "objects", database).batch() as batch:
        for blob in blobs():
            batch.add_bytes(blob)
    database.close()


if __name__ == "__main__":
    folders = [Path(argument) for argument in sys.argv[1:]]
    if len(folders) == 1:
        put(folders[0], where(folders[0]))
    else:
        template, copies = folders
        die_at_each_step(lambda store: put(store, store / "mlops.db"), template, copies)
